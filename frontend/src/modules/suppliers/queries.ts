import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import type { NewSupplier, Supplier } from '@/shared/api/types'
import { suppliersQuery } from '@/shared/inventory/suppliers'

export interface SupplierChange {
  /** Null: a new one. */
  id: string | null
  supplier: NewSupplier & { archived: boolean }
}

export function useSaveSupplier() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, supplier }: SupplierChange): Promise<Supplier> => {
      if (id !== null)
        return body(api.PUT('/v1/suppliers/{id}', { params: { path: { id } }, body: supplier }))
      const { archived: _, ...told } = supplier
      return body(api.POST('/v1/suppliers', { body: told }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: suppliersQuery.queryKey }),
  })
}
