/** What became of a change-set, in words. */
import type { ChangeSetStatus } from '@/shared/api/types'
import type { Tone } from '@/shared/ui/Badge'

export const STATUSES: Record<ChangeSetStatus, { label: string; tone: Tone }> = {
  proposed: { label: 'Waits', tone: 'brass' },
  approved: { label: 'Approved, not begun', tone: 'slate' },
  rejected: { label: 'Rejected', tone: 'neutral' },
  expired: { label: 'Expired', tone: 'neutral' },
  applying: { label: 'Being written', tone: 'slate' },
  applied: { label: 'Applied and verified', tone: 'good' },
  partly_applied: { label: 'Partly applied', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  unknown: { label: 'Not known', tone: 'bad' },
  undone: { label: 'Undone', tone: 'neutral' },
}
