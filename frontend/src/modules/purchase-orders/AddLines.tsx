/** Adds lines: all that is to be reordered, or what a search finds. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { InventoryItem, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { Button } from '@/shared/ui/Button'
import { SearchField } from '@/shared/ui/Filters'
import { type LineDraft, lineOf } from './draft'
import { LINES_AT_MOST, stockQuery } from './queries'

interface AddLinesProps {
  store: Store
  lines: LineDraft[]
  error: string | undefined
  onAdd: (lines: LineDraft[]) => void
}

export function AddLines({ store, lines, error, onAdd }: AddLinesProps) {
  const client = useQueryClient()
  const [text, setText] = useState<string>()
  const [told, setTold] = useState<string>()
  const found = useQuery({ ...stockQuery(store.id, { q: text ?? '' }), enabled: Boolean(text) })
  const isNew = (item: InventoryItem) => !lines.some(line => line.variant === item.variant_id)
  const room = LINES_AT_MOST - lines.length
  const addSuggested = async () => {
    try {
      const { items } = await client.fetchQuery(stockQuery(store.id, { state: 'reorder' }))
      const more = items.filter(isNew).slice(0, room)
      onAdd(more.map(item => lineOf(item, store.currency)))
      setTold(
        more.length === 0
          ? 'Nothing more is to be reordered.'
          : `${count(more.length)} ${plural(more.length, 'line')} added.`,
      )
    } catch (error) {
      setTold(explain(error))
    }
  }
  const matches = text ? (found.data?.items.filter(isNew) ?? []) : []
  return (
    <div className="flex flex-col gap-3 px-4 py-4 sm:px-5">
      {error && (
        <p role="alert" className="text-sm font-medium text-bad">
          {error}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <SearchField label="Find a variant to add" value={text} onChange={setText} />
        <Button onClick={() => void addSuggested()} disabled={room <= 0}>
          Add what is to reorder
        </Button>
      </div>
      <p role="status" className="text-xs text-faint empty:hidden">
        {room <= 0
          ? `${LINES_AT_MOST} lines are as many as go on one order.`
          : text && found.data && matches.length === 0
            ? `Nothing more is found for “${text}”.`
            : told}
      </p>
      {found.error && (
        <p role="alert" className="text-sm text-bad">
          {explain(found.error)}
        </p>
      )}
      {matches.length > 0 && room > 0 && (
        <ul aria-label="Found" className="flex flex-col">
          {matches.map(item => (
            <li
              key={item.variant_id}
              className="flex items-center justify-between gap-3 border-t border-rule py-1.5 text-sm first:border-0"
            >
              <span className="min-w-0 wrap-anywhere">
                {item.title}
                <span className="block text-xs text-faint">
                  {[
                    item.sku,
                    item.available == null ? 'stock not known' : `${count(item.available)} in stock`,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <Button aria-label={`Add ${item.title}`} onClick={() => onAdd([lineOf(item, store.currency)])}>
                Add
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
