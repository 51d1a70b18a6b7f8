/** After the first sync: what the goods cost, by a percentage, from a sheet, or later. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CoverageReport, Store } from '@/shared/api/types'
import { knownShare } from '@/shared/figures/coverage'
import { count, money, share } from '@/shared/format/money'
import { UploadBox } from '@/shared/imports/UploadBox'
import { paths } from '@/shared/paths'
import { keepRange, type Range, rangeTitle } from '@/shared/range/range'
import { useRange, useStore } from '@/shared/range/use-range'
import { buttonClass } from '@/shared/ui/Button'
import { Meter } from '@/shared/ui/Meter'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { DefaultPercent } from './DefaultPercent'
import { coverageQuery, settingsQuery, useMayChange } from './queries'
import { Runs } from './Runs'

export function FirstCosts() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the costs" rows={6} />
  return <StepOf store={store} range={range} />
}

function StepOf({ store, range }: { store: Store; range: Range }) {
  const coverage = useQuery(coverageQuery(store.id, range))
  const settings = useQuery(settingsQuery(store.id))
  const mayChange = useMayChange()
  const complete = (knownShare(coverage.data?.coverage.cost) ?? 0) >= 1
  return (
    <Page
      title="What do your products cost?"
      lead={`${store.name} · profit is what is left after costs. Nothing is guessed: without a cost, sales are kept apart.`}
      actions={
        <Link to={paths.pulse} search={keepRange} className={buttonClass(complete ? 'primary' : 'plain')}>
          {complete ? 'See the profit' : 'Later: see the profit'}
        </Link>
      }
    >
      <div className="flex flex-col gap-5">
        {coverage.error && !coverage.data && (
          <Failure error={coverage.error} onRetry={() => void coverage.refetch()} />
        )}
        {coverage.isPending && <Loading label="Loading the coverage" rows={2} />}
        {coverage.data && <Known answer={coverage.data} range={range} />}
        <Runs storeId={store.id} />
        {mayChange ? (
          <>
            {settings.error && !settings.data && (
              <Failure error={settings.error} onRetry={() => void settings.refetch()} />
            )}
            {settings.data && <DefaultPercent settings={settings.data} storeId={store.id} />}
            <Section title="A cost sheet" note="SKU, cost, and where you have them: currency, valid from">
              <UploadBox
                store={store.id}
                accepts="A table with the SKU and the cost of one unit; shipping costs, payment fees, ad spend and fixed costs are recognised too."
              />
            </Section>
          </>
        ) : (
          <Note>Your role may look at costs, not change them. Ask an operator or the owner.</Note>
        )}
        <p className="text-sm">
          <Link
            to={paths.costs}
            search={old => ({ ...keepRange(old), state: 'missing' })}
            className="font-semibold underline decoration-dotted underline-offset-4"
          >
            Enter them one by one
          </Link>
          <span className="text-soft">, with shipping, fees, ad spend and fixed costs.</span>
        </p>
      </div>
    </Page>
  )
}

function Known({ answer, range }: { answer: CoverageReport; range: Range }) {
  const known = knownShare(answer.coverage.cost)
  const missing = answer.kinds.find(kind => kind.kind === 'cost')
  const worst = missing?.missing[0]
  return (
    <section aria-label="Known costs" aria-live="polite" className="sheet flex flex-col gap-2.5 p-4 sm:p-5">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-semibold">Net sales whose product cost is known</span>
        <span className="numeral text-lg font-semibold">{share(known)}</span>
      </p>
      <Meter
        label="Net sales whose product cost is known"
        value={known}
        tone={known !== null && known >= 1 ? 'good' : 'brass'}
      />
      <p className="text-sm text-soft">
        {rangeTitle(range)}:{' '}
        {known === null
          ? 'nothing was sold.'
          : !missing || missing.count === 0
            ? 'every product that was sold has a cost.'
            : `${count(missing.count)} ${missing.count === 1 ? 'variant lacks' : 'variants lack'} a cost${
                worst ? `, most of all ${worst.label} with ${money(worst.net_sales, answer.currency)}` : ''
              }.`}
      </p>
    </section>
  )
}
