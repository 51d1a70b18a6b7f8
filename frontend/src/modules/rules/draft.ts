/** A rule while somebody writes it: what was typed, what is wrong with it, and the document that is sent. */
import type {
  KeptRule,
  RuleComparator,
  RuleDocument,
  RuleFigure,
  RuleFigureSpec,
  RuleList,
} from '@/shared/api/types'
import { typed, units } from '@/shared/format/units'
import { comparatorsOf, digitsIn, type HOLD_REASONS, type ROUNDINGS, valueText } from './words'

export interface ConditionDraft {
  /** Stays while lines come and go. */
  key: number
  figure: RuleFigure
  days: string
  is: RuleComparator
  /** Of a flag "yes" or "no". */
  value: string
}

export type Doing =
  | 'lower'
  | 'raise'
  | 'price_to_margin'
  | 'add_tags'
  | 'remove_tags'
  | 'hold_order'
  | 'release_order'
  | 'notify'
  | 'signal'

export interface Draft {
  name: string
  about: RuleDocument['about']
  by: 'schedule' | 'event'
  schedule: string
  event: string
  match: 'all' | 'any'
  conditions: ConditionDraft[]
  doing: Doing
  percent: string
  margin: string
  rounding: keyof typeof ROUNDINGS
  tags: string
  reason: keyof typeof HOLD_REASONS
  note: string
  /** What automations listen for. */
  signal: string
  /** That leave the house with a signal. */
  told: { figure: RuleFigure; days: string }[]
  perRun: string
  coolDown: string
  valid: string
  autonomy: KeptRule['autonomy']
}

export type Faults = Record<string, string | undefined>
/** What figures there are, and how the store counts. */
export type Facts = Pick<RuleList, 'figures' | 'currency'>

export const DOINGS: Record<Draft['about'], Record<string, string>> = {
  variants: {
    lower: 'Lower the price by',
    raise: 'Raise the price by',
    price_to_margin: 'Set the price to a unit margin of',
    add_tags: 'Add tags to the product',
    remove_tags: 'Remove tags from the product',
    notify: 'Tell of it, and change nothing',
    signal: 'Signal GitHub (repository_dispatch)',
  },
  orders: {
    add_tags: 'Add tags to the order',
    remove_tags: 'Remove tags from the order',
    hold_order: 'Hold the order',
    release_order: 'Release the order',
    notify: 'Tell of it, and change nothing',
    signal: 'Signal GitHub (repository_dispatch)',
  },
}

let keys = 0

export function newCondition(figure: RuleFigureSpec): ConditionDraft {
  keys += 1
  return {
    key: keys,
    figure: figure.figure,
    days: figure.over_days ? '30' : '',
    is: comparatorsOf(figure.kind)[0] ?? 'equals',
    value: figure.kind === 'flag' ? 'yes' : '',
  }
}

export function specOf(figure: RuleFigure, facts: Facts): RuleFigureSpec | undefined {
  return facts.figures.find(one => one.figure === figure)
}

function firstOf(about: Draft['about'], facts: Facts): ConditionDraft[] {
  const figure = facts.figures.find(one => one.about === about)
  return figure ? [newCondition(figure)] : []
}

export function emptyDraft(facts: Facts): Draft {
  const status = specOf('product_status', facts)
  return {
    name: '',
    about: 'variants',
    by: 'schedule',
    schedule: '0 6 * * *',
    event: 'orders.changed',
    match: 'all',
    conditions: [
      ...(status ? [{ ...newCondition(status), value: 'active' }] : []),
      ...firstOf('variants', facts),
    ],
    doing: 'add_tags',
    percent: '5',
    margin: '30',
    rounding: 'store',
    tags: '',
    reason: 'other',
    note: '',
    signal: '',
    told: [],
    perRun: '20',
    coolDown: '24',
    valid: '24',
    autonomy: 'propose',
  }
}

/** About something else: its conditions and what can be done are others. */
export function aboutOther(draft: Draft, about: Draft['about'], facts: Facts): Draft {
  const doing = draft.doing in DOINGS[about] ? draft.doing : 'add_tags'
  return { ...draft, about, doing, told: [], conditions: firstOf(about, facts) }
}

