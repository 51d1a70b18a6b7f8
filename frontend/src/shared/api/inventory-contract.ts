/**
 * What the API answers about stock, forecasts and orders of goods, in the shape of the generated types. Written by hand until
 * `docs/openapi.json` has these routes; then this file goes, and its names come from `types.ts` as all others do.
 */
import type { Client } from 'openapi-fetch'
import { api } from './client'

type Unavailable = { [field: string]: string }

export interface LeadTime {
  mean_days: number
  sd_days: number
}

export type Urgency = 'out' | 'critical' | 'high' | 'medium' | 'low' | 'unknown'
export type StockState = 'reorder' | 'overstock' | 'dead' | 'slow' | 'untracked'

export interface StockLocation {
  id: string
  name: string
  on_hand?: number | null
  available?: number | null
  committed?: number | null
  incoming?: number | null
}

export interface StockOut {
  earliest?: string | null
  expected?: string | null
  latest?: string | null
  beyond_forecast: boolean
}

export interface InventoryItem {
  variant_id: string
  product_id: string
  title: string
  sku?: string | null
  vendor?: string | null
  product_type?: string | null
  image_url?: string | null
  tracked?: boolean | null
  on_hand?: number | null
  available?: number | null
  committed?: number | null
  incoming?: number | null
  on_order: number
  position?: number | null
  locations: StockLocation[]
  demand: {
    per_day?: number | null
    next_28?: number | null
    sold_7: number
    sold_28: number
    sold_90: number
    sell_through?: number | null
    lost_28?: number | null
    history: 'enough' | 'too_little' | 'none'
  }
  cover_days?: number | null
  stock_out?: StockOut | null
  urgency: Urgency
  abc: 'a' | 'b' | 'c' | 'unknown'
  xyz: 'x' | 'y' | 'z' | 'unknown'
  states: StockState[]
  lead_time?: (LeadTime & { source: 'variant' | 'vendor' | 'store' | 'orders'; orders: number }) | null
  reorder: {
    point?: number | null
    safety_stock?: number | null
    order_by?: string | null
    quantity?: number | null
    economic_quantity?: number | null
    unit_cost?: string | null
    cost?: string | null
  }
  value?: string | null
  overstock: { units?: number | null; value?: string | null }
  last_sold_on?: string | null
  unavailable: Unavailable
}

export interface InventorySummary {
  variants: number
  out: number
  critical: number
  high: number
  medium: number
  low: number
  unknown: number
  reorder: number
  overstock: number
  dead: number
  slow: number
  /** Variants with stock whose cost is not known: they are in no value. */
  without_cost: number
  stock_value?: string | null
  overstock_value?: string | null
  dead_value?: string | null
  unavailable: Unavailable
}

export interface ForecastStanding {
  as_of?: string | null
  learned_to?: string | null
  state: 'none' | 'fresh' | 'stale' | 'running'
  run_id?: string | null
  reason?: string | null
}

export interface InventoryList {
  items: InventoryItem[]
  total: number
  next_cursor?: string | null
  currency: string
  today: string
  summary: InventorySummary
  forecast: ForecastStanding
  stock_history: { since?: string | null; reason?: string | null }
}

export interface ForecastStep {
  day: string
  mean: number
  point: number
  p10: number
  p90: number
}

export interface Forecast {
  level: ForecastLevel
  variant_id?: string | null
  product_id?: string | null
  title: string
  state: 'ready' | 'none'
  made_at?: string | null
  first?: string | null
  steps: ForecastStep[]
  levels: number[]
  model?: string | null
  trained?: { from: string; to: string; days: number; censored: number } | null
  own_past?: { mase?: number | null; wape?: number | null; coverage?: number | null; origins: number } | null
  history: 'enough' | 'too_little' | 'none'
  history_reason?: string | null
  borrowed_from?: string | null
  reused: boolean
  past: { day: string; demand?: number | null }[]
  unavailable: Unavailable
}

export type ForecastLevel = 'variant' | 'product' | 'store'

export interface DemandDay {
  day: string
  sold: number
  returned: number
  demand?: number | null
  stock?: number | null
}

export interface CoverDay {
  day: string
  low: number
  expected: number
  high: number
}

export interface Arrival {
  /** None is told; one before today is overdue. */
  day?: string | null
  units: number
  purchase_order_id: string
  number: string
}

