/** A change against something, with an arrow, a sign and a colour that says whether that is good. */
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react'
import { ratio, sign, subtract } from '@/shared/format/decimal'
import { change as changeText } from '@/shared/format/money'
import { cx } from './cx'

export type Better = 'up' | 'down' | 'neither'

/** (now − before) / |before|, or null where that means nothing. */
export function relativeChange(
  now: string | null | undefined,
  before: string | null | undefined,
): number | null {
  if (now == null || before == null) return null
  const quotient = ratio(subtract(now, before), before)
  if (quotient === null) return null
  return sign(before) < 0 ? -quotient : quotient
}

interface ChangeProps {
  value: number | null
  better?: Better
  /** Read out after the number: "against the previous period". */
  against?: string
  className?: string
}

export function Change({ value, better = 'up', against, className }: ChangeProps) {
  if (value === null) return null
  const flat = Math.abs(value) < 0.0005
  const Arrow = flat ? ArrowRight : value > 0 ? ArrowUpRight : ArrowDownRight
  const good = better === 'up' ? value > 0 : value < 0
  const tone = flat || better === 'neither' ? 'text-soft' : good ? 'text-good' : 'text-bad'
  return (
    <span className={cx('numeral inline-flex items-center gap-0.5 text-sm font-semibold', tone, className)}>
      <Arrow aria-hidden="true" className="size-3.5 shrink-0" />
      {changeText(flat ? 0 : value)}
      {against && <span className="sr-only"> against {against}</span>}
    </span>
  )
}
