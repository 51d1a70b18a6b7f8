/** Where things stand on the timeline of cover, in days from today, and what it says in words. */
import type { InventoryItem } from '@/shared/api/types'
import { daysBetween } from '@/shared/format/time'
import { plural } from '@/shared/format/words'

export interface CoverRow {
  item: InventoryItem
  /** Days until it is expected to be out; null: longer than anybody looks. */
  out: number | null
  earliest: number | null
  latest: number | null
  lead: { mean: number; sd: number } | null
  /** Out before an order of today would be there. */
  late: boolean
}

const SHORTEST = 14
const LONGEST = 56

/** Only what is counted and forecast can be drawn. */
export function rowsOf(items: InventoryItem[], today: string): CoverRow[] {
  return items
    .filter(item => item.urgency !== 'unknown')
    .map(item => {
      const until = (day: string | null | undefined) => (day ? Math.max(0, daysBetween(today, day)) : null)
      const out = item.urgency === 'out' ? 0 : (item.cover_days ?? until(item.stock_out?.expected))
      const lead = item.lead_time ? { mean: item.lead_time.mean_days, sd: item.lead_time.sd_days } : null
      return {
        item,
        out,
        earliest: item.urgency === 'out' ? 0 : until(item.stock_out?.earliest),
        latest: item.urgency === 'out' ? 0 : until(item.stock_out?.latest),
        lead,
        late: out !== null && lead !== null && out < lead.mean,
      }
    })
}

/** How many days are drawn: as far as lead times and stock-outs reach, within reason, in whole weeks. */
export function horizonOf(rows: CoverRow[]): number {
  const reach = rows.flatMap(({ latest, out, lead }) => [latest ?? out ?? 0, lead ? lead.mean + lead.sd : 0])
  const wanted = Math.min(LONGEST, Math.max(SHORTEST, ...reach))
  return Math.ceil(wanted / 7) * 7
}

const NAMED = 3

export function summaryOf(rows: CoverRow[]): string {
  if (rows.length === 0) return 'There is nothing to draw.'
  const late = rows.filter(row => row.late)
  const unset = rows.filter(row => row.lead === null).length
  const names = late.slice(0, NAMED).map(row => row.item.title)
  const more = late.length - names.length
  const first =
    late.length === 0
      ? `None of these ${rows.length} ${plural(rows.length, 'is', 'are')} known to run out before an order of today would arrive.`
      : `${late.length} of these ${rows.length} ${plural(late.length, 'runs', 'run')} out before an order of today would arrive: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
  return unset === 0 ? first : `${first} ${unset} ${plural(unset, 'has', 'have')} no lead time.`
}
