import type { ReactNode } from 'react'
import type { CustomerOverview } from '@/shared/api/types'
import { count, money, share } from '@/shared/format/money'
import { Absent } from '@/shared/ui/Amount'
import { estimateText } from './words'

export function CustomerTiles({ overview }: { overview: CustomerOverview }) {
  const { range, currency } = overview
  return (
    <ul
      aria-label="Key figures"
      className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 lg:grid-cols-5"
    >
      <Tile label="Customers who ordered" note={`${count(range.orders)} orders`}>
        {count(range.customers)}
      </Tile>
      <Tile label="New" note="First order in this period">
        {count(range.new_customers)}
      </Tile>
      <Tile
        label="Returning"
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
      <LtvTile overview={overview} currency={currency} />
    </ul>
  )
}

function LtvTile({ overview, currency }: { overview: CustomerOverview; currency: string }) {
  const ltv = overview.ltv_90
  const observed = ltv?.observed
  const note = observed
    ? `${estimateText(observed, currency)}${coverageText(ltv.coverage)}`
    : (ltv?.reason ?? 'Nobody has ordered yet')
  return (
    <Tile label="LTV after 90 days" note={note}>
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

function Tile({ label, note, children }: { label: string; note: string; children: ReactNode }) {
  return (
    <li className="sheet flex flex-col p-3.5">
      <span className="text-sm text-soft">{label}</span>
      <span className="mt-0.5 text-lg font-semibold wrap-anywhere">{children}</span>
      <span className="mt-auto pt-1.5 text-xs text-faint">{note}</span>
    </li>
  )
}
