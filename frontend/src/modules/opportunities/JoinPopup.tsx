/** Looks for another offer of the same thing, and puts it with those that are there. */
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Opportunity } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { offersQuery, useSetMatches } from './queries'
import { Refused } from './Refused'
import { PLATFORMS } from './words'

export default function JoinPopup({ of, onClose }: { of: Opportunity; onClose: () => void }) {
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const found = useQuery({ ...offersQuery(of.store_id, q), enabled: q.length > 1 })
  const join = useSetMatches(onClose)
  const here = new Set(of.supplier_leads.map(lead => lead.supplier_product_id))
  const first = of.supplier_leads[0]
  const others = found.data?.filter(one => !here.has(one.id)) ?? []
  return (
    <Popup
      title="Add an offer of the same thing"
      about={`It is counted with “${of.title}” from now on. All opportunities are scored again.`}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        <Field label="Title, SKU or number" help="At least two letters.">
          {field => (
            <input
              {...field}
              type="search"
              autoComplete="off"
              value={text}
              onChange={event => setText(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <p role="status" className="text-sm text-soft">
          {q.length > 1 && found.data && others.length === 0 && 'No other offer matches.'}
          {found.error && 'Offers could not be read.'}
        </p>
        {q.length > 1 && others.length > 0 && (
          <ul aria-label="Offers" className="max-h-72 overflow-y-auto">
            {others.map(one => (
              <li key={one.id} className="flex items-center justify-between gap-3 border-t border-rule py-2">
                <span className="min-w-0 text-sm">
                  <span className="block font-semibold wrap-anywhere">{one.title ?? 'Without a title'}</span>
                  <span className="block text-xs text-faint wrap-anywhere">
                    {one.supplier ?? 'A supplier without a name'} · {PLATFORMS[one.platform]}
                  </span>
                </span>
                <Button
                  aria-label={`Add ${one.title ?? one.id}`}
                  busy={join.isPending && join.variables.product_id === one.id}
                  disabled={!first || join.isPending}
                  onClick={() =>
                    first &&
                    join.mutate({
                      product_id: one.id,
                      other_ids: [first.supplier_product_id],
                      verdict: 'same',
                      reason: null,
                      store_id: of.store_id,
                    })
                  }
                >
                  Add
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Refused error={join.error} placed={[]} />
      </div>
    </Popup>
  )
}
