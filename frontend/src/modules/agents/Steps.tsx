/** The parts of a run, each done once, with its times and what came of it. */
import { Check, CircleAlert, LoaderCircle } from 'lucide-react'
import { sentence } from '@/shared/api/problem'
import type { Run, RunStep } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { clockText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { Meter } from '@/shared/ui/Meter'
import { secondsText } from './words'

const ICONS = {
  running: <LoaderCircle aria-hidden="true" className="size-4 animate-spin text-slate" />,
  done: <Check aria-hidden="true" className="size-4 text-good" />,
  failed: <CircleAlert aria-hidden="true" className="size-4 text-bad" />,
}
const SAID = { running: 'under way', done: 'done', failed: 'failed' }

export function Steps({ run }: { run: Run }) {
  if (run.steps.length === 0) {
    return (
      <p className="text-sm text-soft">
        {run.status === 'queued' ? 'It waits for a worker.' : 'It ended before its first step.'}
      </p>
    )
  }
  return (
    <ol aria-label="Steps" className="flex flex-col gap-3">
      {run.steps.map(step => (
        <li key={step.name + step.started_at} className="grid grid-cols-[1rem_1fr] gap-x-2.5 text-sm">
          <span className="pt-0.5">{ICONS[step.state]}</span>
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-semibold">
                {words(step.name)}
                <span className="sr-only">, {SAID[step.state]}</span>
              </span>
              <span className="numeral text-xs text-faint">{timesText(step)}</span>
            </p>
            {step.result && (
              <p className={step.state === 'failed' ? 'text-bad' : 'text-soft'}>{sentence(step.result)}</p>
            )}
            {step.state === 'running' && run.progress && <Progress progress={run.progress} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Progress({ progress }: { progress: NonNullable<Run['progress']> }) {
  const { done, total } = progress
  return (
    <div className="mt-1.5 flex items-center gap-3">
      <Meter label="Progress of the step" value={total > 0 ? done / total : null} thin />
      <span className="numeral shrink-0 text-xs text-soft">
        {count(done)} of {count(total)}
      </span>
    </div>
  )
}

function timesText(step: RunStep): string {
  const from = clockText(step.started_at)
  if (!step.ended_at) return `since ${from}`
  const seconds = (Date.parse(step.ended_at) - Date.parse(step.started_at)) / 1000
  return `${from} · ${secondsText(Math.max(0, seconds))}`
}
