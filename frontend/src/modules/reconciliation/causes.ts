/** What each cause means to somebody who runs a shop. */
import type { ReconciledDay, ReconciliationCause } from '@/shared/api/types'
import type { Tone } from '@/shared/ui/Badge'

export const CAUSES: Record<ReconciliationCause, { title: string; means: string }> = {
  zone: {
    title: 'Another zone’s day',
    means: 'The shop’s report counts the sale on the day of another time zone. Both days together agree.',
  },
  test_order: { title: 'Test order', means: 'The shop’s report counts a test order. It never counts here.' },
  currency: {
    title: 'Other currency',
    means: 'The order is kept in another currency than the shop’s, so it stands apart here.',
  },
  late_refund: {
    title: 'Refund on another day',
    means: 'The shop’s report books what was given back on another day. Both days together agree.',
  },
  missing_agreement: {
    title: 'Incomplete record',
    means: 'The dated record of the order does not add up to the order’s own total.',
  },
  deletion: { title: 'Deleted in the shop', means: 'The shop deleted the order; a copy is still here.' },
  missing_order: { title: 'Never arrived', means: 'The shop has the order; it never arrived here.' },
  stale_copy: { title: 'Outdated copy', means: 'The shop changed the order after it was last read.' },
  unexplained: { title: 'No known cause', means: 'The order differs, and nothing known says why.' },
}

export const STATES: Record<ReconciledDay['state'], { label: string; tone: Tone; mark: string }> = {
  agrees: { label: 'Agrees', tone: 'good', mark: '✓' },
  explained: { label: 'Explained', tone: 'warn', mark: '≈' },
  unexplained: { label: 'Unexplained', tone: 'bad', mark: '!' },
}
