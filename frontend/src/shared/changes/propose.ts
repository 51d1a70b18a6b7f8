/** Proposes changes by hand, and leads to the proposal: nothing is written before it is approved. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { ChangeEdit } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'

export interface Proposal {
  /** Made from the edits when left out. */
  title?: string
  reason: string
  edits: ChangeEdit[]
}

export function usePropose(storeId: string) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (input: Proposal) =>
      body(api.POST('/v1/change-sets', { body: { store_id: storeId, ...input } })),
    onSuccess: set => {
      client.setQueryData(keys.changeSet(set.id), set)
      void client.invalidateQueries({ queryKey: keys.changeSets })
      return navigate({ to: paths.changeSet, params: { id: set.id }, search: keepRange })
    },
  })
}
