/** How campaigns are spoken of. */
import type { CampaignStatus } from '@/shared/api/types'
import { NONE, number } from '@/shared/format/money'
import type { Tone } from '@/shared/ui/Badge'

export { PLATFORMS } from '@/shared/format/ad-platforms'

export const STATUSES: Record<CampaignStatus, { label: string; tone: Tone }> = {
  active: { label: 'Active', tone: 'good' },
  paused: { label: 'Paused', tone: 'neutral' },
  archived: { label: 'Archived', tone: 'neutral' },
  deleted: { label: 'Deleted', tone: 'warn' },
  other: { label: 'Unknown', tone: 'warn' },
}

/** 1.5 → "1.50 ×". */
export function times(value: number | null | undefined): string {
  return value == null ? NONE : `${number(value, 2)}\u202f×`
}
