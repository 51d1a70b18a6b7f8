/**
 * Imports of the mock backend. A file named "workbook.xlsx.csv" is refused; "ambiguous.csv" asks what its dates mean; "bad.csv" has
 * refused rows; "slow.csv" stays in its work; "catalogue.csv" is a supplier's, and asks where it is from.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  Import,
  ImportMapping,
  ImportPreview,
  ImportReport,
  SavedImportMapping,
} from '@/shared/api/types'

const AT = '2026-11-22T09:00:00Z'
const HEADERS = ['SKU', 'Cost', 'Currency', 'Valid from']

const FIELDS = [
  { key: 'sku', label: 'SKU', required: false, one_of: 'SKU or variant id' },
  { key: 'variant_id', label: 'Variant id', required: false, one_of: 'SKU or variant id' },
  { key: 'cost', label: 'Cost of a unit', required: true, one_of: null },
  { key: 'currency', label: 'Currency', required: false, one_of: null },
  { key: 'valid_from', label: 'Valid from', required: false, one_of: null },
]

const REPORT: ImportReport = {
  rows: 1204,
  things: 1204,
  good: 1204,
  refused: 0,
  noted: 0,
  problems: 0,
  questions: [],
  notes: [],
  first_day: '2026-01-01',
  last_day: '2026-11-01',
}

const CATALOGUE = ['Title', 'Cost']

function fresh(name: string, store: string): Import {
  const isCatalogue = name === 'catalogue.csv'
  return {
    id: `imp_${name.replace(/\W/g, '_')}`,
    store_id: store,
    file: {
      name,
      bytes: 48_200,
      encoding: 'utf-8',
      delimiter: ';',
      headers: isCatalogue ? CATALOGUE : HEADERS,
    },
    status: 'mapping',
    kind: isCatalogue ? 'supplier_offers' : 'costs',
    mapping: isCatalogue
      ? { kind: 'supplier_offers', columns: { title: 'Title', cost: 'Cost' }, answers: {} }
      : {
          kind: 'costs',
          columns: { sku: 'SKU', cost: 'Cost', currency: 'Currency', valid_from: 'Valid from' },
          answers: {},
        },
    mapping_reused: false,
    faults: [],
    progress: { rows_done: 0, rows_total: null, share: null, rows_per_second: null, eta_seconds: null },
    report: null,
    good_rows_only: false,
    counts: { created: 0, changed: 0, unchanged: 0, kept: 0, refused: 0 },
    undone: 0,
    error: null,
    same_as: null,
    created_at: AT,
    started_at: null,
    finished_at: null,
    resumed_times: 0,
  }
}

/** What only a person knows of a supplier's list. */
const ASKED: ImportReport = {
  ...REPORT,
  good: 0,
  things: 0,
  questions: [
    {
      key: 'platform',
      column: null,
      row: null,
      example: null,
      question: 'Where is this list from?',
      choices: [
        { value: 'autods', label: 'AutoDS' },
        { value: 'spocket', label: 'Spocket' },
        { value: 'other', label: 'Another list' },
      ],
    },
    {
      key: 'snapshot',
      column: null,
      row: null,
      example: null,
      question: 'Does the list name everything that is offered there?',
      choices: [
        { value: 'part', label: 'A part: what it does not name stays as it is' },
        { value: 'full', label: 'Everything: what it does not name is out of stock' },
      ],
    },
  ],
}

function reportOf(item: Import): ImportReport {
  if (item.file.name === 'bad.csv') return { ...REPORT, good: 1201, refused: 3, problems: 3 }
  if (item.kind === 'supplier_offers' && !item.mapping?.answers?.platform) return ASKED
  const answered = item.mapping?.answers?.date_order
  if (item.file.name === 'ambiguous.csv' && !answered) {
    return {
      ...REPORT,
      good: 0,
      things: 0,
      questions: [
        {
          key: 'date_order',
          column: 'Valid from',
          row: 2,
          example: '11/10/24',
          question: 'What does "11/10/24" mean?',
          choices: [
            { value: 'day_first', label: '11 October 2024 (day first)' },
            { value: 'month_first', label: '10 November 2024 (month first)' },
          ],
        },
      ],
    }
  }
  return { ...REPORT, notes: ['12 rows say the same as another row: they count once.'] }
}

const PREVIEW: ImportPreview = {
  headers: HEADERS,
  rows: [
    { row: 2, cells: ['MUG-RED', '4,20', 'EUR', '2026-01-01'] },
    { row: 3, cells: ['MUG-BLUE', '4,35', 'EUR', '2026-01-01'] },
    { row: 4, cells: ['TEA-01', 'free', 'EUR', ''] },
  ],
  things: [
    { first_row: 2, text: 'MUG-RED costs 4.20 EUR from 2026-01-01', problems: [] },
    { first_row: 3, text: 'MUG-BLUE costs 4.35 EUR from 2026-01-01', problems: [] },
    {
      first_row: 4,
      text: null,
      problems: [
        { row: 4, line: 4, column: 'Cost', value: 'free', reason: 'is not a number', severity: 'refused' },
      ],
    },
  ],
}

