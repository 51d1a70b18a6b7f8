import { describe, expect, it } from 'vitest'
import type { RuleDocument, RuleFigureSpec } from '@/shared/api/types'
import { aboutOther, documentOf, draftOf, emptyDraft, type Facts, faultsOf } from './draft'
import { ifText, thenText, whenText } from './words'

const figure = (
  name: RuleFigureSpec['figure'],
  about: RuleFigureSpec['about'],
  kind: RuleFigureSpec['kind'],
  over = false,
): RuleFigureSpec => ({
  figure: name,
  label: name.replaceAll('_', ' '),
  about,
  kind,
  over_days: over,
  min: 0,
  max: 10_000,
})

const FACTS: Facts = {
  currency: 'EUR',
  figures: [
    figure('stock', 'variants', 'count'),
    figure('price', 'variants', 'money'),
    figure('unit_margin', 'variants', 'share'),
    figure('units_sold', 'variants', 'count', true),
    figure('cost_known', 'variants', 'flag'),
    figure('product_status', 'variants', 'word'),
    figure('total', 'orders', 'money'),
  ],
}

const RULE: RuleDocument = {
  name: 'Clear slow movers',
  about: 'variants',
  when: { by: 'schedule', schedule: '0 6 * * *' },
  if: {
    match: 'all',
    conditions: [
      { figure: 'units_sold', days: 30, is: 'at_most', value: 2 },
      { figure: 'price', is: 'above', value: 1250 },
      { figure: 'unit_margin', is: 'at_least', value: 3050 },
      { figure: 'cost_known', is: 'equals', value: true },
      { figure: 'product_status', is: 'any_of', value: ['active', 'draft'] },
    ],
  },
  // biome-ignore lint/suspicious/noThenProperty: the rule's own word; it is an object, and never awaited
  then: { do: 'price_percent', percent: -750, rounding: 'store' },
  limits: { per_run: 5, cool_down_hours: 72, valid_hours: 12 },
}

describe('a rule in its form', () => {
  it('is typed in the units that people read, and comes back as it was', () => {
    const draft = draftOf(RULE, 'propose', FACTS)
    expect(draft.conditions.map(one => one.value)).toEqual(['2', '12.5', '30.5', 'yes', 'active, draft'])
    expect([draft.doing, draft.percent]).toEqual(['lower', '7.5'])
    expect(faultsOf(draft, FACTS)).toEqual({})
    expect(documentOf(draft, FACTS)).toEqual(RULE)
  })

  it.each([
    { do: 'price_to_margin', margin: 3000, rounding: 'exact' },
    { do: 'add_tags', tags: ['slow', 'sale'] },
    { do: 'notify' },
  ] as RuleDocument['then'][])('keeps what is done: $do', then => {
    const draft = draftOf({ ...RULE, then }, 'observe', FACTS)
    expect(documentOf(draft, FACTS).then).toEqual(then)
  })

  it('says beside each field what is wrong with it, under the server’s names', () => {
    const draft = draftOf(RULE, 'propose', FACTS)
    const [sold, price] = draft.conditions
    if (!sold || !price) throw new Error('there are conditions')
    const wrong = {
      ...draft,
      name: ' ',
      percent: '25',
      coolDown: 'often',
      conditions: [
        { ...sold, days: '0' },
        { ...price, value: '101' },
      ],
    }
    expect(Object.keys(faultsOf(wrong, FACTS)).sort()).toEqual([
      'rule.if.conditions.0.days',
      'rule.if.conditions.1.value',
      'rule.limits.cool_down_hours',
      'rule.name',
      'rule.then.percent',
    ])
  })

  it('starts with what is offered, and forgets what does not fit when it is about something else', () => {
    const empty = emptyDraft(FACTS)
    expect(empty.conditions.map(one => one.figure)).toEqual(['product_status', 'stock'])
    const orders = aboutOther({ ...empty, doing: 'lower' }, 'orders', FACTS)
    expect([orders.doing, orders.conditions.map(one => one.figure)]).toEqual(['add_tags', ['total']])
  })

  it('is a sentence in the list', () => {
    expect(whenText(RULE.when)).toBe('Every day at 06:00')
    expect(whenText({ by: 'event', event: 'orders.changed' })).toBe('When orders change')
    expect(thenText(RULE.then)).toBe('lower the price by 7.5\u202f%')
    expect(ifText({ match: 'any', conditions: RULE.if.conditions.slice(0, 1) }, FACTS.figures, 'EUR')).toBe(
      'units sold in 30 days is at most 2',
    )
  })
})
