/** The mock's connected supplier: one whose points are nearly used up, with changes and products. The key "wrong" is refused. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  AcceptedSupplierSuggestions,
  NewSupplierAccount,
  SupplierAccount,
  SupplierAlertList,
  SupplierChange,
  SupplierContractTest,
  SupplierContractTrial,
  SupplierMapping,
  SupplierMappingFileReport,
  SupplierOrder,
  SupplierProduct,
  SupplierVariant,
} from '@/shared/api/types'

const AT = '2026-03-01T08:00:00Z'
const LONG = 'Ultralight Camping Hammock with Mosquito Net, Straps and Carabiners for Two Persons'

function account(): SupplierAccount {
  return {
    id: 'sup_1',
    store_id: 'store_1',
    platform: 'cjdropshipping',
    name: 'CJdropshipping',
    is_sandbox: true,
    state: 'degraded',
    state_reason:
      'CJdropshipping leaves 2000 of 50000 points of the day, of which 2000 are kept for orders; it is asked again when they are back',
    watch: { searches: ['camping lantern', 'mug'], ships_from: 'US', most_products: 200 },
    rest: null,
    can: {
      discover: 'api',
      price: 'api',
      stock: 'api',
      shipping: 'api',
      place_order: 'api',
      call_off: 'api',
      tracking: 'api',
    },
    off: [],
    quota: { used: 48_000, left: 2_000, total: 50_000, told_at: AT },
    balance: { amount: '5000.00', currency: 'USD' },
    calls_per_second: 1,
    created_at: AT,
    last_synced_at: new Date(Date.now() - 3 * 3_600_000).toISOString(),
    version: 3,
    last_sync: {
      id: 'run_1',
      account_id: 'sup_1',
      status: 'failed',
      created_at: AT,
      finished_at: AT,
      products: 118,
      products_total: 200,
      new_products: 6,
      changes: 3,
      unread: 1,
      warnings: ['P-7: the price of variant V-7: 1.2-3.5 is a range, and nobody can order at a range'],
      error: 'the points are used up',
      remedy: 'Nothing to do: it goes on from there when the supplier allows it. What is read stays.',
    },
  }
}

const dollars = (amount: string) => ({ low: amount, high: amount, currency: 'USD' })

function change(at: number, told: Partial<SupplierChange>): SupplierChange {
  return {
    id: `change_${at}`,
    supplier_product_id: `offer_${at}`,
    title: at === 1 ? LONG : 'Folding Camping Lantern 1',
    variant: `CJSB00000${at}-Black`,
    variant_name: 'Black',
    kind: 'gone',
    price_from: null,
    price_to: null,
    stock_from: null,
    stock_to: null,
    observed_at: new Date(Date.now() - at * 3_600_000).toISOString(),
    source: 'api:run_1',
    ...told,
  }
}

const CHANGES: SupplierChange[] = [
  change(1, { kind: 'price', price_from: dollars('9.50'), price_to: dollars('11234.90') }),
  change(2, {
    kind: 'stock',
    stock_from: { presence: 'in', quantity: 12_912 },
    stock_to: { presence: 'out', quantity: 0 },
  }),
  change(3, { kind: 'gone' }),
]

function variant(name: string, told: Partial<SupplierVariant> = {}): SupplierVariant {
  return {
    key: `CJSB000001-${name}`,
    sku: `CJSB000001-${name}`,
    name,
    weight: '480 g',
    cost: dollars('9.50'),
    cost_observed_at: AT,
    sell_price: dollars('28.50'),
    duties: null,
    presence: 'in',
    quantity: 212,
    stock_observed_at: AT,
    shelves: [
      { country: 'CN', presence: 'unknown', quantity: null, verified: false },
      { country: 'US', presence: 'in', quantity: 212, verified: true },
    ],
    shipping: [{ to: 'US', cost: dollars('4.71'), min_days: 2, max_days: 5, observed_at: AT }],
    gone: false,
    ...told,
  }
}

function product(at: number): SupplierProduct {
  return {
    id: `offer_${at}`,
    store_id: 'store_1',
    platform: 'cjdropshipping',
    supplier: null,
    external_id: `04A22450-${at}`,
    title: at === 1 ? LONG : `Folding Camping Lantern ${at}`,
    url: null,
    image_url: at === 2 ? null : `https://cdn.example/${at}.jpg`,
    category: 'Camping & Hiking',
    description: 'For every trip.',
    ships_from: 'US',
    rating: null,
    processing_min_days: null,
    processing_max_days: null,
    variants:
      at === 3
        ? [variant('Black', { cost: null, presence: 'unknown', quantity: null, shelves: [], shipping: [] })]
        : [variant('Black'), variant('Green', { gone: at === 2, cost: dollars('9.75') })],
    observed_at: new Date(Date.now() - 3 * 3_600_000).toISOString(),
    import_id: null,
    source: 'api:run_1',
  }
}

function refusedAt(field: string, message: string) {
  return HttpResponse.json(
    { type: 'about:blank', title: 'Refused', status: 422, errors: [{ field, message }] },
    { status: 422, headers: { 'content-type': 'application/problem+json' } },
  )
}

function byContract({ platform, rest }: NewSupplierAccount): Partial<SupplierAccount> {
  const by = (field: string) => (rest?.map[field] ? 'api' : 'none')
  return {
    platform,
    name: platform === 'autods' ? 'AutoDS' : 'Spocket',
    rest: rest ?? null,
    can: {
      discover: rest?.paths.search ? 'api' : 'none',
      price: rest?.map.cost ? 'api' : by('variant_cost'),
      stock: rest?.map.stock ? 'api' : by('variant_stock'),
      shipping: by('ship_days_min'),
      place_order: 'delegated',
      call_off: 'none',
      tracking: 'observed',
    },
    quota: null,
    balance: null,
    last_sync: null,
    last_synced_at: null,
  }
}

/** What the mock's interface has under each pointer of the example; a pointer to anything else finds nothing. */
const READ: Record<string, string> = {
  items: '10 products',
  next_page: 'this is the last page',
  product: 'a product',
  id: 'SP-1000',
  title: 'Plain Enamel Mug 0',
  currency: 'USD',
  shipping_cost: '3.2 USD',
  ship_days_min: '4 days',
  ship_days_max: '9 days',
  ships_from: 'US',
  url: 'https://supplier.example/p/SP-1000',
  image: 'https://cdn.example/SP-1000.jpg',
  variants: '2 variants',
  variant_id: '1',
  variant_name: 'Sand',
  variant_cost: '12.5 USD',
  variant_stock: '87 in stock',
  variant_sku: 'SP-1000-S',
}

