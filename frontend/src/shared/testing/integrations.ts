/** GitHub and BigQuery of the mock backend: one thing is wrong, one is over. A signal called "lost" has an end that nobody knows. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { GithubRepository, WarehouseDataset } from '@/shared/api/types'
import { STORE } from './reports'

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

export function integrationHandlers(): RequestHandler[] {
  const repository: GithubRepository = {
    place: 'royal/operations at api.github.com',
    has_token: true,
    last_success_at: ago(3),
    last_failure_at: null,
    last_failure: null,
    incidents: [
      {
        id: '6f0f7c2e-52a5-5a3c-9a35-0d7a4f0d8a01',
        kind: 'sync_failed',
        title: 'A sync failed',
        cause: 'sync/1',
        link: '/connections',
        first_at: ago(90),
        last_at: ago(4),
        count: 12,
        over: null,
        issue: { number: 41, url: 'https://github.com/royal/operations/issues/41' },
        last_error: null,
      },
      {
        id: '6f0f7c2e-52a5-5a3c-9a35-0d7a4f0d8a02',
        kind: 'backup_failed',
        title: 'The backup that was due could not be made',
        cause: 'backup',
        link: '/health',
        first_at: ago(2000),
        last_at: ago(2000),
        count: 1,
        over: { at: ago(1900), why: 'the same was done again and succeeded' },
        issue: { number: 38, url: 'https://github.com/royal/operations/issues/38' },
        last_error: null,
      },
    ],
  }
  const dataset: WarehouseDataset = {
    place: 'acme.royal at bigquery.googleapis.com',
    has_credentials: true,
    last_success_at: ago(3),
    stores: [
      {
        store: STORE.id,
        name: STORE.name,
        tables: ['orders_1', 'ledger_entries_1', 'profit_days_1', 'ad_spend_1'],
        next_at: ago(-600),
        run: {
          state: 'done',
          started_at: ago(12),
          finished_at: ago(9),
          last_success_at: ago(9),
          days: 18,
          loaded: 18,
          rows: 2431,
          last_error: null,
        },
      },
    ],
  }
  return [
    http.get('*/v1/warehouse', () => HttpResponse.json({ dataset })),
    http.post('*/v1/warehouse/test', () =>
      HttpResponse.json({ works: false, name: null, location: null, problem: 'Set BIGQUERY_LOCATION to EU' }),
    ),
    http.post('*/v1/warehouse/runs', () => {
      for (const store of dataset.stores) store.run = { ...store.run, state: 'running' }
      return HttpResponse.json(dataset.stores[0]?.run, { status: 202 })
    }),
    http.get('*/v1/github', () => HttpResponse.json({ repository })),
    http.post('*/v1/github/test', () =>
      HttpResponse.json({
        works: true,
        name: 'royal/operations',
        public: false,
        takes_issues: true,
        calls_left: 4987,
        calls_limit: 5000,
        problem: null,
      }),
    ),
    http.post('*/v1/github/dispatches', async ({ request }) => {
      const { event_type } = (await request.json()) as { event_type: string }
      if (event_type !== 'lost') return new HttpResponse(null, { status: 204 })
      const detail = 'Whether it took effect is unknown: look it up before sending it again.'
      return HttpResponse.json(
        { type: 'about:blank', title: 'Not available', status: 503, detail },
        { status: 503, headers: { 'content-type': 'application/problem+json' } },
      )
    }),
  ]
}
