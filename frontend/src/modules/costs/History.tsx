/** What a variant cost when, by whom. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { VariantCost } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { Button } from '@/shared/ui/Button'
import { Failure, Loading } from '@/shared/ui/States'
import { historyQuery, useApply } from './queries'

const TOLD: Record<string, string> = {
  store: 'the store',
  supplier: 'a supplier',
  person: 'a person',
  import: 'a file',
  ad_platform: 'the ad platform',
}

interface HistoryProps {
  variant: VariantCost
  storeId: string
  timezone: string
}

export function History({ variant, storeId }: HistoryProps) {
  const { data, error } = useQuery(historyQuery(variant.variant_id, storeId))
  const apply = useApply()
  const [asked, setAsked] = useState<string | null>(null)
  if (error && !data) return <Failure error={error} />
  if (!data) return <Loading label="Loading the history" rows={3} />
  return (
    <section aria-label="History" className="mt-6 border-t border-rule pt-4">
      <h3 className="mb-2 text-sm font-semibold">History</h3>
      {data.history.length === 0 && <p className="text-sm text-soft">Nothing was ever recorded.</p>}
      <ul className="divide-y divide-rule text-sm">
        {data.history.map(record => {
          const { id } = record
          return (
            <li
              key={`${record.source}${record.valid_from}${record.observed_at}`}
              className="flex min-h-11 items-center justify-between gap-3 py-1.5"
            >
              <span>
                <span className="numeral font-semibold">
                  {record.cost == null ? 'no cost' : money(record.cost, record.currency ?? 'USD')}
                </span>
                <span className="block text-xs text-faint">
                  {record.valid_from ? `from ${record.valid_from}` : 'since ever'}, told by{' '}
                  {TOLD[record.told_by] ?? record.told_by}
                </span>
              </span>
              {id != null && (
                <Button
                  kind={asked === id ? 'danger' : 'quiet'}
                  busy={apply.isPending && asked === id}
                  onClick={() =>
                    asked === id
                      ? apply.mutate({ store_id: storeId, changes: [{ remove: id }] })
                      : setAsked(id)
                  }
                >
                  {asked === id ? 'Remove it' : 'Remove'}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {apply.error && (
        <p role="alert" className="mt-2 text-sm text-bad">
          {apply.error.message}
        </p>
      )}
    </section>
  )
}
