import type { InventoryItem } from '@/shared/api/types'
import { Badge } from '@/shared/ui/Badge'
import { STATES, URGENCIES } from './words'

export function UrgencyBadge({ item }: { item: InventoryItem }) {
  const { label, tone } = URGENCIES[item.urgency]
  return <Badge tone={tone}>{label}</Badge>
}

/** What is the matter with it, beside how soon it runs out. */
export function StateBadges({ item }: { item: InventoryItem }) {
  return (
    <>
      {item.states.map(state => (
        <Badge key={state} tone={STATES[state].tone}>
          {STATES[state].label}
        </Badge>
      ))}
      {item.demand.history === 'too_little' && <Badge>Too little history</Badge>}
    </>
  )
}
