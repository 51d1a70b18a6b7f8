/** Kinds of durable work and how they stand, in words. */
import type { Job } from '@/shared/api/types'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import type { Tone } from '@/shared/ui/Badge'

export const KINDS: Record<Job['kind'], string> = {
  agent_run: 'Run of an agent',
  rehearsal: 'Rehearsal',
  sync: 'Sync',
  import: 'Import',
  recost: 'Costs worked out again',
  reconciliation: 'Reconciliation',
  change_set: 'Change-set',
  forecast: 'Forecasts',
  ad_sync: 'Ad account',
  supplier_sync: 'Supplier',
}

/** Those that one filters by; each kind of work has some of its own besides. */
export const STATUSES: Record<string, { label: string; tone: Tone }> = {
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

const OTHERS: Record<string, Tone> = {
  applied: 'good',
  finished: 'good',
  done: 'good',
  approved: 'slate',
  partly_applied: 'warn',
  unknown: 'bad',
}

export function statusOf(status: string): { label: string; tone: Tone } {
  return STATUSES[status] ?? { label: words(status), tone: OTHERS[status] ?? 'neutral' }
}

const OPEN = new Set(['queued', 'running', 'cancelling', 'applying', 'approved'])

/** It goes on by itself. */
export function isOpen(status: string): boolean {
  return OPEN.has(status)
}

/** Where a job is looked at in full; those without a page of their own stand on the page of their area. */
export function placeOf(job: Job): { to: string; params?: { id: string } } {
  const params = { id: job.id }
  switch (job.kind) {
    case 'agent_run':
    case 'rehearsal':
      return { to: paths.run, params }
    case 'sync':
      return { to: paths.sync, params }
    case 'import':
      return { to: paths.import, params }
    case 'change_set':
      return { to: paths.changeSet, params }
    case 'recost':
      return { to: paths.costs }
    case 'reconciliation':
      return { to: paths.reconciliation }
    case 'forecast':
      return { to: paths.inventory }
    case 'ad_sync':
      return { to: paths.campaigns }
    case 'supplier_sync':
      return { to: paths.catalogues }
  }
}
