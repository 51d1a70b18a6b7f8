/**
 * The mock backend of change-sets and stops. Keeps state: what is approved is applied over a while, one operation after
 * the other. Reason "drift" finds the first operation changed meanwhile, "fail" fails the third; title "stale" refuses the digest.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  ChangeEdit,
  ChangeOperation,
  ChangeSet,
  GuardrailLimits,
  Guardrails,
  GuardrailsChange,
  NewChangeSet,
  Stop,
  StopScope,
} from '@/shared/api/types'
import type { StopBoard } from './agents'
import { CURRENCY, STORE } from './reports'
import type { Shop } from './shop'

const STEP_MS = 400
const PERSON = { kind: 'person', name: 'olivia@hearth.example' }
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const cents = (value: number) => (value / 100).toFixed(2)

interface State {
  sets: ChangeSet[]
  approvedAt: Map<string, number>
  board: StopBoard
  shop: Shop
}

function refusal(status: number, detail: string, field?: string) {
  return HttpResponse.json(
    {
      type: 'about:blank',
      title: `Status ${status}`,
      status,
      detail,
      request_id: 'req_mock',
      ...(field && { errors: [{ field, message: detail }] }),
    },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

function operation(no: number, label: string, before: string, after: string): ChangeOperation {
  return {
    no,
    kind: 'price',
    label,
    entity: `variant ${no}`,
    before: { type: 'money', amount: before, currency: CURRENCY },
    after: { type: 'money', amount: after, currency: CURRENCY },
    details: [],
    relative: Number(after) / Number(before) - 1,
    state: 'proposed',
    reversibility: 'exact',
    error: null,
    intended_at: null,
    ended_at: null,
  }
}

function makeSet(
  id: string,
  title: string,
  operations: ChangeOperation[],
  more: Partial<ChangeSet> = {},
): ChangeSet {
  return {
    id,
    store_id: STORE.id,
    connection_id: 'con_1',
    title,
    reason: 'The supplier raised its prices.',
    origin: { kind: 'person' },
    proposed_by: PERSON,
    status: 'proposed',
    version: 1,
    digest: `digest-of-${id}`,
    reversibility: 'exact',
    operations,
    evidence: [],
    effect: null,
    effect_unknown: 'no experiment has measured how sales answer to prices',
    risk: { score: 180, band: 'low', reasons: ['3 prices change', 'no price moves by more than 10 %'] },
    created_at: ago(25),
    expires_at: ago(-60 * 71),
    approval: null,
    rejection: null,
    started_at: null,
    finished_at: null,
    error: null,
    undone_by: null,
    outcomes: [],
    may_undo: false,
    ...more,
  }
}

function priced(shop: Shop, from: number, factor: number): ChangeOperation[] {
  return shop.products
    .slice(from, from + 3)
    .map((product, index) =>
      operation(index + 1, product.title, cents(product.price), cents(Math.round(product.price * factor))),
    )
}

function ended(list: ChangeOperation[], states: Partial<ChangeOperation>[]): ChangeOperation[] {
  return list.map((one, index) => ({ ...one, intended_at: ago(1439), ended_at: ago(1438), ...states[index] }))
}

function seeds(shop: Shop): ChangeSet[] {
  const approval = { by: PERSON, at: ago(1440), note: 'Checked against the price list.' }
  const past = { approval, created_at: ago(1500), started_at: ago(1440), finished_at: ago(1438), version: 4 }
  return [
    makeSet('set_1', 'Raise three prices by 6 %', priced(shop, 0, 1.06)),
    makeSet('set_2', 'Clear the slow movers', priced(shop, 5, 0.7), {
      origin: { kind: 'agent', agent: 'pricing_optimizer', run_id: 'run_7' },
      proposed_by: { kind: 'agent', name: 'Pricing optimizer' },
      reason: 'Three products have cover for more than 200 days.',
      evidence: [
        {
          title: 'Cover',
          observed_at: ago(90),
          rows: [
            { label: 'Ceramic pour-over set', value: '231 days' },
            { label: 'Oak monitor stand', value: '214 days' },
            { label: 'Merino travel blanket', value: '208 days' },
          ],
        },
      ],
      effect: { days: 30, low: '-40.00', mean: '310.00', high: '655.00' },
      effect_unknown: null,
      risk: {
        score: 540,
        band: 'medium',
        reasons: ['each price falls by 30 %', 'one price falls below the cost of its product'],
      },
      expires_at: ago(-180),
    }),
    makeSet(
      'set_3',
      'Prices after the new freight rates',
      ended(priced(shop, 9, 1.04), [
        { state: 'applied' },
        { state: 'drifted', error: 'the price was changed in the shop after this was planned' },
        { state: 'failed', error: 'the shop refused the price: the product is archived' },
      ]),
      { ...past, status: 'partly_applied', may_undo: true, error: '1 of 3 operations is in effect' },
    ),
    makeSet(
      'set_4',
      'Back to the list price',
      ended(priced(shop, 12, 1.1), [{ state: 'applied' }, { state: 'applied' }, { state: 'applied' }]),
      {
        origin: { kind: 'agent', agent: 'pricing_optimizer', run_id: 'run_3' },
        proposed_by: { kind: 'agent', name: 'pricing_optimizer' },
        ...past,
        status: 'applied',
        may_undo: true,
        outcomes: [
          {
            window_days: 1,
            through: '2026-07-02',
            measured_at: ago(60),
            effect: null,
            effect_unknown: '4 units were sold in the 28 days before; 10 are needed',
            predicted: null,
            agrees: null,
            method: '',
          },
          {
            window_days: 3,
            through: '2026-07-04',
            measured_at: ago(30),
            effect: { days: 3, low: '-12.00', mean: '48.50', high: '109.00' },
            effect_unknown: null,
            predicted: { days: 3, low: '10.00', mean: '40.00', high: '70.00' },
            agrees: true,
            method:
              'four weeks before against the days after, next to 41 variants whose prices did not change',
          },
        ],
      },
    ),
    makeSet(
      'set_5',
      'One answer was lost',
      ended(priced(shop, 9, 1.04), [
        { state: 'applied' },
        { state: 'unknown', error: 'the answer was lost, and the price is 12.34 USD by now' },
        { state: 'skipped' },
      ]),
      { ...past, status: 'unknown', error: '1 of 3 changes is in effect' },
    ),
  ]
}

/** Where the application of a set has come to by now. */
function advance(state: State, set: ChangeSet): ChangeSet {
  const since = state.approvedAt.get(set.id)
  if (since === undefined || !['approved', 'applying'].includes(set.status)) return set
  const steps = Math.floor((Date.now() - since) / STEP_MS)
  if (steps < 1) return set
  set.status = 'applying'
  set.started_at ??= new Date(since + STEP_MS).toISOString()
  const open = set.operations.filter(one => one.state !== 'rejected')
  for (const [index, one] of open.slice(0, steps - 1).entries()) {
    if (one.state !== 'approved') continue
    one.ended_at = new Date().toISOString()
    one.state = 'applied'
    if (state.board.stops.length > 0)
      refuse(one, 'refused', `the emergency stop is on: ${state.board.stops[0]?.reason}`)
    else if (set.reason === 'drift' && index === 0)
      refuse(one, 'drifted', 'the price was changed in the shop after this was planned')
    else if (set.reason === 'fail' && index === 2) refuse(one, 'failed', 'the shop refused the price')
  }
  if (steps - 1 < open.length) return set
  const done = open.filter(one => one.state === 'applied').length
  set.status = done === open.length ? 'applied' : done > 0 ? 'partly_applied' : 'failed'
  set.error = done === open.length ? null : `${done} of ${open.length} operations are in effect`
  set.finished_at = new Date().toISOString()
  set.may_undo = done > 0
  set.version += 1
  return set
}