function trialOf({ rest, query }: SupplierContractTest): SupplierContractTrial {
  const fields = Object.entries(rest.map)
  return {
    asked: [`${rest.base_url || 'http://127.0.0.1:10001/rest-supplier'}/products?search=${query}&page=1`],
    items: query === 'nothing' ? 0 : 10,
    reads: fields.map(([field, pointer]) => {
      const value = query === 'nothing' ? null : (READ[field] ?? null)
      const why = query === 'nothing' ? 'no product was found' : 'it finds nothing'
      return { field, pointer, value, why_not: value ? null : why }
    }),
    stopped: query === 'nothing' ? 'the list is empty: try other words' : null,
  }
}

const PLATFORMS = [
  ['autods', 'AutoDS', 'api_or_file', 'api_or_file', 'delegated', 'observed'],
  ['spocket', 'Spocket', 'file', 'file_yes_or_no', 'delegated', 'observed'],
  ['cjdropshipping', 'CJdropshipping', 'api', 'api', 'api', 'api'],
  ['printful', 'Printful', 'api', 'api_yes_or_no', 'api', 'api'],
  ['other', 'Another supplier', 'file', 'file', 'none', 'none'],
].map(([platform, name, any, stock, place_order, tracking]) => ({
  platform,
  name,
  discover: any,
  price: any,
  stock,
  shipping: any,
  place_order,
  call_off: place_order === 'api' ? 'api' : 'none',
  tracking,
  by_contract: platform === 'autods' || platform === 'spocket',
  contract_base_url: platform === 'spocket' ? 'https://spocket.example.com/v1' : null,
}))