export function draftOf(rule: RuleDocument, autonomy: Draft['autonomy'], facts: Facts): Draft {
  const { when, if: given, then, limits } = rule
  const base = emptyDraft(facts)
  return {
    ...base,
    name: rule.name,
    about: rule.about,
    by: when.by,
    ...(when.by === 'schedule' ? { schedule: when.schedule } : { event: when.event }),
    match: given.match,
    conditions: given.conditions.map(condition => {
      keys += 1
      const { figure, days, is, value } = condition
      const kind = specOf(figure, facts)?.kind ?? 'count'
      return { key: keys, figure, days: days ? String(days) : '', is, value: valueTyped(value, kind, facts) }
    }),
    ...doingOf(then, base),
    ...(limits && {
      perRun: String(limits.per_run),
      coolDown: String(limits.cool_down_hours),
      valid: String(limits.valid_hours),
    }),
    autonomy,
  }
}

function valueTyped(
  value: RuleDocument['if']['conditions'][number]['value'],
  kind: RuleFigureSpec['kind'],
  facts: Facts,
): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join(', ') : typed(value, digitsIn(kind, facts.currency))
}

function doingOf(then: RuleDocument['then'], base: Draft): Partial<Draft> {
  switch (then.do) {
    case 'price_percent':
      return {
        doing: then.percent < 0 ? 'lower' : 'raise',
        percent: typed(Math.abs(then.percent), 2),
        rounding: then.rounding,
      }
    case 'price_to_margin':
      return { doing: then.do, margin: typed(then.margin, 2), rounding: then.rounding }
    case 'add_tags':
    case 'remove_tags':
      return { doing: then.do, tags: then.tags.join(', ') }
    case 'hold_order':
      return { doing: then.do, reason: then.reason, note: then.note }
    case 'signal': {
      const told = then.figures.map(({ figure, days }) => ({ figure, days: days ? String(days) : '' }))
      return { doing: then.do, signal: then.event, told }
    }
    default:
      return { doing: then.do, note: base.note }
  }
}

export function wordsOf(text: string): string[] {
  const words = text.split(',').map(word => word.trim())
  return words.filter(Boolean)
}

const whole = (text: string): number | null => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null)

function shareOf(text: string): number | null {
  const found = units(text, 2)
  return found === null ? null : Number(found)
}

/** What is wrong before anything is sent, under the names that the server has for it. */
export function faultsOf(draft: Draft, facts: Facts): Faults {
  const faults: Faults = {}
  if (!draft.name.trim()) faults['rule.name'] = 'Give it a name.'
  if (draft.by === 'schedule' && !draft.schedule.trim()) faults['rule.when.schedule'] = 'Enter a pattern.'
  if (draft.by === 'event' && !draft.event.trim()) faults['rule.when.event'] = 'Name an event.'
  if (draft.conditions.length === 0) faults['rule.if.conditions'] = 'Add a condition.'
  draft.conditions.forEach((condition, no) => {
    const spec = specOf(condition.figure, facts)
    if (!spec) return
    const fault = faultOfValue(condition, spec, facts.currency)
    if (fault) faults[`rule.if.conditions.${no}.value`] = fault
    const days = whole(condition.days)
    if (spec.over_days && (days === null || days < 1 || days > 365))
      faults[`rule.if.conditions.${no}.days`] = 'From 1 to 365 days.'
  })
  Object.assign(faults, faultsOfDoing(draft), draft.doing === 'signal' && faultsOfSignal(draft, facts))
  const limits = [
    ['per_run', draft.perRun, 1, 100],
    ['cool_down_hours', draft.coolDown, 0, 8760],
    ['valid_hours', draft.valid, 1, 168],
  ] as const
  for (const [name, text, least, most] of limits) {
    const found = whole(text)
    if (found === null || found < least || found > most)
      faults[`rule.limits.${name}`] = `A whole number from ${least} to ${most}.`
  }
  return faults
}

