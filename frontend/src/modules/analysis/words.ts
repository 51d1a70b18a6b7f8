/** Numbers of the analyst in words: amounts, counts and shares, and how far from usual they are. */
import type { AnalysisNumberKind, AnomalyStatus, UnusualDay } from '@/shared/api/types'
import { count, money, NONE, number } from '@/shared/format/money'
import type { Tone } from '@/shared/ui/Badge'

export const STATUSES: Record<AnomalyStatus, { label: string; tone: Tone }> = {
  open: { label: 'Open', tone: 'brass' },
  seen: { label: 'Seen', tone: 'slate' },
  dismissed: { label: 'Dismissed', tone: 'neutral' },
}

/** POAS is read as a factor, other ratios as percent. */
export function numberText(
  value: string | null | undefined,
  kind: AnalysisNumberKind,
  currency: string,
  figure?: string,
): string {
  if (value == null) return NONE
  if (kind === 'money') return money(value, currency)
  if (kind === 'count') return count(Number(value))
  return figure === 'poas' ? number(Number(value), 2) : `${number(Number(value) * 100, 1)}\u202f%`
}

/** "12 instead of 30 – 52" is what one sees first. */
export function usualText(of: UnusualDay): string {
  const show = (value: string) => numberText(value, of.kind, of.currency, of.figure)
  return `${show(of.low)} – ${show(of.high)}`
}

export function scoreText({ score, over_two_days: two }: UnusualDay): string {
  const far = `${number(Math.abs(score), 1)} times the usual spread ${score < 0 ? 'below' : 'above'} what was expected`
  return two ? `${far}, over two days together` : far
}
