/** What is moved: amounts as they are typed, and percent of what a campaign spends. */
import { digitsOf, units } from '@/shared/format/units'
import type { Asked } from './queries'

export const LEVERS = ['price', 'unit_cost', 'shipping'] as const
export type Lever = (typeof LEVERS)[number]
export type Moves = Partial<Record<Lever, string>>

/** How far a slider goes from where it stands. */
export const FURTHEST = 0.3

/** The least step, both ends and the place of a slider, in the smallest units; `null` where nothing is known to move. */
export function sliderOf(now: string | null | undefined, moved: string | undefined, currency: string) {
  if (now == null) return null
  const digits = digitsOf(currency)
  const at = units(now, Math.max(digits, 2))
  if (at === null) return null
  const scale = 10 ** (Math.max(digits, 2) - digits)
  const stands = Math.round(Number(at) / scale)
  const wanted = moved === undefined ? BigInt(stands) : units(moved, digits)
  const width = Math.max(Math.round(stands * FURTHEST), 1)
  const low = Math.max(stands - width, 0)
  const high = stands + width
  const place = wanted === null ? stands : Number(wanted)
  return { low, high, stands, place: Math.min(Math.max(place, low), high) }
}

export function amountOf(minor: number, currency: string): string {
  const digits = digitsOf(currency)
  return (minor / 10 ** digits).toFixed(digits)
}

/** Why an amount cannot be asked about, or nothing. */
export function faultOf(text: string | undefined, currency: string): string | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const value = units(text, digitsOf(currency))
  if (value === null) return 'Enter an amount.'
  return value < 0n ? 'Not below nothing.' : undefined
}

/** What the server is asked; what stands as it is, is left out. */
export function askedOf(
  storeId: string,
  variant: string | undefined,
  moves: Moves,
  campaign: { account: string; id: string; change: number } | null,
  currency: string,
): Asked {
  const moved = LEVERS.filter(lever => moves[lever]?.trim() && !faultOf(moves[lever], currency))
  return {
    store_id: storeId,
    ...(variant && { variant_id: variant }),
    ...(variant && Object.fromEntries(moved.map(lever => [lever, moves[lever]?.trim().replace(',', '.')]))),
    ...(campaign &&
      campaign.change !== 0 && {
        account_id: campaign.account,
        campaign_id: campaign.id,
        spend_change: String(campaign.change),
      }),
  }
}
