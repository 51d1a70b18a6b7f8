import { Check, CircleDashed, CirclePause, LoaderCircle, Minus, X } from 'lucide-react'
import type { SyncStep } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { words } from '@/shared/format/words'
import { cx } from '@/shared/ui/cx'
import { Meter } from '@/shared/ui/Meter'

const ICONS = {
  pending: { icon: CircleDashed, CirclePause, tone: 'text-faint' },
  running: { icon: LoaderCircle, tone: 'text-brass animate-spin' },
  stopped: { icon: CirclePause, tone: 'text-warn' },
  done: { icon: Check, tone: 'text-good' },
  skipped: { icon: Minus, tone: 'text-faint' },
  failed: { icon: X, tone: 'text-bad' },
} as const

interface StepsProps {
  steps: SyncStep[]
  /** Whether the sync goes on: a step of one that was stopped does not turn. */
  moving: boolean
}

export function Steps({ steps, moving }: StepsProps) {
  return (
    <ol className="flex flex-col">
      {steps.map(step => {
        const status = step.status === 'running' && !moving ? 'stopped' : step.status
        const { icon: Icon, tone } = ICONS[status] ?? ICONS.pending
        return (
          <li key={step.key} className="border-t border-rule py-2.5">
            <div className="flex items-center gap-3 text-sm">
              <Icon aria-hidden="true" className={cx('size-4 shrink-0', tone)} />
              <span className={cx('flex-1', step.status === 'running' && 'font-semibold')}>{step.label}</span>
              <span className="sr-only">{words(status)}</span>
              <span className="numeral text-soft">{amountDone(step)}</span>
            </div>
            {step.reason && <p className="mt-0.5 pl-7 text-xs text-soft">{step.reason}</p>}
            {step.status === 'running' && step.total != null && step.total > 0 && (
              <div className="mt-2 pl-7">
                <Meter label={step.label} value={step.done / step.total} thin />
              </div>
            )}
          </li>
        )
      })}
    </ol>
  )
}

function amountDone(step: SyncStep): string {
  if (step.status === 'pending' && step.done === 0) return ''
  if (step.status === 'skipped') return 'not fetched'
  if (step.total != null && step.status === 'running') return `${count(step.done)} / ${count(step.total)}`
  return count(step.done)
}