export interface InventoryVariant extends InventoryItem {
  history: DemandDay[]
  forecast: Forecast
  cover: CoverDay[]
  arrivals: Arrival[]
  settings: {
    lead_time?: LeadTime | null
    pack?: number | null
    minimum?: number | null
    supplier_id?: string | null
  }
  currency: string
  today: string
}

export interface ForecastRun {
  id: string
  store_id: string
  trigger: 'schedule' | 'request'
  status: 'queued' | 'running' | 'cancelling' | 'cancelled' | 'succeeded' | 'failed'
  day: string
  done: number
  total?: number | null
  refitted: number
  reused: number
  too_little: number
  scored_days: number
  seconds?: number | null
  created_at: string
  started_at?: string | null
  finished_at?: string | null
  error?: { message: string; remedy: string } | null
}

export interface ForecastScore {
  n: number
  mase?: number | null
  wape?: number | null
  bias?: number | null
  coverage?: number | null
}

export interface ForecastAccuracy {
  from: string
  to: string
  level: ForecastLevel
  total?: ForecastScore | null
  buckets: (ForecastScore & { bucket: string; from: number; to: number })[]
  models: (ForecastScore & { model: string })[]
  days: (ForecastScore & { day: string })[]
  drift: {
    state: 'none' | 'drifting' | 'too_early'
    recent_mase?: number | null
    past_mase?: number | null
    p_value?: number | null
    reason: string
  }
  unavailable: Unavailable
}

export interface VariantSettings {
  variant_id: string
  lead_time?: LeadTime | null
  pack?: number | null
  minimum?: number | null
  supplier_id?: string | null
}

export interface InventorySettings {
  store_id: string
  /** 0: nobody set anything, the defaults hold. */
  version: number
  service_level: number
  order_cost: string
  holding_rate: number
  cover_days: number
  overstock_days: number
  dead_days: number
  lead_time?: LeadTime | null
  vendors: { vendor: string; lead_time: LeadTime }[]
  variants: VariantSettings[]
  approval_limit: string
  admin_limit: string
  currency: string
  updated_at?: string | null
  updated_by?: string | null
}

export type InventorySettingsChange = Omit<
  InventorySettings,
  'store_id' | 'currency' | 'updated_at' | 'updated_by'
>

export interface Supplier {
  id: string
  name: string
  email?: string | null
  currency: string
  lead_days?: number | null
  note?: string | null
  archived: boolean
  learned_lead?: (LeadTime & { orders: number }) | null
}

export interface NewSupplier {
  name: string
  email: string | null
  currency: string
  lead_days: number | null
  note: string | null
}

export type PurchaseStatus =
  | 'draft'
  | 'approved'
  | 'sent'
  | 'received_partly'
  | 'received'
  | 'closed'
  | 'cancelled'

export interface PurchaseLine {
  line: number
  variant_id: string
  title: string
  sku?: string | null
  quantity: number
  unit_cost: string
  cost: string
  received: number
  difference?: number | null
}

export interface PurchaseReceipt {
  at: string
  by: string
  received_on: string
  lines: { line: number; quantity: number; note?: string | null }[]
  note?: string | null
}

export interface PurchaseOrder {
  id: string
  number: string
  store_id: string
  supplier: { id: string; name: string; email?: string | null }
  status: PurchaseStatus
  version: number
  currency: string
  total: string
  expected_on?: string | null
  pay_on?: string | null
  note?: string | null
  lines: PurchaseLine[]
  receipts: PurchaseReceipt[]
  created_at: string
  created_by: string
  approved_at?: string | null
  approved_by?: string | null
  sent_at?: string | null
  sent_by?: string | null
  sent_how?: 'mail' | 'file' | null
  closed_at?: string | null
  close_reason?: string | null
  needs: 'nothing' | 'somebody_else' | 'admin'
  may_approve: boolean
  why_not?: string | null
}

export interface NewPurchaseOrder {
  supplier_id: string
  store_id: string | null
  expected_on: string | null
  pay_on: string | null
  note: string | null
  lines: { variant_id: string; quantity: number; unit_cost: string }[]
}

export interface NewReceipt {
  version: number
  received_on: string | null
  lines: { line: number; quantity: number; note: string | null }[]
  note: string | null
}

