/** BigQuery: which dataset, whether it works, and how far each store's days are. */
import { useQuery } from '@tanstack/react-query'
import type { WarehouseDataset, WarehouseStore } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { Facts } from './Facts'
import { useRunWarehouse, useTestWarehouse, warehouseQuery } from './queries'

const NOTE =
  'Orders, ledger entries, daily figures and ad spend of every store, once a day; days that changed are written anew. Nothing about people.'

const STATES: Record<string, { label: string; tone: Tone }> = {
  waiting: { label: 'Waiting', tone: 'slate' },
  running: { label: 'Running', tone: 'slate' },
  done: { label: 'Up to date', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
}

export function WarehouseCard() {
  const { data, error, refetch } = useQuery(warehouseQuery)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Looking at BigQuery" rows={4} />
  if (!data.dataset) {
    return (
      <Section title="BigQuery" note={NOTE}>
        <Empty title="No dataset is set">
          Set <code className="font-mono">BIGQUERY_PROJECT_ID</code>,{' '}
          <code className="font-mono">BIGQUERY_DATASET</code> and{' '}
          <code className="font-mono">BIGQUERY_LOCATION</code>, and enter the JSON of a service account as{' '}
          <code className="font-mono">BIGQUERY_CREDENTIALS</code> among the secrets; then start the server
          again.
        </Empty>
      </Section>
    )
  }
  return <Dataset dataset={data.dataset} />
}

function Dataset({ dataset }: { dataset: WarehouseDataset }) {
  const test = useTestWarehouse()
  const facts: [string, string][] = [
    ['Dataset', dataset.place],
    [
      'Credentials',
      dataset.has_credentials ? 'There' : 'Missing: enter BIGQUERY_CREDENTIALS among the secrets',
    ],
    ['Last answer', dataset.last_success_at ? ageText(dataset.last_success_at) : 'none since the start'],
  ]
  return (
    <Section
      title="BigQuery"
      note={NOTE}
      actions={
        <Only may="connections:write">
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
        </Only>
      }
    >
      <Facts of={facts} />
      <div role="status" className="mt-3 flex flex-col gap-2 empty:mt-0">
        {test.error && <Failure error={test.error} />}
        {test.data?.works && (
          <Note>
            {test.data.name} is there, in {test.data.location}, and takes jobs.
          </Note>
        )}
        {test.data && !test.data.works && <Note tone="bad">{test.data.problem}</Note>}
      </div>
      <ul className="mt-2 divide-y divide-rule">
        {dataset.stores.map(store => (
          <StoreRow key={store.store} store={store} />
        ))}
      </ul>
    </Section>
  )
}

function StoreRow({ store }: { store: WarehouseStore }) {
  const run = useRunWarehouse()
  const state = STATES[store.run.state] ?? { label: store.run.state, tone: 'neutral' as const }
  const { days, loaded, rows } = store.run
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-semibold">{store.name}</span>
          <Badge tone={state.tone}>{state.label}</Badge>
        </p>
        <p className="text-soft tabular-nums">
          {days == null
            ? 'Nothing was compared yet'
            : days === 0
              ? 'Nothing differed'
              : `${count(loaded)} of ${count(days)} days of tables written, ${count(rows)} rows`}
          {store.run.last_success_at && `; last whole ${ageText(store.run.last_success_at)}`}
        </p>
        {store.run.last_error && <p className="mt-1 text-bad wrap-anywhere">{store.run.last_error}</p>}
        <details className="mt-1 text-soft">
          <summary className="min-h-6 cursor-pointer select-none">Tables</summary>
          <ul className="mt-1 font-mono text-xs wrap-anywhere">
            {store.tables.map(table => (
              <li key={table}>{table}</li>
            ))}
          </ul>
        </details>
      </div>
      <Only may="connections:write">
        <Button
          busy={run.isPending}
          disabled={store.run.state === 'running'}
          onClick={() => run.mutate(store.store)}
        >
          Write now
        </Button>
      </Only>
    </li>
  )
}
