import type { ReactNode } from 'react'
import type { CustomerOverview } from '@/shared/api/types'
import { count, money, share } from '@/shared/format/money'
import { Absent } from '@/shared/ui/Amount'
import { estimateText } from './words'

interface CustomerTilesProps {
  overview: CustomerOverview
  /** Opens the passport of a figure. */
  onExplain: (figure: string) => void
}

export function CustomerTiles({ overview, onExplain }: CustomerTilesProps) {
  const { range, currency } = overview
  return (
    <ul
      aria-label="Key figures"
      className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 lg:grid-cols-5"
    >
      <Tile
        label="Customers who ordered"
        onOpen={() => onExplain('customers')}
        note={`${count(range.orders)} orders`}
      >
        {count(range.customers)}
      </Tile>
      <Tile label="New" onOpen={() => onExplain('new_customers')} note="First order in this period">
        {count(range.new_customers)}
      </Tile>
      <Tile
        label="Returning"
        onOpen={() => onExplain('returning_customer_rate')}
        note={`${share(range.returning_customer_rate)} of who ordered, as Shopify counts`}
      >
        {count(range.returning_customers)}
      </Tile>
      <Tile
        label="Repeat rate"
        note={`Of ${count(overview.lifetime.customers)} customers ever, those with two orders or more`}
      >
        {overview.repeat_rate == null ? (
          <Absent reason="Nobody has ordered yet." />
        ) : (
          share(overview.repeat_rate)
        )}
      </Tile>
      <LtvTile overview={overview} currency={currency} onExplain={onExplain} />
    </ul>
  )
}

function LtvTile({ overview, currency, onExplain }: CustomerTilesProps & { currency: string }) {
  const ltv = overview.ltv_90
  const observed = ltv?.observed
  const note = observed
    ? `${estimateText(observed, currency)}${coverageText(ltv.coverage)}`
    : (ltv?.reason ?? 'Nobody has ordered yet')
  return (
    <Tile label="LTV after 90 days" note={note} onOpen={() => onExplain('ltv_90')}>
      {observed ? (
        money(observed.value, currency)
      ) : (
        <Absent reason={ltv?.reason ?? 'Nobody has ordered yet.'} />
      )}
    </Tile>
  )
}

function coverageText(coverage: number | null | undefined): string {
  if (coverage == null) return ''
  return coverage >= 1 ? ', all costs known' : `, costs known for ${share(coverage)} of revenue`
}

interface TileProps {
  label: string
  note: string
  onOpen?: () => void
  children: ReactNode
}

/** The label opens the passport: the value may hold a button of its own that says why there is none. */
function Tile({ label, note, onOpen, children }: TileProps) {
  return (
    <li className="sheet flex flex-col p-3.5">
      {onOpen ? (
        <button
          type="button"
          onClick={onOpen}
          className="min-h-6 self-start text-left text-sm text-soft underline decoration-dotted underline-offset-4 hover:text-ink"
        >
          {label}
        </button>
      ) : (
        <span className="min-h-6 text-sm text-soft">{label}</span>
      )}
      <span className="mt-0.5 text-lg font-semibold wrap-anywhere">{children}</span>
      <span className="mt-auto pt-1.5 text-xs text-faint">{note}</span>
    </li>
  )
}
