import type { Pulse, Row } from '@/shared/api/types'
import { Sparkline } from '@/shared/charts/Sparkline'
import { knownShare } from '@/shared/figures/coverage'
import { type AmountField, figureOf } from '@/shared/figures/glossary'
import { count, money, share } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { type Better, Change, relativeChange } from '@/shared/ui/Change'

const FIELDS: AmountField[] = ['net_sales', 'cm1', 'cost_of_goods', 'returns', 'payment_fees']
const COSTED = new Set<AmountField>(['cm1', 'cost_of_goods'])

interface KpiTilesProps {
  pulse: Pulse
  onExplain: (field: AmountField) => void
}

export function KpiTiles({ pulse, onExplain }: KpiTilesProps) {
  return (
    <ul
      aria-label="Key figures"
      className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 lg:grid-cols-6"
    >
      <OrdersTile pulse={pulse} />
      {FIELDS.map(field => (
        <li key={field} className="grid">
          <button
            type="button"
            onClick={() => onExplain(field)}
            className="sheet flex flex-col items-stretch p-3.5 text-left transition-colors hover:border-edge"
          >
            <Tile
              label={figureOf(field).label}
              value={money(pulse.total[field], pulse.currency)}
              note={pulse.total[field] == null ? pulse.unavailable[field] : noteFor(field, pulse)}
              change={relativeChange(pulse.total[field], pulse.comparison?.total[field])}
              better={figureOf(field).better}
              spark={pulse.series.map(row => ({ day: row.day, value: row[field] }))}
            />
          </button>
        </li>
      ))}
    </ul>
  )
}

function OrdersTile({ pulse }: { pulse: Pulse }) {
  const now = pulse.total.orders
  const before = pulse.comparison?.total.orders
  return (
    <li className="sheet flex flex-col p-3.5">
      <Tile
        label="Orders"
        value={count(now)}
        note={`${count(pulse.total.units)} units`}
        change={relativeChange(String(now), before == null ? null : String(before))}
        better="up"
        spark={pulse.series.map((row: Row & { day: string }) => ({
          day: row.day,
          value: String(row.orders),
        }))}
      />
    </li>
  )
}

interface TileProps {
  label: string
  value: string
  note: string | undefined
  change: number | null
  better: Better
  spark: { day: string; value: string | null | undefined }[]
}

function Tile({ label, value, note, change, better, spark }: TileProps) {
  return (
    <>
      <span className="text-sm text-soft">{label}</span>
      <span className="mt-0.5 flex flex-wrap items-baseline gap-x-2">
        <span className="text-lg font-semibold wrap-anywhere">{value}</span>
        <Change value={change} better={better} against="the comparison" />
      </span>
      <span className="mt-auto pt-2">
        <Sparkline values={spark} />
      </span>
      <span className="mt-1 text-xs text-faint">{note}</span>
    </>
  )
}

function noteFor(field: AmountField, pulse: Pulse): string {
  if (COSTED.has(field)) return `${share(knownShare(pulse.coverage.cost))} covered`
  if (field === 'payment_fees') return `${share(knownShare(pulse.coverage.fees))} covered`
  return `as of ${ageText(pulse.as_of)}`
}
