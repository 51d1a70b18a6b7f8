import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { AuditEntry } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, momentText } from '@/shared/format/time'
import { useMay } from '@/shared/session/may'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { SearchField, SelectField } from '@/shared/ui/Filters'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Empty, Failure, Loading, NoMatch, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { AREAS, actionText, OUTCOMES } from './actions'
import { type AuditFilters, auditCheckQuery, auditQuery } from './queries'

const FILTERS = ['search', 'action', 'outcome', 'since', 'until'] as const
type Filter = (typeof FILTERS)[number]
type Values = Record<Filter, string | undefined>

export function AuditSection() {
  const mayRead = useMay('audit:read')
  return (
    <SettingsSection
      title="Audit"
      lead="Every sign-in, token, user, role and connection that was changed, by whom and from where. Entries are chained: one that is altered or removed by hand is found."
    >
      {mayRead ? (
        <>
          <ChainCheck />
          <Entries />
        </>
      ) : (
        <div className="sheet">
          <Empty title="Only admins read the audit">Ask an admin or the owner of the workspace.</Empty>
        </div>
      )}
    </SettingsSection>
  )
}

function ChainCheck() {
  const { data, error, isFetching, refetch } = useQuery(auditCheckQuery)
  if (error && !data) return <Note tone="warn">The chain could not be checked: {explain(error)}</Note>
  if (!data) return <Loading label="Checking the chain" rows={1} />
  const again = (
    <Button kind="quiet" busy={isFetching} onClick={() => void refetch()}>
      Check again
    </Button>
  )
  if (!data.holds) {
    return (
      <Note tone="bad">
        <div role="alert" className="flex flex-wrap items-center justify-between gap-2">
          <p>
            <strong>The audit does not hold: {data.fault}.</strong> The {count(data.entries)} entries before
            it are sound.
          </p>
          {again}
        </div>
      </Note>
    )
  }
  return (
    <div role="status" className="sheet flex flex-wrap items-center justify-between gap-2 px-4 py-2 sm:px-5">
      <p className="text-sm">
        <span className="font-semibold text-good">Unbroken.</span> {count(data.entries)}{' '}
        {data.entries === 1 ? 'entry' : 'entries'}
        {data.signed_at ? `, signed ${ageText(data.signed_at)}` : ', signed within the next hour'}
      </p>
      {again}
    </div>
  )
}

