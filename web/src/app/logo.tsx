/** The mark: a propeller whose blades are the three domains. */
export const Logo = ({ size = 26 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <g transform="translate(16 16)">
      <path d="M0-3C4-5 5.6-10 3.2-14.4 1.6-15.6-1-15.2-1.8-13.4-3-10-2.6-6 0-3Z" fill="#5AA2F0" />
      <path
        d="M0-3C4-5 5.6-10 3.2-14.4 1.6-15.6-1-15.2-1.8-13.4-3-10-2.6-6 0-3Z"
        fill="#EFA43C"
        transform="rotate(120)"
      />
      <path
        d="M0-3C4-5 5.6-10 3.2-14.4 1.6-15.6-1-15.2-1.8-13.4-3-10-2.6-6 0-3Z"
        fill="#3FB39F"
        transform="rotate(240)"
      />
      <circle r="3.1" fill="#fff" />
    </g>
  </svg>
)