function refuse(one: ChangeOperation, to: 'refused' | 'drifted' | 'failed', error: string) {
  one.state = to
  one.error = error
}

function worded(no: number, more: Partial<ChangeOperation>): ChangeOperation {
  return { ...operation(no, '', '1', '1'), relative: null, ...more }
}

function cancelled(no: number, shop: Shop, edit: Extract<ChangeEdit, { kind: 'cancel_order' }>) {
  const order = shop.orders.find(one => one.id === edit.order_id)
  return worded(no, {
    kind: 'cancel_order',
    label: order?.name ?? edit.order_id,
    entity: `order:${edit.order_id}`,
    before: { type: 'text', text: 'open' },
    after: { type: 'text', text: 'cancelled' },
    reversibility: 'irreversible',
    details: [
      { label: 'Order total', value: '120.00 USD' },
      { label: 'Reason', value: 'the customer asked for it' },
      { label: 'Payment', value: edit.refund === false ? 'kept' : 'given back the way it came' },
      { label: 'Stock', value: edit.restock === false ? 'stays set aside' : 'can be sold again' },
      { label: 'Customer', value: edit.notify_customer ? 'told by mail' : 'not told' },
    ],
  })
}

function refunded(no: number, shop: Shop, edit: Extract<ChangeEdit, { kind: 'refund_order' }>) {
  const order = shop.orders.find(one => one.id === edit.order_id)
  return worded(no, {
    kind: 'refund_order',
    label: order?.name ?? edit.order_id,
    entity: `order:${edit.order_id}`,
    before: { type: 'money', amount: '0.00', currency: 'USD' },
    after: { type: 'money', amount: '42.00', currency: 'USD' },
    reversibility: 'irreversible',
    details: [
      { label: 'Given back', value: '42.00 USD' },
      { label: 'Lines', value: String(edit.lines?.length ?? 0) },
      { label: 'Shipping', value: edit.shipping ? 'what is left of it is given back' : 'kept' },
      { label: 'Undo', value: 'nothing takes it back' },
    ],
  })
}

