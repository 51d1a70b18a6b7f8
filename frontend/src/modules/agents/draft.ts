/** The settings of an agent while somebody edits them: what was typed, what is wrong with it, and what is sent. */
import type { AgentBudget, AgentDetail, AgentField, AgentUnknownEffect } from '@/shared/api/types'
import { type Entry, entryOf, isDefault, isOutside, limitsText, parsed } from './fields'
import type { AgentChange } from './queries'

export interface Draft {
  enabled: boolean
  autonomy: AgentDetail['autonomy']
  schedule: string
  values: Record<string, Entry>
  budget: Record<BudgetKey, string>
  unknownEffect: AgentUnknownEffect
  reason: string
}

export type BudgetKey = Exclude<keyof AgentBudget, 'unknown_effect'>

interface BudgetField {
  key: BudgetKey
  label: string
  help: string
  /** An amount in the store's currency, and not a number of times. */
  money?: true
  /** Left empty there is no such limit. */
  optional?: true
}

export const BUDGET: BudgetField[] = [
  { key: 'runs_per_hour', label: 'Runs an hour', help: 'Beyond it none starts.' },
  { key: 'runs_per_day', label: 'Runs a day', help: 'Beyond it none starts.' },
  {
    key: 'proposals_per_run',
    label: 'Proposals a run',
    help: 'The most urgent first; of the rest the log tells.',
  },
  { key: 'writes_per_day', label: 'Writes a day', help: 'That it makes by itself, where it may act.' },
  {
    key: 'money_per_day',
    label: 'Money a day',
    help: 'What its changes of a day may mean in contribution margin, whichever way, whoever approved them. Empty: no such limit.',
    money: true,
    optional: true,
  },
  {
    key: 'calls_per_day',
    label: 'Calls of the shop a day',
    help: 'Each try of a write counts four: it looks twice, writes and reads back; a cancellation and a draft count more. Empty: no such limit.',
    optional: true,
  },
]

export type Faults = Record<string, string | undefined>

export function draftOf(agent: AgentDetail): Draft {
  const values = agent.fields.map(field => [
    field.key,
    entryOf(field, agent.settings.values[field.key], agent.currency),
  ])
  return {
    enabled: agent.enabled,
    autonomy: agent.autonomy,
    schedule: agent.schedule,
    values: Object.fromEntries(values),
    budget: Object.fromEntries(
      BUDGET.map(({ key }) => [key, String(agent.budget[key] ?? '')]),
    ) as Draft['budget'],
    unknownEffect: agent.budget.unknown_effect ?? 'refused',
    reason: '',
  }
}

/** Whether anything but the reason differs. */
export function isChanged(draft: Draft, agent: AgentDetail): boolean {
  const { reason: _, ...rest } = draft
  const { reason: __, ...before } = draftOf(agent)
  return JSON.stringify(rest) !== JSON.stringify(before)
}

/** What is wrong before anything is sent. Ranges are the server's to judge. */
export function faultsOf(draft: Draft, agent: AgentDetail): Faults {
  const faults: Faults = {}
  for (const field of agent.fields) {
    const entry = draft.values[field.key] ?? ''
    if (parsed(field, entry, agent.currency) === null)
      faults[`values.${field.key}`] = 'This is no such number.'
  }
  for (const { key, money, optional } of BUDGET) {
    const text = draft.budget[key].trim()
    if (optional && !text) continue
    if (money && !/^\d{1,10}([.]\d{1,3})?$/.test(text)) faults[`budget.${key}`] = 'Enter an amount.'
    if (!money && !/^\d{1,9}$/.test(text)) faults[`budget.${key}`] = 'Enter a whole number.'
  }
  // Of a rule that events start there is none, and it is the rule's to say.
  if (agent.schedule && !draft.schedule.trim()) faults.schedule = 'Enter a pattern.'
  if (draft.autonomy === 'act' && agent.autonomy !== 'act' && !draft.reason.trim()) {
    faults.reason = 'Say why it may act: others will read it.'
  }
  return faults
}

/** Only what differs, and of the policy's values all that are set, so that it does not matter what was there. */
export function changeOf(draft: Draft, agent: AgentDetail): AgentChange {
  const before = draftOf(agent)
  const reason = draft.reason.trim()
  return {
    version: agent.settings.version,
    ...(draft.enabled !== before.enabled && { enabled: draft.enabled }),
    ...(draft.autonomy !== before.autonomy && { autonomy: draft.autonomy }),
    ...(draft.schedule.trim() !== before.schedule && { schedule: draft.schedule.trim() }),
    ...(isOther(draft.values, before.values) && { values: valuesOf(draft, agent) }),
    ...((isOther(draft.budget, before.budget) || draft.unknownEffect !== before.unknownEffect) && {
      budget: budgetOf(draft),
    }),
    ...(reason && { reason }),
  }
}

function isOther(one: object, other: object): boolean {
  return JSON.stringify(one) !== JSON.stringify(other)
}

function valuesOf(draft: Draft, agent: AgentDetail): NonNullable<AgentChange['values']> {
  const known = agent.fields.flatMap(field => {
    const value = parsed(field, draft.values[field.key] ?? '', agent.currency)
    if (value === null) return []
    const isSet = field.key in agent.settings.values
    return isSet || !isDefault(field, value) ? [[field.key, value] as const] : []
  })
  return Object.fromEntries(known)
}

function budgetOf(draft: Draft): AgentBudget {
  const values = BUDGET.map(({ key, money }) => {
    const text = draft.budget[key].trim()
    const value = money ? text : Number(text)
    return [key, text ? value : null]
  })
  return { ...Object.fromEntries(values), unknown_effect: draft.unknownEffect } as AgentBudget
}

/** The server counts ranges in its own units: what lies outside is said in those that people read. */
export function readable(faults: Faults, draft: Draft, agent: AgentDetail): Faults {
  const said = (field: AgentField): string | undefined => {
    const fault = faults[`values.${field.key}`]
    const value = parsed(field, draft.values[field.key] ?? '', agent.currency)
    return fault && isOutside(field, value)
      ? `Out of range: from ${limitsText(field, agent.currency)}.`
      : fault
  }
  return {
    ...faults,
    ...Object.fromEntries(agent.fields.map(field => [`values.${field.key}`, said(field)])),
  }
}