const MAPPING: SupplierMapping = {
  id: 'map_1',
  version: 1,
  variant_id: '44000000000001',
  title: 'Folding Camping Tent 1 · Black',
  supplier_product_id: 'offer_1',
  supplier: 'CJdropshipping',
  supplier_title: 'Folding Camping Tent 1',
  has_image: true,
  supplier_variant: 'CJSB000001-Black',
  pieces: 1,
  origin: 'draft',
  is_offered: true,
  at: '2026-07-01T09:00:00Z',
  by: 'royal',
}

const ALERTS: SupplierAlertList = {
  touched: [
    {
      mapping_id: 'map_1',
      product_id: '7000000000001',
      variant_id: '44000000000001',
      title: 'Camping lantern · Black',
      product_status: 'active',
      supplier_product_id: 'offer_1',
      supplier: 'CJdropshipping',
      alerts: [
        { kind: 'loses', percent: null },
        { kind: 'dearer', percent: 118.2 },
      ],
      price: '19.90',
      cost: '21.40',
      cost_before: '9.80',
      left: '-2.10',
      suggested_price: '32.90',
      instead: [
        {
          supplier_product_id: 'offer_9',
          supplier: 'Acme',
          supplier_variant: 'A-1',
          cost: '9.10',
          mapped: false,
        },
      ],
      campaigns: [
        {
          id: 'ad_1.23850001',
          ad_account_id: 'ad_1',
          number: '23850001',
          name: 'Lanterns · Prospecting',
          platform: 'meta',
          orders: 41,
          units: 44,
        },
        {
          id: 'ad_1.23850002',
          ad_account_id: 'ad_1',
          number: '23850002',
          name: LONG,
          platform: 'google_ads',
          orders: 1,
          units: 1,
        },
      ],
    },
    {
      mapping_id: 'map_2',
      product_id: '7000000000002',
      variant_id: '44000000000002',
      title: LONG,
      product_status: 'draft',
      supplier_product_id: 'offer_2',
      supplier: 'CJdropshipping',
      alerts: [
        { kind: 'gone', percent: null },
        { kind: 'cost_unknown', percent: null },
      ],
      price: '1234567.89',
      cost: null,
      cost_before: null,
      left: null,
      suggested_price: null,
      instead: [],
      campaigns: [],
    },
  ],
  total: 2,
  looked_at: 12,
  not_looked_at: 0,
  currency: 'USD',
  least_margin: 30,
  no_fee_reason: null,
  no_campaigns_reason: null,
  orders_not_read: 0,
}

const REPORT: SupplierMappingFileReport = {
  applied: false,
  new: 1,
  changed: 0,
  unchanged: 0,
  refused: 1,
  rows: [
    {
      line: 3,
      outcome: 'refused',
      reason: 'no variant has this sku',
      variant_id: null,
      title: null,
      supplier_product_id: null,
      supplier_title: null,
      supplier_variant: null,
      pieces: 1,
    },
    {
      line: 2,
      outcome: 'new',
      reason: null,
      variant_id: '44000000000001',
      title: 'Camping lantern · Black',
      supplier_product_id: 'offer_1',
      supplier_title: LONG,
      supplier_variant: 'CJSB000001-Black',
      pieces: 2,
    },
  ],
}

