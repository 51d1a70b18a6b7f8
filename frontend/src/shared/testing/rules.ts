/**
 * The mock backend of rules. Keeps state. Fails on purpose: a rule that takes away a tag that another one gives is refused where both are on.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { KeptRule, RuleDocument, RuleFigureSpec } from '@/shared/api/types'
import { CURRENCY, TIMEZONE } from './reports'

const figure = (
  name: RuleFigureSpec['figure'],
  label: string,
  about: RuleFigureSpec['about'],
  kind: RuleFigureSpec['kind'],
  over = false,
): RuleFigureSpec => ({ figure: name, label, about, kind, over_days: over, min: 0, max: 1_000_000 })

const FIGURES: RuleFigureSpec[] = [
  figure('stock', 'stock', 'variants', 'count'),
  figure('units_sold', 'units sold', 'variants', 'count', true),
  figure('price', 'price', 'variants', 'money'),
  figure('product_status', 'product status', 'variants', 'word'),
  figure('total', 'total', 'orders', 'money'),
]

function kept(id: string, rule: RuleDocument, more: Partial<KeptRule> = {}): KeptRule {
  return {
    id,
    agent_id: `rule:${id}`,
    version: 1,
    enabled: true,
    autonomy: 'propose',
    status: 'idle',
    rule,
    sentence: `What ${rule.name} says.`,
    next_run_at: null,
    last_run: null,
    runs: 0,
    failed: 0,
    waiting: 0,
    updated_at: new Date().toISOString(),
    updated_by: 'olivia@hearth.example',
    warning: null,
    ...more,
  }
}

const FIRST: RuleDocument = {
  name: 'Mark slow movers',
  about: 'variants',
  when: { by: 'schedule', schedule: '0 6 * * *' },
  if: {
    match: 'all',
    conditions: [
      { figure: 'stock', is: 'above', value: 50 },
      { figure: 'units_sold', days: 30, is: 'at_most', value: 2 },
    ],
  },
  // biome-ignore lint/suspicious/noThenProperty: the rule's own word; it is an object, and never awaited
  then: { do: 'add_tags', tags: ['slow'] },
  limits: { per_run: 20, cool_down_hours: 24, valid_hours: 24 },
}

function refused(field: string, message: string) {
  return HttpResponse.json(
    { title: 'Refused', status: 422, detail: message, errors: [{ field, message }] },
    { status: 422, headers: { 'content-type': 'application/problem+json' } },
  )
}

export function ruleHandlers(): RequestHandler[] {
  const last = {
    id: 'run_1',
    status: 'succeeded' as const,
    at: new Date(Date.now() - 3_600_000).toISOString(),
    looked_at: 42,
    hits: 3,
    summary: null,
  }
  const rules = [kept('rule_1', FIRST, { last_run: last, runs: 1 })]
  const goesRound = (rule: RuleDocument) =>
    rule.then.do === 'remove_tags' && rules.some(one => one.enabled && one.rule.then.do === 'add_tags')
  const WHY = 'would go round with the rule “Mark slow movers”: that one gives the tag slow'
  return [
    http.get('*/v1/rules', () =>
      HttpResponse.json({
        rules,
        total: rules.length,
        figures: FIGURES,
        currency: CURRENCY,
        timezone: TIMEZONE,
      }),
    ),
    http.get('*/v1/rules/:id/versions', ({ params }) => {
      const found = rules.find(rule => rule.id === params.id)
      const { rule, sentence, enabled, autonomy, updated_at: at, updated_by: by } = found ?? kept('x', FIRST)
      const version = { version: 1, rule, sentence, enabled, autonomy, at, by, reason: null }
      return HttpResponse.json({ versions: [version] })
    }),
    http.post('*/v1/rules/preview', () =>
      HttpResponse.json({
        looked_at: 42,
        hits: [{ title: 'Tag Oak bowl: slow', reason: 'stock 80, units sold in 30 days 1' }],
        notes: [{ about: 'Not known', text: '2 of 42 could not be judged: stock is not counted' }],
      }),
    ),
    http.post('*/v1/rules', async ({ request }) => {
      const body = (await request.json()) as { rule: RuleDocument; autonomy: KeptRule['autonomy'] }
      if (goesRound(body.rule)) return refused('rule.then', WHY)
      const made = kept(`rule_${rules.length + 1}`, body.rule, { autonomy: body.autonomy })
      rules.push(made)
      return HttpResponse.json(made, { status: 201 })
    }),
    http.put('*/v1/rules/:id', async ({ request, params }) => {
      const body = (await request.json()) as Partial<Pick<KeptRule, 'enabled' | 'rule' | 'autonomy'>>
      const found = rules.find(rule => rule.id === params.id)
      if (!found) return new HttpResponse(null, { status: 404 })
      Object.assign(found, body, { version: found.version + 1 })
      return HttpResponse.json(found)
    }),
  ]
}
