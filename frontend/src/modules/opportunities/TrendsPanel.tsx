/** Where trends are from: files with an index by week, looked at and then taken over. Nothing is guessed where none tells. */
import { useQuery } from '@tanstack/react-query'
import { type ChangeEvent, useState } from 'react'
import { fieldErrors, sentence } from '@/shared/api/problem'
import type { Store, TrendFileReport, TrendSeries } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, dayText } from '@/shared/format/time'
import { asSentence, plural } from '@/shared/format/words'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { trendsQuery, useForgetTrend, useTrendFile } from './queries'

/** What the server takes at once. */
const MOST_BYTES = 240_000

export default function TrendsPanel({ store, onClose }: { store: Store; onClose: () => void }) {
  const may = useMay('opportunities:configure')
  const { data, error, refetch } = useQuery(trendsQuery(store.id))
  return (
    <SidePanel open onClose={onClose} title="Trends">
      <div className="flex flex-col gap-5">
        <Note>
          The last eight weeks are held against the same weeks of the year before, or against the 26 weeks
          before them. A keyword counts for every title that has all its words.
        </Note>
        {may && <Upload store={store} />}
        <section aria-label="Trends in use" className="flex flex-col gap-2">
          <h3 className="text-sm font-semibold">In use</h3>
          {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
          {!data && !error && <Loading label="Loading the trends" rows={3} />}
          {data?.length === 0 && (
            <p className="text-sm text-soft">
              No source of trends is connected: the factor is left out of every score, and its weight shared
              by the others.
            </p>
          )}
          <ul>
            {data?.map(series => (
              <One key={series.id} series={series} storeId={store.id} may={may} />
            ))}
          </ul>
        </section>
      </div>
    </SidePanel>
  )
}

function What({ series }: { series: TrendSeries }) {
  return (
    <span className="min-w-0">
      <span className="font-semibold wrap-anywhere">{series.text}</span>
      {series.about === 'category' && <span className="text-soft"> (category)</span>}
      <span className="block text-xs text-faint wrap-anywhere">
        {series.source} · {count(series.weeks)} {plural(series.weeks, 'week')}
        {series.last_week && `, the last from ${dayText(series.last_week)}`}
      </span>
      {series.points == null ? (
        <span className="block text-xs text-warn wrap-anywhere">
          Left out: {asSentence(series.reason ?? 'it says nothing')}
        </span>
      ) : (
        <span className="block text-xs text-soft">
          {(series.growth_percent ?? 0) > 0 && '+'}
          {series.growth_percent} % against {series.against}
        </span>
      )}
    </span>
  )
}

function One({ series, storeId, may }: { series: TrendSeries; storeId: string; may: boolean }) {
  const forget = useForgetTrend(storeId)
  return (
    <li className="flex items-start justify-between gap-3 border-t border-rule py-2.5 text-sm">
      <span className="min-w-0">
        <What series={series} />
        <span className="block text-xs text-faint">
          read {ageText(series.read_at)} by {series.read_by}
        </span>
        {forget.error && (
          <span role="alert" className="block text-xs text-bad">
            {sentence(forget.error.message)}
          </span>
        )}
      </span>
      <span className="flex shrink-0 flex-col items-end gap-1">
        {series.points != null && (
          <span className="numeral" title={`between ${series.low} and ${series.high}`}>
            {series.points} points
          </span>
        )}
        {may && (
          <Button kind="quiet" busy={forget.isPending} onClick={() => forget.mutate(series.id)}>
            Take away
          </Button>
        )}
      </span>
    </li>
  )
}

function Upload({ store }: { store: Store }) {
  const [text, setText] = useState<string>()
  const [source, setSource] = useState('')
  const [fault, setFault] = useState<string>()
  const look = useTrendFile('preview')
  const take = useTrendFile('import')
  const file = (read: string) => ({ text: read, source: source.trim(), store_id: store.id })
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0]
    look.reset()
    take.reset()
    setText(undefined)
    setFault(undefined)
    if (!chosen) return
    if (chosen.size > MOST_BYTES) {
      setFault(`The file is larger than ${MOST_BYTES / 1_000} kB: split it.`)
      return
    }
    const read = await chosen.text()
    setText(read)
    // Where it is from is asked for before it is taken over, not before it is looked at.
    look.mutate({ ...file(read), source: source.trim() || chosen.name.slice(0, 80) })
  }
  const error = look.error ?? take.error
  const told = fieldErrors(error)
  const found = take.data ?? look.data
  return (
    <section aria-label="Bring a file" className="flex flex-col gap-3">
      <Field
        label="Where it is from"
        help="Stands beside every score that uses it, such as: Google Trends, export of the United States"
        error={told.source}
      >
        {field => (
          <input
            {...field}
            className="field"
            maxLength={80}
            value={source}
            onChange={event => setSource(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="CSV file"
        help="A column week, day or date, and one for each keyword; or the columns week, keyword or category, and index."
        error={fault ?? told.file}
      >
        {field => (
          <input {...field} type="file" accept=".csv,text/csv" onChange={event => void choose(event)} />
        )}
      </Field>
      {error && !told.file && !told.source && (
        <p role="alert" className="text-sm text-bad">
          {sentence(error.message)}
        </p>
      )}
      {look.isPending && (
        <p role="status" className="text-sm text-soft">
          Looking at the file …
        </p>
      )}
      {found && <Report of={found} />}
      {found && !found.applied && text && (
        <Button
          kind="primary"
          busy={take.isPending}
          disabled={found.series.length === 0 || !source.trim()}
          onClick={() => take.mutate(file(text))}
        >
          Take {count(found.series.length)} {plural(found.series.length, 'term')} over
        </Button>
      )}
      {found && !found.applied && !source.trim() && (
        <p className="text-xs text-faint">Say first where it is from.</p>
      )}
    </section>
  )
}

function Report({ of }: { of: TrendFileReport }) {
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p role="status" className="font-semibold">
        {count(of.series.length)} {plural(of.series.length, 'term')} {of.applied ? 'taken over' : 'read'},{' '}
        {count(of.left_out.length)} left out, {count(of.refused_count)} {plural(of.refused_count, 'line')}{' '}
        that cannot be read
      </p>
      {!of.applied && (
        <ul aria-label="Terms">
          {of.series.map(series => (
            <li key={series.id} className="flex items-start justify-between gap-3 border-t border-rule py-2">
              <What series={series} />
              {series.replaces && <Badge tone="brass">Replaces one</Badge>}
            </li>
          ))}
        </ul>
      )}
      {of.left_out.length > 0 && (
        <p className="text-xs text-bad wrap-anywhere">
          Left out because of lines that cannot be read: {of.left_out.join(', ')}
        </p>
      )}
      <ul className="text-xs text-soft">
        {of.refused.slice(0, 20).map(({ line, reason }) => (
          <li key={`${line} ${reason}`} className="wrap-anywhere">
            Line {count(line)}: {asSentence(reason)}
          </li>
        ))}
      </ul>
    </div>
  )
}
