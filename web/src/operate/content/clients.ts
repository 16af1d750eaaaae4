/** What a mail client does to a mail's colors in the dark: what the mail says, its own thing, or nothing. */
type Dark = 'own' | 'turned' | 'none'

interface Client {
  width: number
  dark: Dark
}

/** Mail clients as a mail meets them: how wide they show it, in CSS pixels, by what they run on. */
export const CLIENTS = {
  desktop: {
    browser: { width: 1024, dark: 'none' },
    appleMac: { width: 800, dark: 'own' },
    outlook: { width: 640, dark: 'turned' },
  },
  mobile: {
    iphone: { width: 390, dark: 'own' },
    gmailAndroid: { width: 412, dark: 'turned' },
    smallPhone: { width: 320, dark: 'own' },
    tablet: { width: 768, dark: 'own' },
  },
} as const satisfies Record<string, Record<string, Client>>

export type Device = keyof typeof CLIENTS
export type ClientName = { [Each in Device]: keyof (typeof CLIENTS)[Each] }[Device]

const ALL: Record<ClientName, Client> = { ...CLIENTS.desktop, ...CLIENTS.mobile }

export const clientOf = (name: ClientName): Client => ALL[name]
export const clientsOf = (device: Device): ClientName[] => Object.keys(CLIENTS[device]) as ClientName[]

const DARK_PAGE = 'html{color-scheme:dark;background:#14171a}'
// Clients that change colors by themselves turn light and dark around, and leave pictures alone.
const TURNED =
  'html{background:#fff;filter:invert(0.92) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}'

/** A mail as a client shows it where everything is dark. */
export const inTheDark = (html: string, dark: Dark): string => {
  if (dark === 'none') return html
  if (dark === 'turned') return html.replace('</head>', `<style>${TURNED}</style></head>`)
  return html
    .replaceAll('@media (prefers-color-scheme: dark)', '@media all')
    .replace('</head>', `<style>${DARK_PAGE}</style></head>`)
}

/** How much smaller a client is drawn so that all of its width can be seen. */
export const fitting = (width: number, room: number): number => (room > 0 ? Math.min(1, room / width) : 1)