/** Two lines in two parcels, of which the supplier tells what each holds. */
const SENT: SupplierOrder = {
  id: '0192f000-0000-7000-8000-0000000000a1',
  our_ref: '4wzq0h1f7x2c9k-8j2m-0',
  supplier_ref: '9000001',
  supplier: 'Printful',
  order_id: '5000000001001',
  order_name: '#1001',
  change_set_id: 'set_1',
  state: 'paid',
  why: null,
  lines: [
    {
      line_id: '1',
      variant_id: '2',
      title: 'Unisex T-Shirt · Black, M',
      units: 2,
      pieces: 2,
      piece_cost: '9.50',
    },
    { line_id: '2', variant_id: '3', title: LONG, units: 1, pieces: 1, piece_cost: '6.25' },
  ],
  ships_from: 'EU',
  country: 'DE',
  service: 'STANDARD',
  days: { min: 3, max: 6 },
  quoted: { amount: '31.74', currency: 'USD' },
  total: { amount: '31.74', currency: 'USD' },
  sold_for: '64.00',
  booked: true,
  parcels: [
    {
      number: 'PF90000010LV',
      carrier: 'DPD',
      url: 'https://track.example/PF90000010LV',
      told: true,
      items: [{ line_id: '1', title: 'Unisex T-Shirt · Black, M', pieces: 2 }],
    },
    {
      number: 'PF90000011LV',
      carrier: 'DPD',
      url: null,
      told: false,
      items: [{ line_id: '2', title: LONG, pieces: 1 }],
    },
    { number: 'PF90000012LV', carrier: 'DPD', url: null, told: true, items: [] },
  ],
  created_at: AT,
  paid_at: AT,
  shipped_at: null,
  delivered_at: null,
  looked_at: AT,
}

const UNPAID: SupplierOrder = {
  ...SENT,
  id: '0192f000-0000-7000-8000-0000000000a2',
  our_ref: '4wzq0h1f7x2c9k-8j2m-1',
  supplier: 'CJdropshipping',
  state: 'unpaid',
  why: 'it costs more than was approved; nothing was paid',
  booked: false,
  parcels: [],
  paid_at: null,
}