export interface PurchaseOutlook {
  from: string
  to: string
  currency: string
  days: { day: string; cash_out: string; arriving_units: number; orders: string[] }[]
  undated: { cash_out: string; arriving_units: number; orders: string[] }
  open_total: string
  unavailable: Unavailable
}

export interface PurchaseFilters extends OfStore {
  status?: PurchaseStatus
  supplier?: string
}

type Answer<R, S extends number = 200> = {
  [status in S]: { headers: { [name: string]: unknown }; content: { 'application/json': R } }
}
type Parameters<Q, P> = {
  query?: Q
  header?: never
  cookie?: never
} & ([P] extends [null] ? { path?: never } : { path: P })
type Operation<Q, P, R, S extends number = 200> = {
  parameters: Parameters<Q, P>
  requestBody?: never
  responses: Answer<R, S>
}
type Writing<B, P, R, S extends number = 200, Q = never> = {
  parameters: Parameters<Q, P>
  requestBody: { content: { 'application/json': B } }
  responses: Answer<R, S>
}
/** The address has no part that varies. */
type Nowhere = null

interface OfStore {
  store_id?: string
}
export interface Paged {
  cursor?: string
  limit?: number
}
export interface InventoryFilters extends OfStore {
  q?: string
  urgency?: Urgency
  abc?: InventoryItem['abc']
  xyz?: InventoryItem['xyz']
  state?: StockState
  vendor?: string
  sort?: string
}

export interface InventoryPaths {
  '/v1/inventory': { get: Operation<InventoryFilters & Paged, Nowhere, InventoryList> }
  '/v1/inventory/{variant}': { get: Operation<OfStore, { variant: string }, InventoryVariant> }
  '/v1/forecasts/refresh': { post: Writing<{ store_id: string | null }, Nowhere, ForecastRun, 202> }
  '/v1/forecasts/runs': {
    get: Operation<
      OfStore & Paged,
      Nowhere,
      { runs: ForecastRun[]; total: number; next_cursor?: string | null }
    >
  }
  '/v1/forecasts/accuracy': {
    get: Operation<OfStore & { days?: number; level?: ForecastLevel }, Nowhere, ForecastAccuracy>
  }
  '/v1/inventory-settings': {
    get: Operation<OfStore, Nowhere, InventorySettings>
    put: Writing<InventorySettingsChange, Nowhere, InventorySettings, 200, OfStore>
  }
  '/v1/suppliers': {
    get: Operation<Paged, Nowhere, { suppliers: Supplier[]; total: number; next_cursor?: string | null }>
    post: Writing<NewSupplier, Nowhere, Supplier, 201>
  }
  '/v1/suppliers/{id}': {
    put: Writing<NewSupplier & { archived: boolean }, { id: string }, Supplier>
  }
  '/v1/purchase-orders': {
    get: Operation<
      PurchaseFilters & Paged,
      Nowhere,
      { purchase_orders: PurchaseOrder[]; total: number; next_cursor?: string | null }
    >
    post: Writing<NewPurchaseOrder, Nowhere, PurchaseOrder, 201>
  }
  '/v1/purchase-orders/outlook': {
    get: Operation<OfStore & { days?: number }, Nowhere, PurchaseOutlook>
  }
  '/v1/purchase-orders/{id}': {
    get: Operation<never, { id: string }, PurchaseOrder>
    put: Writing<NewPurchaseOrder & { version: number }, { id: string }, PurchaseOrder>
  }
  '/v1/purchase-orders/{id}/approve': {
    post: Writing<{ version: number }, { id: string }, PurchaseOrder>
  }
  '/v1/purchase-orders/{id}/send': {
    post: Writing<{ version: number; by: 'mail' | 'file' }, { id: string }, PurchaseOrder>
  }
  '/v1/purchase-orders/{id}/receive': { post: Writing<NewReceipt, { id: string }, PurchaseOrder> }
  '/v1/purchase-orders/{id}/close': {
    post: Writing<{ version: number; reason: string | null }, { id: string }, PurchaseOrder>
  }
  '/v1/purchase-orders/{id}/cancel': {
    post: Writing<{ version: number; reason: string }, { id: string }, PurchaseOrder>
  }
}

/** The same client, by the types above. */
export const inventoryApi = api as unknown as Client<InventoryPaths>
