import type { Agent } from '@/shared/api/types'
import { Badge } from '@/shared/ui/Badge'
import { AGENT_STATUSES, healthText } from './words'

/** How an agent stands, and how it fares where that is worth a word. */
export function AgentBadges({ agent }: { agent: Agent }) {
  const status = AGENT_STATUSES[agent.status]
  const health = healthText(agent.health)
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge tone={status.tone}>{status.label}</Badge>
      {health && <Badge tone={agent.health === 'failing' ? 'bad' : 'neutral'}>{health}</Badge>}
    </span>
  )
}
