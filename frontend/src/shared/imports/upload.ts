/** A file on its way to the server. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'

export function useUpload() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ file, store }: { file: File; store: string | undefined }) =>
      body(
        api.POST('/v1/imports', {
          params: { query: { name: file.name, ...(store && { store_id: store }) } },
          // The file itself is the body; the browser streams it from the disk.
          body: file as unknown as number[],
          bodySerializer: value => value as unknown as BodyInit,
          headers: { 'content-type': 'text/csv' },
        }),
      ),
    onSuccess: item => {
      client.setQueryData(keys.import(item.id), item)
      return client.invalidateQueries({ queryKey: [...keys.imports, 'list'] })
    },
  })
}
