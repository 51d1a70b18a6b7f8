/** In which currency the workspace is told, the exchange rates with their age, and what is missing. */
import { useQuery } from '@tanstack/react-query'
import { workspaceQuery } from '@/shared/api/queries'
import { count } from '@/shared/format/money'
import { dayText, spanText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { EnterRate } from './EnterRate'
import { Feed } from './Feed'
import { rateStatusQuery } from './queries'
import { RateTable } from './RateTable'
import { WorkspaceCurrency } from './WorkspaceCurrency'

export function CurrenciesSection() {
  const status = useQuery(rateStatusQuery)
  const workspace = useQuery(workspaceQuery)
  const error = status.error ?? workspace.error
  const retry = () => {
    void status.refetch()
    void workspace.refetch()
  }
  return (
    <SettingsSection
      title="Currencies"
      lead="Stores in other currencies are told day by day, by the rate of that day. Without a rate a figure is withheld, never guessed."
    >
      {error && (!status.data || !workspace.data) && <Failure error={error} onRetry={retry} />}
      {!error && (!status.data || !workspace.data) && <Loading label="Loading the rates" rows={5} />}
      {status.data && workspace.data && (
        <>
          <WorkspaceCurrency
            key={`${workspace.data.currency_from}/${workspace.data.currency}/${workspace.data.max_rate_age_days}`}
            workspace={workspace.data}
          />
          {status.data.missing.length > 0 && <Missing missing={status.data.missing} />}
          <Feed feed={status.data.feed} />
          <Section
            title="Exchange rates"
            note="One line for each pair and source. On one day what was entered counts first, then files, then the published series."
            flush
          >
            {status.data.series.length === 0 ? (
              <Empty title="No rates yet">
                {status.data.missing.length > 0
                  ? 'Enter one below, import a table of rates, or set up the published series.'
                  : 'None are needed as long as every store has the workspace’s currency.'}
              </Empty>
            ) : (
              <RateTable series={status.data.series} />
            )}
          </Section>
          <Only may="rates:write">
            <EnterRate currencies={workspace.data.currencies} quote={workspace.data.currency ?? ''} />
          </Only>
        </>
      )}
    </SettingsSection>
  )
}

interface MissingPair {
  from: string
  to: string
  count: number
  first?: string | null
  last?: string | null
  stores: string[]
}

function Missing({ missing }: { missing: MissingPair[] }) {
  return (
    <section aria-label="Missing rates" className="rounded-md border border-warn bg-warn-wash p-4 sm:p-5">
      <h3 className="text-base font-semibold">Missing rates</h3>
      <p className="mt-0.5 text-sm text-soft">
        Reports over all stores are withheld for periods with these days.
      </p>
      <ul className="mt-3 flex flex-col gap-2 text-sm">
        {missing.map(pair => (
          <li key={`${pair.from}${pair.to}`} className="flex flex-wrap gap-x-3">
            <span className="font-semibold">
              {pair.from} → {pair.to}
            </span>
            <span>
              {pair.count === 1
                ? `1 day, ${dayText(pair.first)}`
                : `${count(pair.count)} days, ${spanText(pair.first ?? '', pair.last ?? '')}`}
            </span>
            <span className="text-soft">{pair.stores.join(', ')}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
