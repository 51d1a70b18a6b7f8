/** How an import's states are called and coloured. */
import type { Import, ImportKind } from '@/shared/api/types'
import type { Tone } from '@/shared/ui/Badge'

export const KIND_LABELS: Record<ImportKind, string> = {
  orders: 'Orders',
  products: 'Products',
  costs: 'Product costs',
  shipping_costs: 'Shipping costs',
  payment_fees: 'Payment fees',
  ad_spend: 'Ad spend',
  fixed_costs: 'Fixed costs',
  exchange_rates: 'Exchange rates',
  supplier_offers: 'Supplier catalogue',
}

const STATES: Record<string, { label: string; tone: Tone }> = {
  mapping: { label: 'Waiting for its columns', tone: 'warn' },
  checking: { label: 'Checking', tone: 'brass' },
  checked: { label: 'Checked', tone: 'slate' },
  importing: { label: 'Importing', tone: 'brass' },
  done: { label: 'Imported', tone: 'good' },
  refused: { label: 'Refused', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelling: { label: 'Rolling back', tone: 'brass' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
  undoing: { label: 'Being undone', tone: 'brass' },
  undone: { label: 'Undone', tone: 'neutral' },
}

/** A check that asks something is not done yet. */
export function stateOf(item: Pick<Import, 'status' | 'report'>): { label: string; tone: Tone } {
  if (item.status === 'checked' && item.report?.questions.length) {
    return { label: 'Needs an answer', tone: 'warn' }
  }
  return STATES[item.status] ?? { label: item.status, tone: 'neutral' }
}

const WORKING = new Set(['checking', 'importing', 'cancelling', 'undoing'])

export function isWorking(item: Pick<Import, 'status'> | undefined): boolean {
  return item !== undefined && WORKING.has(item.status)
}

export function kindLabel(kind: ImportKind | null | undefined): string {
  return kind ? KIND_LABELS[kind] : 'Not recognised'
}
