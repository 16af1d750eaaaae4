import type { CSSProperties, ReactNode, Ref } from 'react'

interface ScrollRegionProps {
  label: string
  className?: string
  style?: CSSProperties
  ref?: Ref<HTMLDivElement>
  isVirtual?: boolean
  children: ReactNode
}

/** A part that scrolls by itself, and that whoever has no mouse can scroll too. */
export const ScrollRegion = ({ label, className, style, ref, isVirtual, children }: ScrollRegionProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a section would need a heading; the label is its name.
  <div
    ref={ref}
    className={className}
    style={style}
    data-virtual={isVirtual || undefined}
    role="region"
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll what has the focus.
    tabIndex={0}
  >
    {children}
  </div>
)
