/** How segments and what became of their exports are spoken of. */
import type { SegmentDelivery, SegmentExport } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import type { Tone } from '@/shared/ui/Badge'

const SEGMENTS: Record<string, string> = {
  new: 'New customers',
  repeat: 'Repeat customers',
  lapsed: 'Lapsed customers',
  high_value: 'High value',
  bought: 'Bought a product',
  abandoned_checkout: 'Left a checkout behind',
}

/** `bought:42` names its product. */
export function segmentName(id: string): string {
  const [word = id, product] = id.split(':')
  const name = SEGMENTS[word] ?? word
  return product ? `${name} (${product})` : name
}

const REASONS: { key: keyof SegmentExport['left_out']; text: string }[] = [
  { key: 'no_consent', text: 'did not agree' },
  { key: 'no_address', text: 'have no address' },
  { key: 'already_told', text: 'were told for this already' },
  { key: 'too_often', text: 'were told something of late' },
  { key: 'not_known', text: 'the shop does not show' },
  { key: 'no_longer', text: 'were not in it any more' },
]

/** Why people of the segment are not in it; empty where all are. */
export function leftOutText(left: SegmentExport['left_out']): string {
  return REASONS.filter(({ key }) => left[key] > 0)
    .map(({ key, text }) => `${count(left[key])} ${text}`)
    .join(', ')
}

export const DELIVERIES: Record<SegmentDelivery['state'], { label: string; tone: Tone }> = {
  waiting: { label: 'Tried again', tone: 'warn' },
  sending: { label: 'On its way', tone: 'slate' },
  taken: { label: 'Taken', tone: 'good' },
  unknown: { label: 'May have arrived', tone: 'warn' },
  given_up: { label: 'Given up', tone: 'bad' },
}
