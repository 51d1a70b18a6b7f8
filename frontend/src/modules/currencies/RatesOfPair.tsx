/** The single rates of a pair and source, newest first; what a person or a file told can be taken away. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Rate, RateStatus } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { ratesQuery, useMayChangeRates, useRemoveRate } from './queries'

interface RatesOfPairProps {
  series: RateStatus['series'][number]
  onClose: () => void
}

export function RatesOfPair({ series, onClose }: RatesOfPairProps) {
  const list = useInfiniteQuery(ratesQuery(series))
  const rates = list.data?.pages.flatMap(page => page.rates) ?? []
  const total = list.data?.pages[0]?.total
  const mayChange = useMayChangeRates()
  const removable = mayChange && series.source !== 'feed'
  return (
    <SidePanel open onClose={onClose} title={`${series.base} → ${series.quote}`}>
      <p className="mb-3 text-sm text-soft">
        {series.source === 'feed'
          ? 'Published rates come again with the next reading, so they are not removed one by one.'
          : 'Without a rate of its own, a day takes the next source, or an earlier day’s rate. Costs in this currency are booked again.'}
      </p>
      {list.isPending && <Loading label="Loading the rates" rows={8} />}
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && rates.length === 0 && <Empty title="No rates are left" />}
      <ul aria-label="Rates" className="divide-y divide-rule">
        {rates.map(rate => (
          <Line key={rate.day} rate={rate} removable={removable} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="mt-3" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {total == null ? 'More' : `More of ${count(total)}`}
        </Button>
      )}
    </SidePanel>
  )
}

function Line({ rate, removable }: { rate: Rate; removable: boolean }) {
  const remove = useRemoveRate()
  const [sure, setSure] = useState(false)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 text-sm">
      <span className="min-w-0 flex-1">
        {dayText(rate.day)}
        <span className="block text-xs text-faint wrap-anywhere">{rate.origin}</span>
      </span>
      <span className="numeral font-semibold">{rate.value}</span>
      {removable && !sure && (
        <Button
          kind="quiet"
          aria-label={`Remove the rate of ${dayText(rate.day)}`}
          onClick={() => setSure(true)}
        >
          Remove
        </Button>
      )}
      {sure && (
        <span className="flex w-full flex-wrap justify-end gap-2">
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate(rate)}>
            Remove it
          </Button>
          <Button kind="quiet" onClick={() => setSure(false)}>
            Keep it
          </Button>
        </span>
      )}
      {remove.error && (
        <p role="alert" className="w-full text-sm text-bad">
          {remove.error.message}
        </p>
      )}
    </li>
  )
}
