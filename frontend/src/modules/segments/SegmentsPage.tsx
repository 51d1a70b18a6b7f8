/** People who agreed to be written to, by what is known of their orders; exported for mail tools, and never kept. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { OutreachSegment, SegmentExport, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Absent } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { segmentExportsQuery, segmentSettingsQuery, segmentsQuery } from './queries'
import { DELIVERIES, leftOutText, segmentName } from './words'

const Delivery = lazy(() => import('./Delivery'))
const ExportPanel = lazy(() => import('./ExportPanel'))
const LimitsPanel = lazy(() => import('./LimitsPanel'))

export function SegmentsPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the segments" rows={6} />
  return <SegmentsOf key={store.id} store={store} />
}

function SegmentsOf({ store }: { store: Store }) {
  const { data, error, refetch } = useQuery(segmentsQuery(store.id))
  const settings = useQuery(segmentSettingsQuery(store.id))
  const [exporting, setExporting] = useState<OutreachSegment | null>(null)
  const [setting, setSetting] = useState(false)
  const limits = settings.data
  return (
    <Page
      title="Segments"
      lead={
        <span className="flex flex-wrap items-center gap-x-2">
          <Link
            to={paths.customers}
            search={keepRange}
            className="underline decoration-dotted underline-offset-4"
          >
            Customers
          </Link>
          {limits && (
            <span>
              Nobody is told anything more than {count(limits.most)} {plural(limits.most, 'time')} in{' '}
              {count(limits.within_days)} {plural(limits.within_days, 'day')}, and for one cause once
            </span>
          )}
        </span>
      }
      actions={
        limits && (
          <Only may="customers:configure">
            <Button onClick={() => setSetting(true)}>Limits</Button>
          </Only>
        )
      }
    >
      {exporting && (
        <Suspense>
          <ExportPanel segment={exporting} storeId={store.id} onClose={() => setExporting(null)} />
        </Suspense>
      )}
      {setting && limits && (
        <Suspense>
          <LimitsPanel found={limits} storeId={store.id} onClose={() => setSetting(false)} />
        </Suspense>
      )}
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the segments" rows={6} />}
      {data && (
        <div className="flex flex-col gap-5">
          <Section
            title="Who"
            note="Whether somebody agreed is asked of the shop at the moment of the export"
            flush
          >
            <ul className="divide-y divide-rule border-t border-rule">
              {data.segments.map(of => (
                <li
                  key={of.id}
                  className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5"
                >
                  <span className="min-w-0 flex-1 basis-52">
                    <span className="block font-semibold">{segmentName(of.id)}</span>
                    <span className="block text-xs text-soft">{of.about}</span>
                  </span>
                  <span className="numeral text-sm whitespace-nowrap sm:min-w-28 sm:text-right">
                    {of.members == null ? (
                      <Absent reason="it is counted when it is exported" />
                    ) : (
                      `${count(of.members)} ${plural(of.members, 'person', 'people')}`
                    )}
                  </span>
                  <Only may="segments:export">
                    <Button
                      disabled={of.members === 0}
                      aria-label={`Export ${segmentName(of.id)}`}
                      onClick={() => setExporting(of)}
                    >
                      Export
                    </Button>
                  </Only>
                </li>
              ))}
            </ul>
          </Section>
          <Exports store={store} />
        </div>
      )}
    </Page>
  )
}

function columns(storeId: string, timezone: string): Column<SegmentExport>[] {
  return [
    {
      id: 'segment',
      header: 'Export',
      cell: of => (
        <>
          <span className="font-semibold wrap-anywhere">{segmentName(of.segment)}</span>
          <span className="mt-0.5 flex flex-wrap items-center gap-1.5 text-xs text-faint">
            {of.channel === 'sms' ? 'SMS' : 'Mail'}, {of.via === 'csv' ? 'as a file' : `to ${of.via}`}
            {of.delivery && (
              <Badge tone={DELIVERIES[of.delivery.state].tone}>{DELIVERIES[of.delivery.state].label}</Badge>
            )}
            {of.taken_back && <Badge tone="bad">Not taken</Badge>}
          </span>
          {of.delivery && of.delivery.state !== 'taken' && (
            <Suspense>
              <Delivery of={of} storeId={storeId} timezone={timezone} />
            </Suspense>
          )}
        </>
      ),
    },
    {
      id: 'told',
      header: 'Named',
      align: 'right',
      cell: of => <span className="numeral">{`${count(of.told)} of ${count(of.members)}`}</span>,
    },
    {
      id: 'left',
      header: 'Left out',
      from: 'sm',
      cell: of => <span className="text-sm text-soft">{leftOutText(of.left_out) || 'Nobody'}</span>,
    },
    {
      id: 'at',
      header: 'When',
      from: 'md',
      cell: of => (
        <span className="text-sm">
          {momentText(of.at, timezone)}
          <span className="block text-xs text-faint">{of.by}</span>
        </span>
      ),
    },
  ]
}

function Exports({ store }: { store: Store }) {
  const { data, error, refetch } = useQuery(segmentExportsQuery(store.id))
  return (
    <Section title="What was exported" note="Names nobody" flush>
      {error && !data && (
        <div className="px-4 pb-4 sm:px-5">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {data?.exports.length === 0 && (
        <Empty title="Nothing was exported yet">
          Whoever is in an export counts as told, so that nobody is written to twice for the same cause.
        </Empty>
      )}
      {data && data.exports.length > 0 && (
        <DataTable
          label="Exports of segments"
          rows={data.exports}
          columns={columns(store.id, store.timezone)}
          rowKey={of => of.id}
          total={data.exports.length}
        />
      )}
    </Section>
  )
}
