/** Columns that were chosen once and are reused for files with the same headers. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SavedImportMapping } from '@/shared/api/types'
import { ageText } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Failure } from '@/shared/ui/States'
import { mappingsQuery, useForgetMapping } from './queries'
import { kindLabel } from './words'

export function SavedMappings() {
  const { data, error, refetch } = useQuery(mappingsQuery)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data || data.length === 0) return null
  return (
    <Section title="Kept columns" note="Chosen once, reused for every file with the same headers" flush>
      <ul aria-label="Kept columns" className="divide-y divide-rule border-t border-rule">
        {data.map(saved => (
          <Line key={saved.header_set} saved={saved} />
        ))}
      </ul>
    </Section>
  )
}

function Line({ saved }: { saved: SavedImportMapping }) {
  const forget = useForgetMapping()
  const [sure, setSure] = useState(false)
  const columns = Object.keys(saved.mapping.columns).length
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-semibold wrap-anywhere">{saved.name}</span>
        <span className="block text-sm text-soft">
          {kindLabel(saved.mapping.kind)} · {columns} {columns === 1 ? 'column' : 'columns'} ·{' '}
          {ageText(saved.saved_at)}
        </span>
        {forget.error && (
          <span role="alert" className="block text-sm text-bad">
            {forget.error.message}
          </span>
        )}
      </span>
      {sure ? (
        <span className="flex flex-wrap items-center gap-2">
          <span className="text-sm">The next such file is asked about again.</span>
          <Button kind="danger" busy={forget.isPending} onClick={() => forget.mutate(saved.header_set)}>
            Forget it
          </Button>
          <Button kind="quiet" onClick={() => setSure(false)}>
            Keep it
          </Button>
        </span>
      ) : (
        <Button kind="quiet" aria-label={`Forget the columns of ${saved.name}`} onClick={() => setSure(true)}>
          Forget
        </Button>
      )}
    </li>
  )
}