function faultOfValue(condition: ConditionDraft, spec: RuleFigureSpec, currency: string): string | null {
  if (spec.kind === 'flag') return null
  if (spec.kind === 'word' || spec.kind === 'tags')
    return wordsOf(condition.value).length === 0 ? 'Enter at least one word.' : null
  const found = units(condition.value, digitsIn(spec.kind, currency))
  if (found === null) return 'This is no such number.'
  const { min, max, kind } = spec
  return found < min || found > max
    ? `Out of range: from ${valueText(min, kind, currency)} to ${valueText(max, kind, currency)}.`
    : null
}

function faultsOfSignal(draft: Draft, facts: Facts): Faults {
  const faults: Faults = {}
  const { length } = draft.signal.trim()
  if (length < 1 || length > 100) faults['rule.then.event'] = 'Name it, with at most 100 characters.'
  draft.told.forEach(({ figure, days }, no) => {
    const found = whole(days)
    if (specOf(figure, facts)?.over_days && (found === null || found < 1 || found > 365))
      faults[`rule.then.figures.${no}.days`] = 'From 1 to 365 days.'
  })
  return faults
}

function faultsOfDoing(draft: Draft): Faults {
  switch (draft.doing) {
    case 'lower':
    case 'raise': {
      const share = shareOf(draft.percent)
      return share === null || share < 1 || share > 2000
        ? { 'rule.then.percent': 'Above 0 %, and at most 20 %: no change goes further.' }
        : {}
    }
    case 'price_to_margin': {
      const share = shareOf(draft.margin)
      return share === null || share < 1500 || share > 9000
        ? { 'rule.then.margin': 'From 15 % to 90 %.' }
        : {}
    }
    case 'add_tags':
    case 'remove_tags': {
      const { length } = wordsOf(draft.tags)
      return length < 1 || length > 10
        ? { 'rule.then.tags': 'From one tag to ten, separated by commas.' }
        : {}
    }
    default:
      return {}
  }
}

/** Only of a draft without faults. */
export function documentOf(draft: Draft, facts: Facts): RuleDocument {
  return {
    name: draft.name.trim(),
    about: draft.about,
    when:
      draft.by === 'schedule'
        ? { by: 'schedule', schedule: draft.schedule.trim() }
        : { by: 'event', event: draft.event.trim() },
    if: {
      match: draft.match,
      conditions: draft.conditions.map(({ figure, days, is, value }) => {
        const spec = specOf(figure, facts)
        return {
          figure,
          is,
          value: operandOf(value, spec?.kind ?? 'count', facts.currency),
          ...(spec?.over_days && { days: Number(days) }),
        }
      }),
    },
    // biome-ignore lint/suspicious/noThenProperty: the rule's own word; it is an object, and never awaited
    then: draft.doing === 'signal' ? signalOf(draft, facts) : thenOf(draft),
    limits: {
      per_run: Number(draft.perRun),
      cool_down_hours: Number(draft.coolDown),
      valid_hours: Number(draft.valid),
    },
  }
}

function operandOf(
  text: string,
  kind: RuleFigureSpec['kind'],
  currency: string,
): boolean | number | string[] {
  if (kind === 'flag') return text === 'yes'
  if (kind === 'word' || kind === 'tags') return wordsOf(text)
  return Number(units(text, digitsIn(kind, currency)) ?? 0)
}

function signalOf({ signal, told }: Draft, facts: Facts): RuleDocument['then'] {
  const figures = told.map(({ figure, days }) => ({
    figure,
    ...(specOf(figure, facts)?.over_days && { days: Number(days) }),
  }))
  return { do: 'signal', event: signal.trim(), figures }
}

function thenOf(draft: Draft): RuleDocument['then'] {
  const { rounding } = draft
  switch (draft.doing) {
    case 'lower':
    case 'raise': {
      const share = shareOf(draft.percent) ?? 0
      return { do: 'price_percent', percent: draft.doing === 'lower' ? -share : share, rounding }
    }
    case 'price_to_margin':
      return { do: 'price_to_margin', margin: shareOf(draft.margin) ?? 0, rounding }
    case 'add_tags':
    case 'remove_tags':
      return { do: draft.doing, tags: wordsOf(draft.tags) }
    case 'hold_order':
      return { do: 'hold_order', reason: draft.reason, note: draft.note.trim() }
    case 'release_order':
      return { do: 'release_order' }
    default:
      return { do: 'notify' }
  }
}
