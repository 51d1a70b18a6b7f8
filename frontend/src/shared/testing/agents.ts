/**
 * The mock backend of agents, their runs and the jobs. Keeps state: a run goes by the clock from queued to its end, and an
 * agent holds one run at a time. Fails on purpose: schedule "never", a change of version 1 where another stored
 * one meanwhile, `minimum_margin` outside its range; run_3 was pruned, run_5 does not come to the same again.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  Agent,
  AgentDetail,
  AgentField,
  Job,
  LogLine,
  Rehearsal,
  Run,
  RunStep,
  Stop,
} from '@/shared/api/types'
import { addDays, daysBetween } from '@/shared/format/time'
import { CURRENCY, STORE, TIMEZONE } from './reports'
import type { Shop } from './shop'

const PERSON = 'olivia@hearth.example'
const STEP_MS = 500
const FEW_RUNS = 40

/** Tomorrow at 06:00 of the shop, in winter. */
function tomorrowAtSix(): string {
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  return `${day}T11:00:00Z`
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** The stops that are on: pulled on one page, read by all. */
export interface StopBoard {
  stops: Stop[]
}

interface State {
  agents: AgentDetail[]
  runs: Run[]
  startedAt: Map<string, number>
  board: StopBoard
  shop: Shop
}

function refusal(status: number, detail: string, field?: string, more: object = {}) {
  return HttpResponse.json(
    {
      type: 'about:blank',
      title: `Status ${status}`,
      status,
      detail,
      request_id: 'req_mock',
      ...(field && { errors: [{ field, message: detail }] }),
      ...more,
    },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

const field = (
  key: string,
  label: string,
  unit: AgentField['unit'],
  [usual, min, max]: [number, number, number],
  help: string,
): AgentField => ({ key, label, unit, default: usual, min, max, help })

const PRICING_FIELDS: AgentField[] = [
  field(
    'minimum_margin',
    'Minimum margin',
    'share',
    [1500, 0, 9000],
    'No price below it, after fees and costs.',
  ),
  field('largest_change', 'Largest change', 'share', [500, 10, 3000], 'Of one price in one proposal.'),
  field('cool_down', 'Cool-down', 'hours', [72, 1, 720], 'Between two changes of the same price.'),
  field(
    'slow_cover',
    'Slow mover from',
    'days',
    [180, 30, 730],
    'Days that the stock lasts at the present pace.',
  ),
  field(
    'elasticity_prior',
    'Elasticity assumed',
    'ratio',
    [-15_000, -50_000, -1_000],
    'Where a product has no price changes of its own to learn from.',
  ),
  field('smallest_gain', 'Smallest gain', 'money', [500, 0, 10_000_000], 'In 30 days; less is not proposed.'),
  field('round_to_99', 'End on .99', 'flag', [1, 0, 1], 'Prices are moved to the nearest such ending.'),
  field(
    'left_alone',
    'Tags that are left alone',
    'words',
    [0, 0, 20],
    'Products with one of them keep their price.',
  ),
]

const MULTIPLE = 'As a multiple of the store’s own middle order.'

const ORDER_FIELDS: AgentField[] = [
  field(
    'hold_from',
    'Hold from',
    'points',
    [80, 0, 100],
    'Orders with at least this many points of 100 are held and reviewed.',
  ),
  field(
    'regular',
    'Regular customer',
    'points',
    [-5, -100, 0],
    'Points of 100 that are added; negative ones lower the score.',
  ),
  field('large_above', 'Large is above', 'money', [50_000, 0, 1_000_000_000_000], 'Amount of the order.'),
  field('large_times', 'Large is above', 'ratio', [50_000, 0, 10_000_000], MULTIPLE),
  field(
    'relative_amounts',
    'Weigh amounts by the store’s own',
    'flag',
    [0, 0, 1],
    'Instead of fixed amounts.',
  ),
  field('late_after', 'Late after', 'days', [3, 1, 60], 'Since payment, in which nothing was sent.'),
]

function makeAgent(id: string, more: Partial<AgentDetail>): AgentDetail {
  return {
    id,
    type: id,
    name: id,
    status: 'idle',
    health: 'ok',
    last_activity: ago(52),
    total_tasks: 0,
    completed_tasks: 0,
    error_count: 0,
    performance: { avg_response_time: null, success_rate: null, throughput: 0 },
    capabilities: [],
    schedule: '0 6 * * *',
    autonomy: 'propose',
    next_run_at: tomorrowAtSix(),
    enabled: true,
    proposes: true,
    waits_for: null,
    decides: '',
    open_run: null,
    stop: null,
    waiting: 0,
    calibration: { measured: 0, agreed: 0, score: null },
    settings: { version: 0, values: {}, reason: null, updated_at: null, updated_by: null },
    fields: [],
    budget: {
      runs_per_hour: 60,
      runs_per_day: 1000,
      proposals_per_run: 20,
      writes_per_day: 20,
      money_per_day: null,
      calls_per_day: null,
      unknown_effect: 'refused',
    },
    triggers: [],
    time_limit_s: 600,
    schedule_default: '0 6 * * *',
    timezone: TIMEZONE,
    currency: CURRENCY,
    ...more,
  }
}

function seedAgents(): AgentDetail[] {
  return [
    makeAgent('pricing_optimizer', {
      name: 'Pricing optimizer',
      decides:
        'Which prices to change within margin floors, from cost, stock cover, demand response and rules.',
      total_tasks: 31,
      completed_tasks: 30,
      error_count: 1,
      performance: { avg_response_time: 2.41, success_rate: 96.8, throughput: 0.043 },
      capabilities: [
        'raises prices that leave less than the least margin',
        'moves prices towards more contribution margin where demand has been seen to answer to price',
      ],
      waiting: 1,
      calibration: { measured: 6, agreed: 5, score: 0.833 },
      fields: PRICING_FIELDS,
      triggers: ['costs.changed', 'inventory.low'],
      settings: {
        version: 3,
        values: { minimum_margin: 2000, left_alone: ['gift card', 'clearance'] },
        reason: 'Freight became dearer.',
        updated_at: ago(60 * 50),
        updated_by: PERSON,
      },
    }),
    makeAgent('order_management', {
      name: 'Order management',
      decides: 'Which orders are risky, late or stuck: what is held, released, tagged or shown to you.',
      health: 'unknown',
      last_activity: null,
      schedule: '*/15 * * * *',
      schedule_default: '*/15 * * * *',
      autonomy: 'observe',
      enabled: false,
      next_run_at: null,
      capabilities: [
        'scores the risk of open orders and says why',
        'holds orders of high risk until a person has looked',
      ],
      fields: ORDER_FIELDS,
      triggers: ['orders.changed'],
    }),
    makeAgent('analytics', {
      name: 'Analytics',
      decides:
        'What the day before brought and why, which of its figures are unusual, and what is not known of it.',
      autonomy: 'observe',
      proposes: false,
      capabilities: ['writes the brief of each day, once, into the Inbox and to those who want it by mail'],
    }),
  ]
}

function step(name: string, startedMinutes: number, seconds: number, result: string): RunStep {
  const started_at = ago(startedMinutes)
  return {
    name,
    state: 'done',
    started_at,
    ended_at: new Date(Date.parse(started_at) + seconds * 1000).toISOString(),
    result,
  }
}

function makeRun(id: string, more: Partial<Run> = {}): Run {
  return {
    id,
    store_id: STORE.id,
    agent_id: 'pricing_optimizer',
    agent_name: 'Pricing optimizer',
    kind: 'decide',
    from: null,
    to: null,
    status: 'queued',
    trigger: { by: 'person', label: PERSON },
    parameters: {},
    settings_version: 3,
    seed: '8731946250317',
    created_at: ago(0),
    started_at: null,
    finished_at: null,
    next_try_at: null,
    seconds: null,
    attempts: 1,
    crashes: 0,
    steps: [],
    progress: null,
    facts: null,
    looked_at: 0,
    proposals: 0,
    change_sets: [],
    summary: null,
    error: null,
    rehearsal: null,
    ...more,
  }
}

function ended(id: string, minutes: number, more: Partial<Run> = {}): Run {
  return makeRun(id, {
    status: 'succeeded',
    trigger: { by: 'schedule', label: 'its schedule' },
    created_at: ago(minutes),
    started_at: ago(minutes),
    finished_at: ago(minutes - 0.05),
    seconds: 2.41,
    facts: { sha256: '9f2c'.repeat(16), bytes: 48_213, as_of: ago(minutes + 2) },
    looked_at: 16,
    summary: 'looked at 16 products: every price is where it belongs',
    steps: [
      step('gather', minutes, 0.61, '16 products, 214 days of sales, 9 price changes'),
      step('decide', minutes - 0.01, 0.02, 'nothing to propose'),
      step('propose', minutes - 0.011, 0.004, 'nothing was proposed'),
    ],
    ...more,
  })
}

function seedRuns(): Run[] {
  const many = Array.from({ length: FEW_RUNS }, (_, index) => ended(`run_old_${index}`, 1440 * (index + 5)))
  return [
    ended('run_7', 52, {
      status: 'waiting_approval',
      finished_at: null,
      seconds: null,
      proposals: 1,
      change_sets: ['set_2'],
      summary: 'proposes to clear 3 slow movers',
      steps: [
        step('gather', 52, 0.61, '16 products, 214 days of sales, 9 price changes'),
        step('decide', 51.9, 0.02, '1 proposal, 12 products left alone'),
        step('propose', 51.8, 0.08, '1 change-set waits for a decision'),
      ],
    }),
    ended('run_5', 1440),
    ended('run_4', 2 * 1440, {
      status: 'failed',
      attempts: 3,
      facts: null,
      looked_at: 0,
      summary: null,
      error: 'the shop did not answer in time while stock was read',
      steps: [
        {
          name: 'gather',
          state: 'failed',
          started_at: ago(2 * 1440),
          ended_at: ago(2 * 1440 - 0.5),
          result: 'the shop did not answer in time',
        },
      ],
    }),
    ended('run_3', 3 * 1440),
    ended('run_2', 4 * 1440, {
      status: 'dead',
      crashes: 5,
      attempts: 5,
      summary: null,
      error: 'its worker died too often',
    }),
    ...many,
  ]
}

const cents = (value: number) => (value / 100).toFixed(2)

/** A rehearsal over the days: the same each time, with a day of which nothing is known and one that loses. */
function rehearse(shop: Shop, from: string, to: string, isOfOrders: boolean): Rehearsal {
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => {
    const many = index % 9 === 4 ? 2 : index % 5 === 2 ? 1 : 0
    const mid = many === 0 ? 0 : index % 13 === 4 ? -1850 : 640 + ((index * 37) % 900)
    const effect =
      isOfOrders || index % 11 === 7
        ? null
        : {
            low: cents(mid - 900),
            mid: cents(mid),
            high: cents(mid + 1200),
            currency: CURRENCY,
            window_days: 30,
          }
    const proposals = Array.from({ length: many }, (_, at) => {
      const product = shop.products[(index + at) % shop.products.length]
      return {
        title: `${at === 0 ? 'Raise' : 'Lower'} the price of ${product?.title ?? 'a product'}`,
        reason:
          at === 0
            ? 'its margin is below the floor after the last cost change'
            : 'its stock lasts for 231 days',
        handling: at === 0 ? ('ask' as const) : ('apply' as const),
        confidence: 600 + ((index * 53) % 380),
        effect: effect && at === 0 ? effect : null,
      }
    })
    return { day: addDays(from, index), proposals, effect }
  })
  const known = days.filter(day => day.effect !== null)
  const total = known.reduce((sum, day) => sum + Math.round(Number(day.effect?.mid) * 100), 0)
  const worst = [...known].sort((a, b) => Number(a.effect?.mid) - Number(b.effect?.mid))[0]
  return {
    from,
    to,
    days,
    proposals: days.reduce((sum, day) => sum + day.proposals.length, 0),
    busiest: Math.max(...days.map(day => day.proposals.length)),
    worst: worst?.day ?? null,
    effect:
      known.length === 0
        ? null
        : {
            low: cents(Math.round(total * 0.35) - 4000),
            mid: cents(total),
            high: cents(Math.round(total * 1.6) + 4000),
            currency: CURRENCY,
            window_days: days.length,
          },
    explanation: isOfOrders
      ? 'what a hold would have saved is not known: no order of these days was charged back'
      : 'from 9 price changes of your own and the elasticity of similar products where there were none; sales that a season made are taken out by matched products',
  }
}

const PARTS = [
  ['gather', '16 products, 214 days of sales, 9 price changes'],
  ['decide', 'nothing to propose'],
  ['propose', 'nothing was proposed'],
] as const

/** Where a run has come to by now. */
function advance(state: State, run: Run): Run {
  const since = state.startedAt.get(run.id)
  if (since === undefined || !['queued', 'running', 'cancelling'].includes(run.status)) return run
  if (run.status === 'cancelling') {
    run.status = 'cancelled'
    run.finished_at = new Date().toISOString()
    run.progress = null
    return run
  }
  const at = Math.floor((Date.now() - since) / STEP_MS)
  if (at < 1) return run
  run.status = 'running'
  run.started_at ??= new Date(since + STEP_MS).toISOString()
  run.steps = PARTS.slice(0, at).map(([name, result], index) => ({
    name,
    state: index < at - 1 ? 'done' : 'running',
    started_at: new Date(since + (index + 1) * STEP_MS).toISOString(),
    ended_at: index < at - 1 ? new Date(since + (index + 2) * STEP_MS).toISOString() : null,
    result: index < at - 1 ? result : null,
  }))
  if (run.kind === 'rehearse' && run.from && run.to) {
    const total = daysBetween(run.from, run.to) + 1
    run.progress = { done: Math.min(total, Math.round((total * at) / (PARTS.length + 1))), total }
  }
  if (at <= PARTS.length) return run
  run.status = 'succeeded'
  run.finished_at = new Date(since + (PARTS.length + 1) * STEP_MS).toISOString()
  run.seconds = (PARTS.length * STEP_MS) / 1000
  run.progress = null
  run.looked_at = 16
  run.facts = { sha256: 'a41b'.repeat(16), bytes: 48_902, as_of: ago(2) }
  run.summary = 'looked at 16 products: every price is where it belongs'
  if (run.kind === 'rehearse' && run.from && run.to) {
    run.rehearsal = rehearse(state.shop, run.from, run.to, run.agent_id === 'order_management')
    run.proposals = run.rehearsal.proposals
    run.summary = `would have proposed ${run.proposals} changes`
  }
  return run
}

/** What a run has written down by now: some lines with each step. */
function linesOf(run: Run): LogLine[] {
  const texts = run.steps.flatMap(one => [
    { at: one.started_at, level: 'info' as const, text: `${one.name}: begins` },
    ...(one.name === 'gather' && one.state !== 'running'
      ? [
          {
            at: one.started_at,
            level: 'warn' as const,
            text: '4 of 16 products have no cost: they are left out, enter it under Costs',
          },
        ]
      : []),
    ...(one.ended_at
      ? [
          {
            at: one.ended_at,
            level: one.state === 'failed' ? ('error' as const) : ('info' as const),
            text: `${one.name}: ${one.result ?? 'done'}`,
          },
        ]
      : []),
  ])
  return texts.map((line, index) => ({ no: index + 1, ...line }))
}

const isHeld = (run: Run) => ['queued', 'running', 'cancelling'].includes(run.status)

function shown(state: State, agent: AgentDetail): AgentDetail {
  const open = state.runs
    .filter(run => run.agent_id === agent.id)
    .map(run => advance(state, run))
    .find(run => run.kind === 'decide' && isHeld(run))
  const stop = state.board.stops.find(
    one => one.scope.kind === 'all' || (one.scope.kind === 'agent' && one.scope.id === agent.id),
  )
  const moving = open && (open.status === 'queued' ? 'queued' : 'running')
  const status = stop ? 'stopped' : agent.enabled ? (moving ?? 'idle') : 'disabled'
  return {
    ...agent,
    status,
    open_run: open?.id ?? null,
    stop: stop
      ? { reason: stop.reason, by: stop.by, at: stop.at, scope: stop.scope.kind === 'all' ? 'all' : 'agent' }
      : null,
  }
}

function summaryOf(agent: AgentDetail): Agent {
  const { settings, fields, budget, triggers, time_limit_s, schedule_default, timezone, currency, ...rest } =
    agent
  return rest
}

export function agentHandlers(shop: Shop, board: StopBoard): RequestHandler[] {
  const state: State = { agents: seedAgents(), runs: seedRuns(), startedAt: new Map(), board, shop }
  return [...settingHandlers(state), ...startHandlers(state), ...runHandlers(state), jobHandler(state)]
}

const agentOf = (state: State, id: unknown) => state.agents.find(agent => agent.id === id)
const NO_AGENT = 'there is no such agent'

function settingHandlers(state: State): RequestHandler[] {
  return [
    http.get('*/v1/agents', () => {
      const agents = state.agents.map(agent => summaryOf(shown(state, agent)))
      return HttpResponse.json({
        agents,
        total: agents.length,
        active: agents.filter(agent => agent.enabled && agent.status !== 'stopped').length,
        timestamp: ago(0),
      })
    }),
    http.get('*/v1/agents/:id', ({ params }) => {
      const agent = agentOf(state, params.id)
      return agent ? HttpResponse.json(shown(state, agent)) : refusal(404, NO_AGENT)
    }),
    http.put('*/v1/agents/:id', async ({ params, request }) => {
      const agent = agentOf(state, params.id)
      if (!agent) return refusal(404, NO_AGENT)
      const change = (await request.json()) as Partial<AgentDetail> & Partial<AgentDetail['settings']>
      const refused = refusedChange(state, agent, change)
      if (refused) return refused
      agent.enabled = change.enabled ?? agent.enabled
      agent.autonomy = change.autonomy ?? agent.autonomy
      agent.schedule = change.schedule ?? agent.schedule
      agent.budget = change.budget ?? agent.budget
      agent.settings = {
        version: agent.settings.version + 1,
        values: change.values ?? agent.settings.values,
        reason: change.reason ?? null,
        updated_at: ago(0),
        updated_by: PERSON,
      }
      return HttpResponse.json(shown(state, agent))
    }),
  ]
}

function refusedChange(
  state: State,
  agent: AgentDetail,
  change: Partial<AgentDetail> & Partial<AgentDetail['settings']>,
) {
  if (change.version !== agent.settings.version)
    return refusal(409, 'the settings were changed meanwhile; look at them again')
  if (change.schedule === 'never') return refusal(422, 'is no cron pattern', 'schedule')
  for (const one of agent.fields) {
    const value = change.values?.[one.key]
    if (typeof value === 'number' && (value < one.min || value > one.max))
      return refusal(422, `lies from ${one.min} to ${one.max}`, `values.${one.key}`)
  }
  if ((change.budget?.writes_per_day ?? 0) > 1000)
    return refusal(422, 'is at most 1000', 'budget.writes_per_day')
  const rehearsed = state.runs.some(
    run =>
      run.kind === 'rehearse' &&
      run.status === 'succeeded' &&
      run.agent_id === agent.id &&
      run.settings_version === agent.settings.version,
  )
  if (change.autonomy === 'act' && agent.autonomy !== 'act' && (!rehearsed || !change.reason))
    return refusal(422, 'needs a finished rehearsal of the policy as it is set, and a reason', 'autonomy')
  return null
}

function start(state: State, agent: AgentDetail, more: Partial<Run>): Run {
  const run = makeRun(`run_${state.runs.length + 1}`, {
    agent_id: agent.id,
    agent_name: agent.name,
    settings_version: agent.settings.version,
    ...more,
  })
  state.runs.unshift(run)
  state.startedAt.set(run.id, Date.now())
  return run
}

function inTheWay(state: State, agent: string, kind: Run['kind']) {
  const run = state.runs
    .filter(one => one.agent_id === agent && one.kind === kind)
    .map(one => advance(state, one))
    .find(isHeld)
  return run && refusal(409, 'a run of it is under way', undefined, { run_id: run.id })
}

function startHandlers(state: State): RequestHandler[] {
  return [
    http.post('*/v1/agents/:id/run', ({ params }) => {
      const agent = agentOf(state, params.id)
      if (!agent) return refusal(404, NO_AGENT)
      const { stop } = shown(state, agent)
      if (stop) return refusal(423, `it is stopped: ${stop.reason}`)
      const refused = inTheWay(state, agent.id, 'decide')
      if (refused) return refused
      const run = start(state, agent, { kind: 'decide' })
      const { id, agent_id, status, created_at, parameters } = run
      return HttpResponse.json({ session_id: id, agent_id, status, created_at, parameters }, { status: 201 })
    }),
    http.post('*/v1/agents/:id/rehearsals', async ({ params, request }) => {
      const agent = agentOf(state, params.id)
      if (!agent) return refusal(404, NO_AGENT)
      const { from, to } = (await request.json()) as { from: string; to: string }
      if (from < state.shop.firstDay) return refusal(422, `your orders begin ${state.shop.firstDay}`, 'from')
      if (to > state.shop.lastDay) return refusal(422, `your orders end ${state.shop.lastDay}`, 'to')
      if (from > to) return refusal(422, 'lies after the last day', 'from')
      const refused = inTheWay(state, agent.id, 'rehearse')
      if (refused) return refused
      return HttpResponse.json(start(state, agent, { kind: 'rehearse', from, to }), { status: 201 })
    }),
  ]
}

function page(state: State, url: URL, agent: string | null) {
  const get = (name: string) => url.searchParams.get(name)
  const list = state.runs
    .map(run => advance(state, run))
    .filter(run => !agent || run.agent_id === agent)
    .filter(run => !get('status') || run.status === get('status'))
    .filter(run => !get('kind') || run.kind === get('kind'))
  const from = Number(get('cursor') ?? 0)
  const next = from + Number(get('limit') ?? 50)
  return HttpResponse.json({
    runs: list.slice(from, next),
    total: list.length,
    next_cursor: next < list.length ? String(next) : null,
  })
}

function runHandlers(state: State): RequestHandler[] {
  const found = (id: unknown) => {
    const run = state.runs.find(one => one.id === id)
    return run && advance(state, run)
  }
  const missing = () => refusal(404, 'there is no such run')
  return [
    http.get('*/v1/agents/:id/runs', ({ params, request }) =>
      page(state, new URL(request.url), String(params.id)),
    ),
    http.get('*/v1/runs', ({ request }) => {
      const url = new URL(request.url)
      return page(state, url, url.searchParams.get('agent'))
    }),
    http.get('*/v1/runs/:id', ({ params }) => {
      const run = found(params.id)
      return run ? HttpResponse.json(run) : missing()
    }),
    http.get('*/v1/runs/:id/log', ({ params, request }) => {
      const run = found(params.id)
      if (!run) return missing()
      const after = Number(new URL(request.url).searchParams.get('after') ?? 0)
      const lines = linesOf(run).filter(line => line.no > after)
      return HttpResponse.json({ lines, next_after: lines.at(-1)?.no ?? after, done: !isHeld(run) })
    }),
    http.post('*/v1/runs/:id/cancel', ({ params }) => {
      const run = found(params.id)
      if (!run) return missing()
      if (!isHeld(run)) return refusal(409, 'it has ended')
      run.status = 'cancelling'
      return HttpResponse.json(run)
    }),
    http.post('*/v1/runs/:id/replay', ({ params }) => {
      const run = found(params.id)
      if (!run) return missing()
      if (run.id === 'run_3' || !run.facts) return refusal(410, 'its facts were pruned')
      const recorded = '5d0e'.repeat(16)
      const same = run.id !== 'run_5'
      return HttpResponse.json({
        same,
        facts_sha256: run.facts.sha256,
        recorded_sha256: recorded,
        replayed_sha256: same ? recorded : '77aa'.repeat(16),
        proposals: run.proposals,
      })
    }),
  ]
}

function jobOf(run: Run): Job {
  return {
    id: run.id,
    name: run.agent_name,
    kind: run.kind === 'rehearse' ? 'rehearsal' : 'agent_run',
    status: run.status,
    attempts: run.attempts,
    progress: run.progress ?? null,
    created_at: run.created_at,
    started_at: run.started_at ?? null,
    finished_at: run.finished_at ?? null,
    next_run_at: null,
    last_error: run.error ?? null,
  }
}

function otherJobs(): Job[] {
  const job = (
    id: string,
    name: string,
    kind: Job['kind'],
    minutes: number,
    more: Partial<Job> = {},
  ): Job => ({
    id,
    name,
    kind,
    status: 'succeeded',
    attempts: 1,
    progress: null,
    created_at: ago(minutes),
    started_at: ago(minutes),
    finished_at: ago(minutes - 1),
    next_run_at: null,
    last_error: null,
    ...more,
  })
  return [
    job('imp_9', 'supplier-costs-november.csv', 'import', 4, {
      status: 'running',
      finished_at: null,
      progress: { done: 1_204, total: 18_950 },
    }),
    job('sync_1', 'Hearth & Harbour', 'sync', 90),
    job('set_3', 'Prices after the new freight rates', 'change_set', 1500, {
      status: 'partly_applied',
      last_error: '1 of 3 operations is in effect',
    }),
    job('rec_2', '30 days of Hearth & Harbour', 'reconciliation', 2000, {
      status: 'queued',
      attempts: 2,
      started_at: null,
      finished_at: null,
      next_run_at: ago(-4),
      last_error: 'the shop’s report was throttled',
    }),
  ]
}

function jobHandler(state: State): RequestHandler {
  return http.get('*/jobs', ({ request }) => {
    const get = (name: string) => new URL(request.url).searchParams.get(name)
    const list = [...otherJobs(), ...state.runs.map(run => jobOf(advance(state, run)))]
      .filter(job => !get('kind') || job.kind === get('kind'))
      .filter(job => !get('status') || job.status === get('status'))
      .sort((a, b) => b.created_at.localeCompare(a.created_at))
    const from = Number(get('cursor') ?? 0)
    const next = from + Number(get('limit') ?? 50)
    return HttpResponse.json({
      jobs: list.slice(from, next),
      total: list.length,
      next_cursor: next < list.length ? String(next) : null,
    })
  })
}
