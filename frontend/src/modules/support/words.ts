import type { SupportMessage, SupportStatus, SupportTicketSummary } from '@/shared/api/types'
import { momentText } from '@/shared/format/time'
import type { Tone } from '@/shared/ui/Badge'

export const STATUSES: Record<SupportStatus, { label: string; tone: Tone }> = {
  open: { label: 'Open', tone: 'brass' },
  waiting: { label: 'Waits for the buyer', tone: 'slate' },
  solved: { label: 'Solved', tone: 'neutral' },
}

const TOPICS: Record<string, string> = {
  delivery: 'Delivery',
  damaged: 'Damaged or wrong',
  return: 'Return',
  refund: 'Refund',
  cancel: 'Cancellation',
  change: 'Change of the order',
  invoice: 'Invoice',
  other: 'Other',
}

export const topicText = (topic: string) => TOPICS[topic] ?? topic

export function dueText(
  { due_at: due, is_overdue: late }: SupportTicketSummary,
  zone: string,
): string | null {
  if (!due) return null
  return `${late ? 'was owed' : 'owed'} by ${momentText(due, zone)}`
}

const DELIVERIES: Record<string, { label: string; tone: Tone }> = {
  sending: { label: 'Being sent', tone: 'slate' },
  sent: { label: 'Sent', tone: 'good' },
  failed: { label: 'Did not go out', tone: 'bad' },
  unknown: { label: 'Nobody knows whether it went out', tone: 'warn' },
}

export function deliveryOf({ delivery }: SupportMessage) {
  return delivery ? (DELIVERIES[delivery] ?? null) : null
}
