/** One opportunity: why it scores as it does, what it costs until it is with a customer, who offers it, and the decision. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ApiError } from '@/shared/api/problem'
import { useStores } from '@/shared/api/queries'
import type { Opportunity, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { buttonClass } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { SupplierPicture } from '@/shared/ui/SupplierPicture'
import { Decide, Decided } from './Decide'
import { Factors } from './Factors'
import { LandedCost } from './LandedCost'
import { Leads } from './Leads'
import { Badges, Score } from './OpportunityCard'
import { opportunityQuery, scoringQuery } from './queries'
import { shipsToText } from './words'

export function OpportunityPage() {
  const { id = '' } = useParams({ strict: false })
  return <OpportunityOf key={id} id={id} />
}

function ToList() {
  return (
    <Link to={paths.opportunities} search={keepRange} className={buttonClass('quiet')}>
      All opportunities
    </Link>
  )
}

function OpportunityOf({ id }: { id: string }) {
  const { data: of, error, refetch } = useQuery(opportunityQuery(id))
  const { data: stores } = useStores()
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Page title="Opportunity">
        <div className="sheet">
          <Empty title="There is no such opportunity" action={<ToList />}>
            No supplier offers it any more, and nobody decided about it.
          </Empty>
        </div>
      </Page>
    )
  }
  if (error && !of) {
    return (
      <Page title="Opportunity">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  const store = stores?.find(one => one.id === of?.store_id)
  if (!of || !store) return <Loading label="Loading the opportunity" rows={10} />
  return <Found of={of} store={store} />
}

/** Which settings it was scored by. */
function scoringText(version: number): string {
  return version === 0 ? 'the weights of the defaults' : `version ${count(version)} of the weights`
}

function Found({ of, store }: { of: Opportunity; store: Store }) {
  const { data: scoring } = useQuery(scoringQuery(store.id))
  return (
    <Page
      title={of.title}
      lead={
        <div className="flex items-start gap-3">
          {of.image_url && (
            <SupplierPicture id={of.supplier_leads[0]?.supplier_product_id} title={of.title} told size="lg" />
          )}
          <div className="min-w-0">
            {[of.category, shipsToText(of.ships_to)].filter(Boolean).join(' · ')}
            <Badges of={of} />
          </div>
        </div>
      }
      actions={
        <>
          <Decide of={of} store={store} />
          <ToList />
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Decided of={of} store={store} />
        <Section
          title="Score"
          note={`As of ${momentText(of.computed_at, store.timezone)}, by ${scoringText(of.settings_version)}`}
          flush
        >
          <div className="max-w-xl px-4 pb-4 sm:px-5">
            <Score of={of} mark={scoring?.high_potential} />
          </div>
          <Factors of={of} />
        </Section>
        <Section title="Money of one order" note="Amounts in the store’s currency, each with its source">
          <LandedCost of={of} />
        </Section>
        <Section title="Who offers it" note="What it costs is counted with the first" flush>
          <Leads of={of} />
        </Section>
        {of.description && (
          <Section title="As the supplier describes it">
            <p className="max-w-prose text-sm whitespace-pre-line text-soft wrap-anywhere">
              {of.description}
            </p>
          </Section>
        )}
      </div>
    </Page>
  )
}
