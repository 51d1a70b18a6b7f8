import type { ChangeSet } from '@/shared/api/types'
import { Badge, type Tone } from '@/shared/ui/Badge'

const TONES: Record<ChangeSet['risk']['band'], Tone> = { low: 'good', medium: 'warn', high: 'bad' }

export function RiskBadge({ risk }: { risk: ChangeSet['risk'] }) {
  return <Badge tone={TONES[risk.band]}>{risk.band} risk</Badge>
}