export function catalogueHandlers(): RequestHandler[] {
  let accounts = [account()]
  return [
    http.get('*/v1/supplier-accounts', () =>
      HttpResponse.json({ supplier_accounts: accounts, total: accounts.length }),
    ),
    http.post('*/v1/supplier-accounts', async ({ request }) => {
      const asked = (await request.json()) as NewSupplierAccount
      if (asked.rest?.map.cost === '/moved')
        return refusedAt('rest.map', 'the pointer /moved of cost finds nothing in the first 3 products')
      if (asked.api_key === 'wrong') {
        const errors = [{ field: 'api_key', message: 'CJdropshipping does not accept the API key' }]
        return HttpResponse.json(
          { type: 'about:blank', title: 'Refused', status: 422, errors },
          { status: 422, headers: { 'content-type': 'application/problem+json' } },
        )
      }
      const made: SupplierAccount = {
        ...account(),
        state: 'ok',
        state_reason: null,
        watch: asked.watch,
        ...(asked.rest && byContract(asked)),
      }
      accounts = [made]
      return HttpResponse.json(made, { status: 201 })
    }),
    http.post('*/v1/supplier-contracts/test', async ({ request }) => {
      const sent = (await request.json()) as SupplierContractTest
      if (!sent.sandbox && !sent.rest.base_url.startsWith('https://'))
        return refusedAt('rest.base_url', 'is no address that begins with https://')
      return HttpResponse.json(trialOf(sent))
    }),
    http.post('*/v1/supplier-logins', () =>
      HttpResponse.json(
        { id: 'login_1', address: 'https://auth.example.com/authorize?state=x', expires_at: AT },
        { status: 201 },
      ),
    ),
    http.put('*/v1/supplier-accounts/:id', async ({ request }) => {
      const asked = (await request.json()) as { watch: SupplierAccount['watch'] }
      accounts = accounts.map(of => ({ ...of, watch: asked.watch, version: of.version + 1 }))
      return HttpResponse.json(accounts[0])
    }),
    http.delete('*/v1/supplier-accounts/:id', () => {
      accounts = []
      return new HttpResponse(null, { status: 204 })
    }),
    http.post('*/v1/supplier-accounts/:id/sync', () =>
      HttpResponse.json({ ...account().last_sync, status: 'queued' }, { status: 202 }),
    ),
    http.get('*/v1/supplier-changes', ({ request }) => {
      const kind = new URL(request.url).searchParams.get('kind')
      const changes = CHANGES.filter(of => !kind || of.kind === kind)
      return HttpResponse.json({ changes, total: changes.length, next_cursor: null })
    }),
    http.get('*/v1/supplier-mappings', () =>
      HttpResponse.json({ mappings: [MAPPING], total: 1, next_cursor: null }),
    ),
    http.get('*/v1/supplier-alerts', () => HttpResponse.json(ALERTS)),
    http.post('*/v1/supplier-mapping-file/preview', () => HttpResponse.json(REPORT)),
    http.post('*/v1/supplier-mapping-file', () => HttpResponse.json({ ...REPORT, applied: true })),
    http.get('*/v1/supplier-mapping-suggestions', () =>
      HttpResponse.json({
        suggestions: [
          {
            variant_id: '44000000000007',
            title: 'Camping mug · Green',
            supplier_product_id: 'offer_2',
            supplier: 'CJdropshipping',
            supplier_title: 'Insulated Camping Mug 1',
            has_image: true,
            supplier_variant: 'CJSB000002-Green',
            barcode: '04006381333931',
            sku: 'CJSB000002-Green',
          },
          {
            variant_id: '44000000000008',
            title: LONG,
            supplier_product_id: 'offer_3',
            supplier: 'CJdropshipping',
            supplier_title: null,
            has_image: true,
            supplier_variant: 'CJSB000003-Black',
            barcode: null,
            sku: 'CJSB000003-Black',
          },
        ],
        total: 2,
      }),
    ),
    http.post('*/v1/supplier-mapping-suggestions/accept', async ({ request }) => {
      const asked = (await request.json()) as AcceptedSupplierSuggestions
      const [first, ...left] = asked.suggestions
      return HttpResponse.json({ mappings: first ? [{ ...MAPPING, origin: 'barcode' }] : [], left })
    }),
    http.post('*/v1/supplier-mappings', () => HttpResponse.json(MAPPING, { status: 201 })),
    http.put('*/v1/supplier-mappings/:id', () => HttpResponse.json({ ...MAPPING, version: 2 })),
    http.delete('*/v1/supplier-mappings/:id', () => new HttpResponse(null, { status: 204 })),
    http.get('*/v1/supplier-orders', () =>
      HttpResponse.json({
        supplier_orders: [SENT, UNPAID],
        currency: 'USD',
        total: 2,
        next_cursor: null,
      }),
    ),
    http.post('*/v1/supplier-orders/:id/cancel', ({ params }) =>
      params.id === UNPAID.id
        ? HttpResponse.json({ change_set_id: 'set_1', title: 'Call off #1001' }, { status: 201 })
        : HttpResponse.json(
            {
              type: 'about:blank',
              title: 'Refused',
              status: 422,
              errors: [{ field: 'state', message: 'is paid' }],
            },
            { status: 422, headers: { 'content-type': 'application/problem+json' } },
          ),
    ),
    http.get('*/v1/supplier-offers', () =>
      HttpResponse.json({
        order_id: '1',
        name: '#1001',
        currency: 'USD',
        country: 'US',
        lines: [],
        supplier_orders: [],
      }),
    ),
    http.get('*/v1/supplier-products', ({ request }) => {
      const q = new URL(request.url).searchParams.get('q')?.toLowerCase() ?? ''
      const supplier_products = [1, 2, 3].map(product).filter(of => of.title?.toLowerCase().includes(q))
      return HttpResponse.json({ supplier_products, total: supplier_products.length, next_cursor: null })
    }),
    http.get('*/v1/supplier-products/:id', ({ params }) => {
      const at = Number(String(params.id).replace('offer_', ''))
      const point = (amount: string, observed_at: string) => ({
        variant: 'CJSB000001-Black',
        price: dollars(amount),
        confidence: 'stated',
        observed_at,
        import_id: null,
        source: 'api:run_1',
      })
      const price_history = [point('9.50', AT), point('8.90', '2026-02-01T08:00:00Z')]
      return HttpResponse.json({ supplier_product: product(at), price_history })
    }),
    http.get('*/v1/supplier-platforms', () => HttpResponse.json({ platforms: PLATFORMS })),
  ]
}
