/** Only a path of this site may be gone to after signing in. */
export const safePath = (next: string | undefined): string =>
  next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/'