/** "2026-11-28 17:30 UTC" */
const toldMoment = (at: string) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

function discounted(no: number, edit: Extract<ChangeEdit, { kind: 'discount' }>) {
  const count = edit.product_ids?.length ?? 0
  return worded(no, {
    kind: 'discount',
    label: edit.code ?? edit.title ?? '',
    entity: `discount:${edit.code ?? edit.title}`,
    before: null,
    after: { type: 'text', text: `${edit.percent} % off` },
    reversibility: 'compensating',
    details: [
      { label: 'How', value: edit.code ? `with the code ${edit.code}` : 'by itself, without a code' },
      { label: 'On', value: count > 0 ? `${count} products` : 'everything' },
      { label: 'Until', value: edit.ends_at ? toldMoment(edit.ends_at) : 'until it is ended' },
    ],
  })
}

function proposed(shop: Shop, edits: ChangeEdit[]): ChangeOperation[] {
  return edits.flatMap((edit, index) => {
    if (edit.kind === 'cancel_order') return [cancelled(index + 1, shop, edit)]
    if (edit.kind === 'refund_order') return [refunded(index + 1, shop, edit)]
    if (edit.kind === 'discount') return [discounted(index + 1, edit)]
    if (edit.kind !== 'price') return []
    const product = shop.products.find(candidate => candidate.id === edit.variant_id)
    return product ? [operation(index + 1, product.title, cents(product.price), edit.after)] : []
  })
}

export function changeHandlers(shop: Shop, board: StopBoard): RequestHandler[] {
  const state: State = { sets: seeds(shop), approvedAt: new Map(), board, shop }
  return [...setHandlers(state), ...decisionHandlers(state), ...stopHandlers(state), ...guardrailHandlers()]
}

const found = (state: State, id: unknown) => state.sets.find(set => set.id === id)