function refuse(status: number, detail: string, message?: string) {
  const errors = message ? [{ field: 'file', message }] : undefined
  return HttpResponse.json(
    {
      type: 'about:blank',
      title: detail,
      status,
      detail,
      error: detail,
      message: detail,
      path: '',
      request_id: 'req_mock',
      errors,
    },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

export function importHandlers(store: string, past = false): RequestHandler[] {
  const items = new Map<string, Import>()
  const put = (item: Import) => {
    items.set(item.id, item)
    return item
  }
  if (past) {
    const counts = { created: 812, changed: 34, unchanged: 0, kept: 0, refused: 0 }
    const done = { status: 'done', report: REPORT, finished_at: AT, counts } as const
    put({ ...fresh('orders_export_2026_11.csv', store), kind: 'orders', ...done })
    put({ ...fresh('costs-q4.csv', store), status: 'undone', undone: 96, report: REPORT, finished_at: AT })
  }
  const find = (id: unknown) => items.get(String(id))
  const act = (change: (item: Import, input: unknown) => Partial<Import>) => {
    return async ({ params, request }: { params: Record<string, unknown>; request: Request }) => {
      const item = find(params.id)
      if (!item) return refuse(404, 'There is no such import here.')
      const input: unknown = await request.json().catch(() => undefined)
      return HttpResponse.json(put({ ...item, ...change(item, input) }), { status: 202 })
    }
  }
  const finish = (item: Import): Partial<Import> => {
    if (item.file.name === 'slow.csv') {
      const progress = {
        rows_done: 300,
        rows_total: 1204,
        share: 0.25,
        rows_per_second: 410.5,
        eta_seconds: 3,
      }
      return { status: 'importing', progress }
    }
    const report = item.report ?? REPORT
    const counts = { created: report.good, changed: 0, unchanged: 0, kept: 0, refused: report.refused }
    return { status: 'done', counts, finished_at: AT }
  }
  let kept: SavedImportMapping[] = [
    {
      header_set: 'set_1',
      name: 'supplier_prices.csv',
      mapping: { kind: 'costs', columns: { sku: 'Article', cost: 'EK' } },
      saved_at: AT,
    },
  ]
  return [
    http.get('*/v1/imports/mappings', () => HttpResponse.json({ mappings: kept })),
    http.delete('*/v1/imports/mappings/:set', ({ params }) => {
      kept = kept.filter(saved => saved.header_set !== params.set)
      return new HttpResponse(null, { status: 204 })
    }),
    http.get('*/v1/imports/kinds', () =>
      HttpResponse.json({
        kinds: [
          {
            kind: 'costs',
            label: 'Product costs',
            about: 'What a unit costs, by SKU or variant id',
            fields: FIELDS,
          },
          {
            kind: 'supplier_offers',
            label: 'Supplier catalogue',
            about: 'What suppliers offer: prices, stock and shipping, one row a variant',
            fields: [
              { key: 'title', label: 'Title', required: true, one_of: null },
              { key: 'cost', label: 'Cost of a unit', required: false, one_of: null },
            ],
          },
          { kind: 'orders', label: 'Orders', about: 'Shopify’s orders export', fields: FIELDS.slice(2, 4) },
        ],
        max_bytes: 1_073_741_824,
      }),
    ),
    http.get('*/v1/imports', () =>
      HttpResponse.json({ imports: [...items.values()], total: items.size, next_cursor: null }),
    ),
    http.post('*/v1/imports', ({ request }) => {
      const name = new URL(request.url).searchParams.get('name') ?? 'file.csv'
      if (name === 'workbook.xlsx.csv') {
        const message =
          'this is an Excel workbook (.xlsx), and it is larger than 32 MiB; save the sheet as CSV'
        return refuse(422, 'It did not work with what was entered.', message)
      }
      return HttpResponse.json(put(fresh(name, store)), { status: 201 })
    }),
    http.get('*/v1/imports/:id/mapping', ({ request }) => {
      const kind = new URL(request.url).searchParams.get('kind')
      return HttpResponse.json({ kind, columns: { cost: 'Cost' }, answers: {} })
    }),
    http.get('*/v1/imports/:id/preview', () => HttpResponse.json(PREVIEW)),
    http.get('*/v1/imports/:id/problems', () =>
      HttpResponse.json({
        problems: [4, 17, 203].map(row => ({
          row,
          line: row,
          column: 'Cost',
          value: 'free',
          reason: 'is not a number',
          severity: 'refused',
        })),
        total: 3,
        next_cursor: null,
      }),
    ),
    http.get('*/v1/imports/:id', ({ params }) => {
      const item = find(params.id)
      return item ? HttpResponse.json(item) : refuse(404, 'There is no such import here.')
    }),
    http.put(
      '*/v1/imports/:id/mapping',
      act((_, input) => {
        const mapping = input as ImportMapping
        const needed = mapping.columns.cost
          ? []
          : [{ field: 'cost', message: 'no column is chosen for Cost of a unit' }]
        return { mapping, kind: mapping.kind, faults: needed, status: 'mapping', report: null }
      }),
    ),
    http.post(
      '*/v1/imports/:id/check',
      act(item => ({ status: 'checked', report: reportOf(item) })),
    ),
    http.post('*/v1/imports/:id/start', act(finish)),
    http.post(
      '*/v1/imports/:id/cancel',
      act(() => ({ status: 'cancelled', finished_at: AT })),
    ),
    http.post(
      '*/v1/imports/:id/undo',
      act(item => ({ status: 'undone', undone: item.counts.created + item.counts.changed })),
    ),
  ]
}
