/** Codes of the API in words. An unknown code is shown as it is, with its underscores as spaces. */
export function words(code: string | null | undefined): string {
  if (!code) return '—'
  const text = code.replaceAll('_', ' ').toLowerCase()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })

export function countryName(code: string | null | undefined): string {
  if (!code) return '—'
  return /^[A-Za-z]{2}$/.test(code) ? (regions.of(code.toUpperCase()) ?? code) : code
}