function setHandlers(state: State): RequestHandler[] {
  return [
    http.get('*/v1/change-sets', ({ request }) => {
      const get = (name: string) => new URL(request.url).searchParams.get(name)
      const all = state.sets.map(set => advance(state, set))
      const list = all
        .filter(set => !get('status') || set.status === get('status'))
        .filter(set => !get('agent') || set.origin.agent === get('agent'))
        .filter(set => !get('run') || set.origin.run_id === get('run'))
      const from = Number(get('cursor') ?? 0)
      const next = from + Number(get('limit') ?? 50)
      return HttpResponse.json({
        change_sets: list.slice(from, next),
        total: list.length,
        next_cursor: next < list.length ? String(next) : null,
        waiting: all.filter(set => set.status === 'proposed').length,
      })
    }),
    http.post('*/v1/agents/:id/rewind', async ({ params, request }) => {
      const { since } = (await request.json()) as { since: string }
      const made = state.sets
        .filter(set => set.origin.agent === params.id && set.may_undo && set.created_at >= since)
        .map((set, index) =>
          makeSet(`set_back_${index}`, `Undo: ${set.title}`, set.operations, {
            origin: { kind: 'undo', of: set.id },
            created_at: ago(0),
          }),
        )
      state.sets.unshift(...made)
      return HttpResponse.json({ change_sets: made }, { status: 201 })
    }),
    http.post('*/v1/change-sets', async ({ request }) => {
      const input = (await request.json()) as NewChangeSet
      const operations = proposed(state.shop, input.edits)
      if (operations.length === 0) return refusal(422, 'nothing would change', 'edits')
      const [first] = operations
      const calls = first?.kind === 'cancel_order' ? 'Cancellation of ' : 'Discount '
      const title = first?.kind === 'price' ? 'Prices' : `${calls}${first?.label}`
      const made = makeSet(`set_${state.sets.length + 1}`, input.title ?? title, operations, {
        reason: input.reason ?? '',
        created_at: ago(0),
        ...(first?.kind === 'cancel_order' && {
          reversibility: 'irreversible',
          effect_unknown: 'nobody can tell who orders again',
          risk: { score: 703, band: 'high', reasons: ['one change', 'nothing takes it back'] },
        }),
      })
      state.sets.unshift(made)
      return HttpResponse.json(made, { status: 201 })
    }),
    http.get('*/v1/change-sets/:id', ({ params }) => {
      const set = found(state, params.id)
      return set ? HttpResponse.json(advance(state, set)) : refusal(404, 'there is no such change-set')
    }),
  ]
}

function decisionHandlers(state: State): RequestHandler[] {
  const now = () => new Date().toISOString()
  return [
    http.post('*/v1/change-sets/:id/approve', async ({ params, request }) => {
      const input = (await request.json()) as { digest: string; reject?: number[]; note?: string }
      const set = found(state, params.id)
      if (set?.status !== 'proposed') return refusal(409, 'it waits for nobody any more')
      if (set.digest !== input.digest || set.title === 'stale')
        return refusal(409, 'it is not what was looked at any more; look again')
      for (const one of set.operations) one.state = input.reject?.includes(one.no) ? 'rejected' : 'approved'
      set.status = 'approved'
      set.approval = { by: PERSON, at: now(), note: input.note ?? null }
      state.approvedAt.set(set.id, Date.now())
      return HttpResponse.json(set)
    }),
    http.post('*/v1/change-sets/:id/reject', async ({ params, request }) => {
      const input = (await request.json()) as { note?: string }
      const set = found(state, params.id)
      if (set?.status !== 'proposed') return refusal(409, 'it waits for nobody any more')
      set.status = 'rejected'
      set.rejection = { by: PERSON, at: now(), note: input.note ?? null }
      for (const one of set.operations) one.state = 'rejected'
      return HttpResponse.json(set)
    }),
    http.post('*/v1/change-sets/:id/settle', async ({ params, request }) => {
      const input = (await request.json()) as {
        outcomes: { no: number; in_effect: boolean }[]
        note?: string
      }
      const set = found(state, params.id)
      if (set?.status !== 'unknown') return refusal(409, 'it is known what became of it')
      if (input.outcomes.length > 0 && !input.note)
        return refusal(422, 'is needed where a person says what the shop does not show', 'note')
      for (const told of input.outcomes) {
        const one = set.operations.find(operation => operation.no === told.no)
        if (one) one.state = told.in_effect ? 'applied' : 'failed'
      }
      if (!set.operations.some(one => one.state === 'unknown')) set.status = 'partly_applied'
      return HttpResponse.json(set)
    }),
    http.post('*/v1/change-sets/:id/undo', ({ params }) => {
      const set = found(state, params.id)
      if (!set?.may_undo) return refusal(409, 'nothing of it can be put back')
      const back = set.operations
        .filter(one => one.state === 'applied')
        .map((one, index) => ({
          ...one,
          no: index + 1,
          before: one.after ?? null,
          after: one.before ?? null,
          state: 'proposed' as const,
          ended_at: null,
          intended_at: null,
        }))
      const made = makeSet(`set_${state.sets.length + 1}`, `Undo: ${set.title}`, back, {
        origin: { kind: 'undo', of: set.id },
        created_at: now(),
      })
      state.sets.unshift(made)
      set.undone_by = made.id
      set.may_undo = false
      return HttpResponse.json(made, { status: 201 })
    }),
  ]
}

