/** Agents and their runs in words. */
import { sentence } from '@/shared/api/problem'
import type { Agent, Run } from '@/shared/api/types'
import { count, NONE, number } from '@/shared/format/money'
import { durationText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import type { Tone } from '@/shared/ui/Badge'

interface Label {
  label: string
  tone: Tone
}

export const AGENT_STATUSES: Record<Agent['status'], Label> = {
  idle: { label: 'Idle', tone: 'neutral' },
  queued: { label: 'Queued', tone: 'slate' },
  running: { label: 'Running', tone: 'slate' },
  stopped: { label: 'Stopped', tone: 'bad' },
  disabled: { label: 'By hand only', tone: 'neutral' },
}

export const RUN_STATUSES: Record<Run['status'], Label> = {
  queued: { label: 'Queued', tone: 'slate' },
  running: { label: 'Running', tone: 'slate' },
  waiting_approval: { label: 'Waits for approval', tone: 'brass' },
  applying: { label: 'Being applied', tone: 'slate' },
  cancelling: { label: 'Being cancelled', tone: 'warn' },
  succeeded: { label: 'Succeeded', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
  dead: { label: 'Given up', tone: 'bad' },
}

export const AUTONOMIES: Record<Agent['autonomy'], { label: string; about: string }> = {
  observe: { label: 'Observe', about: 'It says what it would do. Nothing is proposed.' },
  propose: { label: 'Propose', about: 'It proposes changes; people decide on each.' },
  act: {
    label: 'Act',
    about:
      'It applies by itself what the guardrails and its budget allow, and proposes the rest. Needs a finished rehearsal of the policy as it is set, and a reason.',
  },
}

/** Keeps another run of the same kind from starting. */
export function isUnderWay(status: Run['status'] | undefined): boolean {
  return status === 'queued' || status === 'running' || status === 'cancelling'
}

/** Something may still happen to it. */
export function isOpen(status: Run['status'] | undefined): boolean {
  return isUnderWay(status) || status === 'waiting_approval' || status === 'applying'
}

export const HEALTHS: Record<Agent['health'], Label> = {
  ok: { label: 'Healthy', tone: 'good' },
  failing: { label: 'Its last three runs failed', tone: 'bad' },
  unknown: { label: 'No recent run', tone: 'neutral' },
}

/** Seconds as people read them: "840 ms", "2.4 s", "3 min". */
export function secondsText(seconds: number | null | undefined): string {
  if (seconds == null) return NONE
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  return seconds < 10 ? `${number(seconds, 1)} s` : durationText(seconds)
}

/** 98.4 → "98.4 %". The API counts it in percent. */
export function percentText(percent: number | null | undefined): string {
  return percent == null ? NONE : `${number(percent, 1)}\u202f%`
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${count(bytes)} bytes`
  return bytes < 1_000_000 ? `${number(bytes / 1000, 1)} kB` : `${number(bytes / 1_000_000, 1)} MB`
}

/** "started by olivia@hearth.example", "started by its schedule". */
/** How far an agent may go, in words; what proposes nothing has nothing to be let do. */
export function mayOf(agent: Pick<Agent, 'autonomy' | 'proposes'>) {
  if (agent.proposes) return AUTONOMIES[agent.autonomy]
  return {
    label: 'Write',
    about: 'It writes what it finds into your own books. It proposes nothing, and changes nothing outside.',
  }
}

export function triggerText(run: Run): string {
  if (run.trigger.by === 'person') return `started by ${run.trigger.label}`
  if (run.trigger.by === 'event') return `started by the event ${run.trigger.label}`
  return 'started by its schedule'
}

export function whatText(run: Run): string {
  return run.kind === 'rehearse' ? 'Rehearsal' : 'Run'
}

/** What came of it, as a sentence; what it is doing, while it goes on. */
export function outcomeText(run: Run): string {
  const said = run.error ?? run.summary
  if (said) return inFull(said)
  const step = run.steps.at(-1)
  return step ? `${words(step.name)}…` : 'Not begun.'
}

/** With a capital and a full stop: the server writes neither. */
export function inFull(text: string): string {
  return /[.!?]$/.test(text) ? sentence(text) : `${sentence(text)}.`
}
