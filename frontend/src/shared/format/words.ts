/** Codes of the API in words. An unknown code is shown as it is, with its underscores as spaces. */
export function words(code: string | null | undefined): string {
  if (!code) return '—'
  const text = code.replaceAll('_', ' ').toLowerCase()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Reasons come without a capital and without a full stop, so that they fit into others; here they stand alone. */
export function asSentence(reason: string): string {
  const begun = reason.charAt(0).toUpperCase() + reason.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

let regions: Intl.DisplayNames | undefined

export function countryName(code: string | null | undefined): string {
  if (!code) return '—'
  if (!/^[A-Za-z]{2}$/.test(code)) return code
  // Made at the first use: it takes as long as drawing a page.
  regions ??= new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })
  return regions.of(code.toUpperCase()) ?? code
}
