/** How the rows of each kind read. */
import type { CostEntry } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { Amount } from '@/shared/ui/Amount'
import type { Column } from '@/shared/ui/data-columns'
import type { ListKind } from './kinds'

type Of<K extends CostEntry['kind']> = Extract<CostEntry, { kind: K }>
type Cell<K extends CostEntry['kind']> = (row: Of<K>, currency: string) => React.ReactNode

const CADENCE = { day: 'a day', week: 'seven days', month: 'a month', once: 'the whole span' } as const

function column<K extends CostEntry['kind']>(
  kind: K,
  currency: string,
  cell: Cell<K>,
  rest: Omit<Column<CostEntry>, 'cell'>,
): Column<CostEntry> {
  return {
    ...rest,
    cell: row => (row.kind === kind ? cell(row as Of<K>, currencyOf(row) ?? currency) : null),
  }
}

function currencyOf(row: CostEntry): string | null | undefined {
  return 'currency' in row ? row.currency : null
}

function since(day: string | null | undefined): string {
  return day ? `from ${day}` : 'since ever'
}

function band(
  from: string | number | null | undefined,
  below: string | number | null | undefined,
  unit: string,
) {
  if (from == null && below == null) return null
  return `${from ?? 0}–${below ?? '∞'} ${unit}`
}

export function columnsOf(kind: ListKind, store: string): Column<CostEntry>[] {
  switch (kind) {
    case 'shipping_rate':
      return [
        column(
          kind,
          store,
          row => <Main text={row.country ?? 'Rest of the world'} note={since(row.valid_from)} />,
          {
            id: 'country',
            header: 'Country',
          },
        ),
        column(kind, store, row => band(row.min_grams, row.max_grams, 'g') ?? 'any', {
          id: 'weight',
          header: 'Weight',
          from: 'sm',
        }),
        column(kind, store, (row, currency) => band(row.min_value, row.max_value, currency) ?? 'any', {
          id: 'value',
          header: 'Order value',
          from: 'md',
        }),
        column(
          kind,
          store,
          (row, currency) => (
            <>
              <Amount value={row.amount} currency={currency} className="font-semibold" />
              <span className="block text-xs text-faint">{row.per === 'item' ? 'a unit' : 'an order'}</span>
            </>
          ),
          { id: 'amount', header: 'Cost', align: 'right' },
        ),
      ]
    case 'fee_rule':
      return [
        column(kind, store, row => <Main text={row.gateway} note={since(row.valid_from)} />, {
          id: 'gateway',
          header: 'Gateway',
        }),
        column(
          kind,
          store,
          (row, currency) => (
            <span className="numeral font-semibold">
              {row.percent}
              {'\u202f'}% + {money(row.fixed, currency)}
            </span>
          ),
          { id: 'fee', header: 'Fee', align: 'right' },
        ),
      ]
    case 'ad_spend':
      return [
        column(kind, store, row => <Main text={row.day} note={row.campaign ?? undefined} />, {
          id: 'day',
          header: 'Day',
        }),
        column(kind, store, row => row.channel, { id: 'channel', header: 'Channel' }),
        column(
          kind,
          store,
          (row, currency) => <Amount value={row.amount} currency={currency} className="font-semibold" />,
          { id: 'amount', header: 'Spent', align: 'right' },
        ),
      ]
    case 'fixed_cost':
      return [
        column(
          kind,
          store,
          row => <Main text={row.name} note={`from ${row.from}${row.to ? ` to ${row.to}` : ''}`} />,
          { id: 'name', header: 'Name' },
        ),
        column(
          kind,
          store,
          (row, currency) => (
            <>
              <Amount value={row.amount} currency={currency} className="font-semibold" />
              <span className="block text-xs text-faint">{CADENCE[row.cadence]}</span>
            </>
          ),
          { id: 'amount', header: 'Amount', align: 'right' },
        ),
      ]
  }
}

function Main({ text, note }: { text: string; note?: string | undefined }) {
  return (
    <>
      <span className="font-semibold">{text}</span>
      {note && <span className="block text-xs text-faint">{note}</span>}
    </>
  )
}
