import type { Connection, Sync } from '@/shared/api/types'
import { words } from '@/shared/format/words'
import { Badge, type Tone } from '@/shared/ui/Badge'

const TONES: Record<string, Tone> = {
  ok: 'good',
  succeeded: 'good',
  closed: 'good',
  sandbox: 'brass',
  running: 'slate',
  queued: 'neutral',
  cancelling: 'warn',
  cancelled: 'neutral',
  degraded: 'warn',
  half_open: 'warn',
  missing: 'warn',
  unsupported: 'neutral',
  unknown: 'neutral',
  down: 'bad',
  failed: 'bad',
  open: 'bad',
  not_connected: 'neutral',
}

/** Where the API's own word would mislead: a closed circuit is one that works. */
const NAMES: Record<string, string> = {
  ok: 'OK',
  closed: 'Working',
  open: 'Paused after failures',
  half_open: 'Trying again',
}

type Status =
  | Sync['status']
  | Connection['state']
  | Connection['webhooks']['state']
  | Connection['breaker']['read']['state']

export function StatusBadge({ status }: { status: Status }) {
  return <Badge tone={TONES[status] ?? 'neutral'}>{NAMES[status] ?? words(status)}</Badge>
}
