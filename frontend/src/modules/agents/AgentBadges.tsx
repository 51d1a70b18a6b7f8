import type { Agent } from '@/shared/api/types'
import { Badge } from '@/shared/ui/Badge'
import { AGENT_STATUSES, HEALTHS } from './words'

/** How an agent stands, and how it fares where that is worth a word. */
export function AgentBadges({ agent }: { agent: Agent }) {
  const status = AGENT_STATUSES[agent.status]
  const health = HEALTHS[agent.health]
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge tone={status.tone}>{status.label}</Badge>
      <Badge tone={health.tone}>{health.label}</Badge>
    </span>
  )
}
