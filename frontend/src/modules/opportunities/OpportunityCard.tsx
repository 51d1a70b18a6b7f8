/** One opportunity in the ranking: its score with how sure that is, its money, and what may be decided. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Opportunity, Store } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Absent } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { ScoreBar } from '@/shared/ui/ScoreBar'
import { SupplierPicture } from '@/shared/ui/SupplierPicture'
import { Decide, Decided } from './Decide'
import {
  amountText,
  intervalText,
  leadText,
  marginText,
  POTENTIALS,
  reasonOf,
  STATUSES,
  scoreText,
  shipsToText,
  whyNoMargin,
} from './words'

interface OpportunityCardProps {
  of: Opportunity
  rank: number
  store: Store
  /** From which score on a potential is high. */
  mark: number | undefined
}

export function OpportunityCard({ of, rank, store, mark }: OpportunityCardProps) {
  const { landed_cost: landed, currency } = of
  return (
    <article
      aria-label={of.title}
      className="sheet grid items-start gap-x-8 gap-y-4 p-4 sm:grid-cols-2 sm:p-5 lg:grid-cols-[minmax(0,1fr)_14rem_19rem]"
    >
      <header className="flex items-start gap-3 sm:col-span-2 lg:col-span-1">
        <span className="numeral w-6 shrink-0 text-base font-semibold text-faint">
          <span className="sr-only">Rank </span>
          {rank}
        </span>
        <SupplierPicture
          id={of.supplier_leads[0]?.supplier_product_id}
          title={of.title}
          told={of.image_url != null}
          size="md"
        />
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold wrap-anywhere">
            <Link
              to={paths.opportunity}
              params={{ id: of.id }}
              search={keepRange}
              className="inline-flex min-h-6 items-center decoration-dotted underline-offset-4 hover:underline"
            >
              {of.title}
            </Link>
          </h2>
          <p className="text-xs text-soft wrap-anywhere">{leadText(of.supplier_leads[0])}</p>
          <p className="text-xs text-faint wrap-anywhere">{shipsToText(of.ships_to)}</p>
          <Badges of={of} />
        </div>
      </header>
      <Score of={of} mark={mark} />
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 text-sm">
        <Figure label="Price" value={amountText(of.price, currency)} why={reasonOf(of.price)} />
        <Figure label="Landed cost" value={amountText(landed.total, currency)} why={reasonOf(landed.total)} />
        <Figure label="Margin" value={marginText(of)} why={whyNoMargin(of)} />
        <Figure
          label="Ads to break even"
          value={amountText(of.break_even_cost_per_order, currency)}
          why={reasonOf(of.break_even_cost_per_order)}
        />
      </dl>
      <footer className="flex flex-col gap-2 empty:hidden sm:col-span-full lg:pl-9">
        <Decided of={of} store={store} />
        <div className="flex flex-wrap items-center gap-2 empty:hidden">
          <Decide of={of} store={store} />
        </div>
      </footer>
    </article>
  )
}

export function Badges({ of }: { of: Opportunity }) {
  const potential = of.profit_potential && POTENTIALS[of.profit_potential]
  return (
    <span className="mt-1 flex flex-wrap gap-1 empty:hidden">
      {potential && <Badge tone={potential.tone}>{potential.label}</Badge>}
      {of.status !== 'proposed' && <Badge tone={STATUSES[of.status].tone}>{STATUSES[of.status].label}</Badge>}
      {of.gone && <Badge tone="bad">Offered by nobody any more</Badge>}
    </span>
  )
}

export function Score({ of, mark }: { of: Opportunity; mark: number | undefined }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex items-baseline gap-2">
        <span className="text-2xl font-semibold">
          {of.score == null ? (
            <Absent reason={of.unavailable.score ?? 'No factor has a source.'} />
          ) : (
            <span className="numeral">{scoreText(of.score)}</span>
          )}
        </span>
        <span className="text-xs text-soft">of 100, between {intervalText(of)}</span>
      </p>
      <ScoreBar score={of.score ?? null} low={of.interval.low} high={of.interval.high} mark={mark} />
      <p className="text-xs text-faint">
        {of.confidence_score} % known
        {mark !== undefined && ` · high from ${mark}`}
      </p>
    </div>
  )
}

function Figure({ label, value, why }: { label: string; value: ReactNode; why: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{label}</dt>
      <dd className="numeral mt-0.5 font-semibold">{value ?? <Absent reason={why} />}</dd>
    </div>
  )
}
