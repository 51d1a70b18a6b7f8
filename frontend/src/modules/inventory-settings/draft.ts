/** The settings of a store's inventory while somebody edits them: what is typed, what is wrong with it, and what is sent. */
import type { InventorySettings, InventorySettingsChange } from '@/shared/api/types'
import { digitsOf, typed, units } from '@/shared/format/units'
import {
  changeOf,
  decimalOf,
  decimalText,
  LEAD_FAULT,
  type LeadDraft,
  leadDraft,
  leadOf,
} from '@/shared/inventory/settings'

import { bundlesText, readBundles } from './bundles'

type Key =
  | 'service_level'
  | 'order_cost'
  | 'holding_rate'
  | 'cover_days'
  | 'overstock_days'
  | 'dead_days'
  | 'approval_limit'
  | 'admin_limit'

interface SettingField {
  key: Key
  label: string
  help: string
  unit: '%' | 'days' | 'money'
  min?: number
  max?: number
}

export const GROUPS: { title: string; note: string; fields: SettingField[] }[] = [
  {
    title: 'When and how much to order',
    note: 'Of every variant, unless its lead time, pack or minimum say otherwise.',
    fields: [
      {
        key: 'service_level',
        label: 'Service level',
        help: 'How often goods are still there when the next ones come. Higher needs more safety stock. From 50 to 99.9 %.',
        unit: '%',
        min: 50,
        max: 99.9,
      },
      {
        key: 'order_cost',
        label: 'Cost of an order',
        help: 'Whatever is in it: work, freight, fees.',
        unit: 'money',
      },
      {
        key: 'holding_rate',
        label: 'Cost of holding, a year',
        help: 'Of what the goods cost: space, money, spoilage.',
        unit: '%',
        min: 0.01,
        max: 100,
      },
      {
        key: 'cover_days',
        label: 'Order for',
        help: 'Where the cost of a unit is not known, so that no economic quantity can be told.',
        unit: 'days',
        min: 1,
        max: 730,
      },
    ],
  },
  {
    title: 'Too much',
    note: 'What stands as overstock and as dead stock.',
    fields: [
      {
        key: 'overstock_days',
        label: 'Overstock',
        help: 'What lasts longer than this is too much.',
        unit: 'days',
        min: 1,
        max: 730,
      },
      {
        key: 'dead_days',
        label: 'Dead stock',
        help: 'What has not sold for so long.',
        unit: 'days',
        min: 1,
        max: 730,
      },
    ],
  },
  {
    title: 'Who approves orders of goods',
    note: 'Up to the first limit whoever wrote an order may approve it.',
    fields: [
      { key: 'approval_limit', label: 'Above this, somebody else', help: 'Not who wrote it.', unit: 'money' },
      {
        key: 'admin_limit',
        label: 'Above this, an admin',
        help: 'Who did not write it. Not below the limit before.',
        unit: 'money',
      },
    ],
  },
]

const FIELDS = GROUPS.flatMap(group => group.fields)

export interface VendorDraft extends LeadDraft {
  vendor: string
}

export interface Draft {
  values: Record<Key, string>
  lead: LeadDraft
  vendors: VendorDraft[]
  /** As rows of CSV. */
  bundles: string
  holidays: string
  /** Variants whose own settings are taken away. */
  released: string[]
}

const valueText = (field: SettingField, found: InventorySettings): string => {
  const value = found[field.key]
  if (field.unit === '%') return decimalText(Number(value) * 100, 2)
  if (field.unit === 'days') return String(value)
  const digits = digitsOf(found.currency)
  const minor = units(String(value), digits)
  return minor === null ? String(value) : typed(Number(minor), digits)
}

export function draftOf(found: InventorySettings): Draft {
  return {
    values: Object.fromEntries(FIELDS.map(field => [field.key, valueText(field, found)])) as Draft['values'],
    lead: leadDraft(found.lead_time),
    vendors: found.vendors.map(({ vendor, lead_time: lead }) => ({ vendor, ...leadDraft(lead) })),
    bundles: bundlesText(found.bundles),
    holidays: found.holidays ?? '',
    released: [],
  }
}

/** With a row for each component of a bundle whose own number is still to be entered; a component of which only the product is known has none. */
export function withParts(draft: Draft, parts: string[]): Draft {
  if (parts.length === 0) return draft
  const rows = parts.map(part => `,${/^\d{1,19}$/.test(part) ? part : ''},1`)
  return { ...draft, bundles: [draft.bundles, ...rows].filter(Boolean).join('\n') }
}

type Faults = Record<string, string>

/** What the API takes, or what is wrong with each field. */
export function settingsOf(
  draft: Draft,
  found: InventorySettings,
): { change: InventorySettingsChange } | { faults: Faults } {
  const faults: Faults = {}
  const change = changeOf(found)
  for (const field of FIELDS) readField(field, draft, found.currency, change, faults)
  const limits = [change.approval_limit, change.admin_limit].map(Number)
  if (!faults.approval_limit && !faults.admin_limit && (limits[1] ?? 0) < (limits[0] ?? 0))
    faults.admin_limit = 'It is not below the limit before.'
  const lead = leadOf(draft.lead)
  if (lead === undefined) faults.lead_time = LEAD_FAULT
  else change.lead_time = lead
  change.vendors = draft.vendors.flatMap((row, index) => {
    const own = leadOf(row)
    const name = row.vendor.trim()
    if (!name) faults[`vendor-${index}`] = 'Name the vendor.'
    else if (draft.vendors.findIndex(other => other.vendor.trim() === name) !== index)
      faults[`vendor-${index}`] = 'This vendor stands above already.'
    else if (!own) faults[`vendor-${index}`] = LEAD_FAULT
    return own && name ? [{ vendor: name, lead_time: own }] : []
  })
  const bundles = readBundles(draft.bundles)
  if ('fault' in bundles) faults.bundles = bundles.fault
  else change.bundles = bundles.bundles
  change.holidays = draft.holidays.trim() || null
  change.variants = found.variants.filter(variant => !draft.released.includes(variant.variant_id))
  return Object.keys(faults).length > 0 ? { faults } : { change }
}

function readField(
  field: SettingField,
  draft: Draft,
  currency: string,
  change: InventorySettingsChange,
  faults: Faults,
) {
  const text = draft.values[field.key]
  const digits = field.unit === 'money' ? digitsOf(currency) : field.unit === '%' ? 2 : 0
  const value = decimalOf(text, digits)
  if (value === null) {
    faults[field.key] = digits === 0 ? 'Enter a whole number.' : 'Enter a number that is not negative.'
  } else if (value < (field.min ?? 0) || value > (field.max ?? Number.POSITIVE_INFINITY)) {
    faults[field.key] = `From ${field.min} to ${field.max}.`
  } else if (field.key === 'order_cost' || field.key === 'approval_limit' || field.key === 'admin_limit') {
    change[field.key] = decimalText(value, digits)
  } else {
    change[field.key] = field.unit === '%' ? Math.round(value * 100) / 10_000 : value
  }
}

export function isChanged(draft: Draft, found: InventorySettings): boolean {
  return JSON.stringify(draft) !== JSON.stringify(draftOf(found))
}
