/** What is bought together: pairs and bundles of three that chance does not explain, with how sure that is. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useStartRun } from '@/shared/agents/start-run'
import type { FoundTogether, Recommendations, Store } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { count } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only, useMay } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { Bundles } from './Bundles'
import { Pairs } from './Pairs'
import { AGENT, recommendationsQuery } from './queries'
import { countedText } from './words'

export function RecommendationsPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading what is bought together" />
  return <RecommendationsOf key={store.id} store={store} />
}

function RecommendationsOf({ store }: { store: Store }) {
  const { data, error, refetch } = useQuery(recommendationsQuery(store.id))
  const found = data?.found
  return (
    <Page
      title="Recommendations"
      lead="What is bought together more often than chance would have it."
      actions={
        found && (
          <>
            <a
              className={buttonClass('quiet')}
              href={`/v1/recommendations/export?store_id=${encodeURIComponent(store.id)}`}
              download
            >
              <Download aria-hidden="true" className="size-4" />
              CSV
            </a>
            <RunButton store={store} />
          </>
        )
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading label="Loading what is bought together" rows={8} />}
      {data && !found && <NoneYet store={store} />}
      {data && found && <Found data={data} found={found} store={store} />}
    </Page>
  )
}

function Found({ data, found, store }: { data: Recommendations; found: FoundTogether; store: Store }) {
  const propose = usePropose(store.id)
  const may = useMay('changes:write')
  const [asked, setAsked] = useState<string | null>(null)
  const tag = may
    ? (product: string, title: string, tags: string[]) => {
        setAsked(product)
        propose.mutate({
          title: `Tag ${title} with what it goes with`,
          reason: `Bought together: ${countedText(found)}.`,
          edits: [{ kind: 'add_tags', product_id: product, tags }],
        })
      }
    : null
  return (
    <div className="flex flex-col gap-5">
      <p className="text-sm text-soft">
        Counted over {countedText(found)}; looked at {momentText(found.found_at, store.timezone)}.{' '}
        <Link
          to={paths.run}
          params={{ id: found.run_id }}
          search={keepRange}
          className="underline underline-offset-2"
        >
          The run
        </Link>
      </p>
      {propose.error && (
        <p role="alert" className="text-sm text-bad">
          {propose.error.message}
        </p>
      )}
      {data.pairs.length === 0 && data.bundles.length === 0 ? (
        <div className="sheet">
          <Empty title="Nothing stands out">
            {count(found.pair_tests)} {plural(found.pair_tests, 'pair')} of {count(found.products)}{' '}
            {plural(found.products, 'product')} {plural(found.pair_tests, 'was', 'were')} tested. What is
            bought together is within what chance would do, or too seldom to tell.
          </Empty>
        </div>
      ) : (
        <>
          <Section
            title="Pairs"
            note={`${count(found.pairs)} of ${count(found.pair_tests)} that were tested, most orders beyond chance first`}
            flush
          >
            <Pairs pairs={data.pairs} onTag={tag} busy={propose.isPending ? asked : null} />
          </Section>
          {data.bundles.length > 0 && (
            <Section
              title="Three together"
              note={`${count(found.bundles)} of ${count(found.bundle_tests)} that were tested: each goes with the two others`}
              flush
            >
              <Bundles bundles={data.bundles} />
            </Section>
          )}
        </>
      )}
      <Told found={found} shown={data} />
    </div>
  )
}

/** What was left out, and what the figures mean. */
function Told({ found, shown }: { found: FoundTogether; shown: Recommendations }) {
  const left = [
    shown.pairs.length < found.pairs &&
      `Of the pairs ${count(shown.pairs.length)} are shown; the CSV has all.`,
    found.pairs_left > 0 &&
      `${count(found.pairs_left)} more ${plural(found.pairs_left, 'pair')} ${plural(found.pairs_left, 'has', 'have')} enough orders together, but chance explains ${plural(found.pairs_left, 'it', 'them')} or the lift may be too small.`,
    found.pairs_bundled > 0 &&
      `${count(found.pairs_bundled)} ${plural(found.pairs_bundled, 'pair')} ${found.pairs_bundled === 1 ? 'is part' : 'are parts'} of one bundle anyway.`,
    found.orders_too_large > 0 &&
      `${count(found.orders_too_large)} ${plural(found.orders_too_large, 'order')} of more than 20 products ${plural(found.orders_too_large, 'does', 'do')} not count.`,
  ].filter(Boolean)
  return (
    <section aria-label="How to read it" className="max-w-prose text-xs text-faint">
      <p>
        Lift is how many times as often both are in one order as chance would put them there; in brackets the
        95 % interval. So many pairs are tested that chance alone would find some: no more than the set share
        of what stands here is expected to be such. It says what was bought together, not that showing one
        sells the other.
      </p>
      {left.length > 0 && <p className="mt-2">{left.join(' ')}</p>}
    </section>
  )
}

function NoneYet({ store }: { store: Store }) {
  return (
    <div className="sheet">
      <Empty title="Nobody has looked yet" action={<RunButton store={store} primary />}>
        The agent Recommendations counts which products stand in the same orders, every six hours. What it
        finds is shown here; tags are proposed first.
      </Empty>
    </div>
  )
}

function RunButton({ store, primary }: { store: Store; primary?: boolean }) {
  const start = useStartRun(store.id)
  return (
    <Only may="agents:run">
      <span className="flex flex-col gap-1">
        <Button
          kind={primary ? 'primary' : 'plain'}
          busy={start.isPending}
          onClick={() => start.mutate(AGENT)}
        >
          Look now
        </Button>
        {start.error && (
          <span role="alert" className="max-w-64 text-xs text-bad">
            {start.error.message}
          </span>
        )}
      </span>
    </Only>
  )
}
