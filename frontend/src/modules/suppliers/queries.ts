import { useMutation, useQueryClient } from '@tanstack/react-query'
import { body } from '@/shared/api/client'
import { inventoryApi, type NewSupplier, type Supplier } from '@/shared/api/inventory-contract'
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
        return body(inventoryApi.PUT('/v1/suppliers/{id}', { params: { path: { id } }, body: supplier }))
      const { archived: _, ...told } = supplier
      return body(inventoryApi.POST('/v1/suppliers', { body: told }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: suppliersQuery.queryKey }),
  })
}
