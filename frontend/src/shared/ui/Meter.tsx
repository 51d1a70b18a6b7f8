import { cx } from './cx'

interface MeterProps {
  label: string
  value: number | null | undefined
  tone?: 'brass' | 'good' | 'warn'
  thin?: boolean
}

const FILL = { brass: 'bg-brass', good: 'bg-good', warn: 'bg-warn' }

/** A share from 0 to 1. Null is drawn as empty and read out as unknown. */
export function Meter({ label, value, tone = 'brass', thin }: MeterProps) {
  const percent = value == null ? 0 : Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value == null ? undefined : percent}
      className={cx('w-full overflow-hidden rounded-sm bg-sunk', thin ? 'h-1.5' : 'h-2.5')}
    >
      <div
        className={cx('h-full origin-left rounded-sm transition-transform duration-300', FILL[tone])}
        style={{ transform: `scaleX(${percent / 100})` }}
      />
    </div>
  )
}