const LIMITS: GuardrailLimits = {
  price_step: 2_000,
  price_day: 2_500,
  operations_day: 100,
  cool_down: 4,
  margin: 1_500,
  ad_budget: 5_000,
  refund_alone: null,
  refund_day: null,
  hours: null,
}

const BOUNDS = [
  { key: 'price_step', min: 100, max: 5_000 },
  { key: 'price_day', min: 100, max: 10_000 },
  { key: 'operations_day', min: 1, max: 1_000 },
  { key: 'cool_down', min: 1, max: 720 },
  { key: 'margin', min: 0, max: 9_000 },
  { key: 'ad_budget', min: 100, max: 10_000 },
]

/** Asks for a reason where a price may move further, as the product does for every limit. */
function guardrailHandlers(): RequestHandler[] {
  let now: Guardrails = {
    store: 'store_1',
    version: 0,
    limits: LIMITS,
    defaults: LIMITS,
    bounds: BOUNDS,
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    updated_at: null,
    updated_by: null,
    reason: null,
  }
  return [
    http.get('*/v1/guardrails', () => HttpResponse.json(now)),
    http.get('*/v1/refund-allowance', () => {
      const { refund_alone: alone, refund_day: day } = now.limits
      const left = [alone, day].filter(one => one !== null).map(Number)
      return HttpResponse.json({
        currency: now.currency,
        alone,
        day,
        used: '0.00',
        left: left.length > 0 ? Math.min(...left).toFixed(2) : null,
        others: 1,
      })
    }),
    http.put('*/v1/guardrails', async ({ request }) => {
      const change = (await request.json()) as GuardrailsChange
      if (change.limits.price_step > now.limits.price_step && !change.reason) {
        const errors = [{ field: 'reason', message: 'is needed where more is let through than before' }]
        return HttpResponse.json({ title: 'Not stored', errors }, { status: 422 })
      }
      now = {
        ...now,
        version: now.version + 1,
        limits: change.limits,
        updated_at: new Date().toISOString(),
        updated_by: PERSON.name,
        reason: change.reason ?? null,
      }
      return HttpResponse.json(now)
    }),
  ]
}

function stopHandlers(state: State): RequestHandler[] {
  const same = (scope: StopScope) => (stop: Stop) =>
    stop.scope.kind === scope.kind && stop.scope.id === scope.id
  const answer = (status = 200) => HttpResponse.json({ stops: state.board.stops }, { status })
  return [
    http.get('*/v1/stops', () => answer()),
    http.post('*/v1/stops', async ({ request }) => {
      const input = (await request.json()) as { scope: StopScope; reason: string }
      state.board.stops.push({ ...input, by: PERSON.name, at: new Date().toISOString() })
      return answer(201)
    }),
    http.post('*/v1/stops/lift', async ({ request }) => {
      const input = (await request.json()) as { scope: StopScope; reason: string }
      state.board.stops = state.board.stops.filter(stop => !same(input.scope)(stop))
      return answer()
    }),
  ]
}
