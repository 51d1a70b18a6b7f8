import { useQuery } from '@tanstack/react-query'
import { agentsQuery } from '@/shared/api/queries'
import type { Agent } from '@/shared/api/types'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'

const NONE: Agent[] = []

/** The agents of the chosen store, for names and choices; none for those who may not see them. */
export function useAgents(wanted = true): Agent[] {
  const store = useStore()
  const may = useMay('agents:read')
  const enabled = wanted && may && store !== undefined
  const { data } = useQuery({ ...agentsQuery(store?.id ?? ''), enabled })
  return data?.agents ?? NONE
}