function Entries() {
  const { values, set } = useUrlFilters(FILTERS)
  const list = useInfiniteQuery(auditQuery(asked(values)))
  const entries = list.data?.pages.flatMap(page => page.entries) ?? []
  const total = list.data?.pages[0]?.total
  const [openSeq, setOpenSeq] = useState<number | null>(null)
  const open = entries.find(entry => entry.seq === openSeq)
  const clear = () => set(Object.fromEntries(FILTERS.map(name => [name, undefined])) as Values)
  const filtered = FILTERS.some(name => values[name])
  return (
    <section aria-label="Entries" className="sheet">
      <FilterBar values={values} set={set} />
      <p role="status" className="px-4 pb-2 text-xs text-faint sm:px-5">
        {total != null && `${count(total)} ${total === 1 ? 'entry' : 'entries'}`}
      </p>
      {list.error && !list.data && (
        <div className="p-4">
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isPending && <Loading label="Loading the audit" rows={8} />}
      {list.data &&
        entries.length === 0 &&
        (filtered ? (
          <NoMatch title="No entry matches" onClear={() => void clear()} />
        ) : (
          <Empty title="Nothing was recorded yet" />
        ))}
      {entries.length > 0 && (
        <ul className="divide-y divide-rule border-t border-rule">
          {entries.map(entry => (
            <EntryRow key={entry.seq} entry={entry} onOpen={() => setOpenSeq(entry.seq)} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="border-t border-rule p-3 text-center">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      )}
      {open && <EntryPanel entry={open} onClose={() => setOpenSeq(null)} />}
    </section>
  )
}

function asked(values: Values): AuditFilters {
  return {
    ...(values.search && { q: values.search }),
    ...(values.action && { action: values.action }),
    ...(values.outcome && { outcome: values.outcome as NonNullable<AuditFilters['outcome']> }),
    ...(values.since && { from: values.since }),
    ...(values.until && { to: values.until }),
  }
}

interface FilterBarProps {
  values: Values
  set: (next: Partial<Values>) => unknown
}

function FilterBar({ values, set }: FilterBarProps) {
  return (
    <div className="flex flex-wrap gap-2 p-4 sm:px-5">
      <SearchField
        label="Who, or whom it was done to"
        value={values.search}
        onChange={search => void set({ search })}
      />
      <div className="grid w-full grid-cols-2 gap-2 sm:flex sm:w-auto">
        <SelectField
          label="What"
          value={values.action}
          options={AREAS}
          onChange={action => void set({ action })}
        />
        <SelectField
          label="Outcome"
          value={values.outcome}
          options={OUTCOMES}
          onChange={outcome => void set({ outcome })}
        />
        <DayField label="From" value={values.since} onChange={since => void set({ since })} />
        <DayField label="To" value={values.until} onChange={until => void set({ until })} />
      </div>
    </div>
  )
}

interface DayFieldProps {
  label: string
  value: string | undefined
  onChange: (day: string | undefined) => void
}

function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <label className="flex min-w-0 items-center gap-1.5 text-sm text-soft">
      {label}
      <input
        type="date"
        value={value ?? ''}
        onChange={event => onChange(event.target.value || undefined)}
        className="field min-w-0 px-2 text-sm"
      />
    </label>
  )
}

function EntryRow({ entry, onOpen }: { entry: AuditEntry; onOpen: () => void }) {
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="grid w-full gap-x-4 gap-y-0.5 px-4 py-2.5 text-left text-sm hover:bg-sunk sm:grid-cols-[minmax(0,1fr)_auto] sm:px-5"
      >
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-semibold">{actionText(entry.action)}</span>
            {entry.outcome !== 'done' && (
              <Badge tone="bad">{entry.outcome === 'refused' ? 'Refused' : 'Failed'}</Badge>
            )}
            {entry.target !== entry.actor && (
              <span className="min-w-0 text-soft wrap-anywhere">{entry.target}</span>
            )}
          </span>
          <span className="mt-0.5 block text-xs text-soft wrap-anywhere">
            {entry.actor}
            {entry.address && ` · ${entry.address}`}
          </span>
        </span>
        <time dateTime={entry.at} title={momentText(entry.at)} className="text-xs text-faint sm:text-right">
          {momentText(entry.at)}
        </time>
      </button>
    </li>
  )
}

function EntryPanel({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const facts: [string, string | null | undefined][] = [
    ['When', momentText(entry.at)],
    ['Who', entry.actor],
    ['From', entry.address],
    ['Outcome', entry.outcome],
    ['Why', entry.reason],
    ['To what', `${entry.target_kind.replaceAll('_', ' ')} ${entry.target}`],
    ['Place in the chain', String(entry.seq)],
    ['Hash', entry.hash],
  ]
  return (
    <SidePanel open onClose={onClose} title={actionText(entry.action)}>
      <dl className="flex flex-col text-sm">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="grid grid-cols-[7rem_minmax(0,1fr)] gap-3 border-b border-rule py-2">
              <dt className="text-soft">{name}</dt>
              <dd className={name === 'Hash' ? 'font-mono text-xs break-all' : 'wrap-anywhere'}>{value}</dd>
            </div>
          ))}
      </dl>
      <Values title="Before" value={entry.before} />
      <Values title="After" value={entry.after} />
    </SidePanel>
  )
}

function Values({ title, value }: { title: string; value: unknown }) {
  if (value == null) return null
  return (
    <section className="mt-4">
      <h3 className="pb-1 text-sm font-semibold">{title}</h3>
      <pre className="overflow-x-auto rounded-md bg-sunk p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
        {JSON.stringify(value, null, 2)}
      </pre>
    </section>
  )
}
