/** A name for the API made of a label: "Age band" becomes age_band; nothing of one in Chinese. */
export const slugOf = (label: string): string =>
  label
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
