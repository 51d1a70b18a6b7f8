/** One file from its columns to its result. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { keys, useStores } from '@/shared/api/queries'
import type { Import } from '@/shared/api/types'
import { count, share } from '@/shared/format/money'
import { durationText, momentText } from '@/shared/format/time'
import { sizeText } from '@/shared/imports/size'
import { paths } from '@/shared/paths'
import { Only, useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Meter } from '@/shared/ui/Meter'
import { Page } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { MappingForm } from './MappingForm'
import { Preview } from './Preview'
import { importQuery, useImportAction } from './queries'
import { ReportView } from './ReportView'
import { Result } from './Result'
import { isWorking, kindLabel, stateOf } from './words'

export function ImportPage() {
  const { id } = useParams({ strict: false })
  const { data: item, error, refetch } = useQuery(importQuery(id ?? ''))
  useOutdated(item)
  if (error && !item) {
    return (
      <Page title="Import">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!item) return <Loading label="Loading the import" />
  const state = stateOf(item)
  return (
    <Page
      title={item.file.name}
      tab={isWorking(item) ? `${share(item.progress.share)} ${state.label.toLowerCase()}` : item.file.name}
      lead={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge tone={state.tone}>{state.label}</Badge>
          <Facts item={item} />
        </span>
      }
      actions={
        <Link to={paths.settingsImports} className={buttonClass('quiet')}>
          All imports
        </Link>
      }
    >
      <Body item={item} />
    </Page>
  )
}

function Facts({ item }: { item: Import }) {
  const { data: stores } = useStores()
  const store = stores?.find(one => one.id === item.store_id)
  const separators: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }
  const facts = [
    kindLabel(item.kind),
    store?.name,
    sizeText(item.file.bytes),
    `${item.file.encoding}, ${separators[item.file.delimiter] ?? item.file.delimiter}`,
    momentText(item.created_at),
  ]
  return <span>{facts.filter(Boolean).join(' · ')}</span>
}

function Body({ item }: { item: Import }) {
  if (isWorking(item)) return <Working item={item} />
  switch (item.status) {
    case 'mapping':
      return (
        <div className="flex flex-col gap-5">
          {item.same_as && (
            <Note tone="warn">
              This very file was imported already.{' '}
              <Link to={paths.import} params={{ id: item.same_as }} className="underline">
                Look at that import
              </Link>
              . Importing it again changes nothing that is there.
            </Note>
          )}
          {item.mapping_reused && (
            <Note>The columns are as you chose them for the last file with these headers.</Note>
          )}
          <Only may="imports:write">
            <MappingForm key={item.id} item={item} />
          </Only>
          <Preview item={item} />
        </div>
      )
    case 'checked':
    case 'refused':
      return (
        <div className="flex flex-col gap-5">
          <ReportView item={item} />
          <Only may="imports:write">
            <details className="sheet p-4 sm:p-5">
              <summary className="cursor-pointer font-semibold">Change the columns</summary>
              <div className="mt-4 flex flex-col gap-5">
                <MappingForm item={item} bare />
                {item.status === 'checked' && <Preview item={item} />}
              </div>
            </details>
          </Only>
        </div>
      )
    default:
      return <Result item={item} />
  }
}

const TITLES: Record<string, string> = {
  checking: 'Reading every row. Nothing is written.',
  importing: 'Importing. You can leave this page; it goes on by itself.',
  cancelling: 'Putting everything back to what it was.',
  undoing: 'Putting everything back to what it was.',
}

function Working({ item }: { item: Import }) {
  const act = useImportAction(item.id)
  const may = useMay('imports:write')
  const { progress } = item
  const back = item.status === 'undoing' || item.status === 'cancelling'
  const facts = [
    progress.eta_seconds != null && !back && `about ${durationText(progress.eta_seconds)} left`,
    progress.rows_per_second != null && !back && `${count(Math.round(progress.rows_per_second))} rows/s`,
    item.resumed_times > 0 && `resumed ${item.resumed_times}×`,
  ].filter(Boolean)
  return (
    <section aria-label="Progress" className="sheet flex max-w-3xl flex-col gap-3 p-5">
      <p className="text-sm text-soft">{TITLES[item.status]}</p>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="text-2xl font-semibold">
          <span className="numeral">{count(back ? item.undone : progress.rows_done)}</span>
          <span className="text-base font-normal text-soft">
            {back
              ? ' put back'
              : progress.rows_total == null
                ? ' rows'
                : ` of ${count(progress.rows_total)} rows`}
          </span>
        </p>
        <p className="numeral text-sm text-soft">{facts.join(' · ')}</p>
      </div>
      <Meter label="Progress of the import" value={back ? null : progress.share} />
      {may && (item.status === 'checking' || item.status === 'importing') && (
        <div className="flex flex-wrap items-center gap-3">
          <Button busy={act.isPending} onClick={() => act.mutate('cancel')}>
            {item.status === 'importing' ? 'Stop and roll back' : 'Cancel'}
          </Button>
          {act.error && (
            <p role="alert" className="text-sm text-bad">
              {act.error.message}
            </p>
          )}
        </div>
      )}
    </section>
  )
}

/** When the work has ended, every figure may be another. */
function useOutdated(item: Import | undefined) {
  const client = useQueryClient()
  const before = useRef(item?.status)
  useEffect(() => {
    const was = before.current
    before.current = item?.status
    if (was && was !== item?.status && !isWorking(item)) {
      for (const key of [
        keys.stores,
        keys.reports,
        keys.orders,
        keys.products,
        keys.costs,
        keys.opportunities,
      ])
        void client.invalidateQueries({ queryKey: key })
    }
  }, [item, client])
}
