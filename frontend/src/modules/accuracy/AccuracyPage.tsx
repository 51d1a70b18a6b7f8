/** How good the forecasts were, held against what followed: by how far ahead, by model, day by day; and whether that changes. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ForecastAccuracy, ForecastLevel, ForecastScore, Store } from '@/shared/api/types'
import { LineChart } from '@/shared/charts/LineChart'
import { count, number } from '@/shared/format/money'
import { spanText } from '@/shared/format/time'
import { asSentence, plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Absent } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { buttonClass } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { MEASURES, measured } from './measures'
import { accuracyQuery, DAYS, LEVELS } from './queries'

const FILTERS = ['days', 'level'] as const
const USUAL_DAYS = '28'

export function AccuracyPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the accuracy" />
  return <AccuracyOf key={store.id} store={store} />
}

function AccuracyOf({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const days = DAYS.find(one => one === values.days) ?? USUAL_DAYS
  const level = LEVELS.find(one => one.value === values.level)?.value ?? 'variant'
  const { data, error, refetch } = useQuery(accuracyQuery(store.id, Number(days), level))
  return (
    <Page
      title="Accuracy"
      lead={
        data
          ? `Forecasts of ${spanText(data.from, data.to)} against what followed`
          : 'Forecasts against what followed'
      }
      actions={
        <Link to={paths.inventory} search={keepRange} className={buttonClass('quiet')}>
          Inventory
        </Link>
      }
    >
      <div className="flex flex-col gap-5">
        <Choices
          days={days}
          level={level}
          onDays={next => void set({ days: next === USUAL_DAYS ? undefined : next })}
          onLevel={next => void set({ level: next === 'variant' ? undefined : next })}
        />
        {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading label="Loading the accuracy" rows={10} />}
        {data && (data.total ? <Found data={data} total={data.total} /> : <Nothing data={data} />)}
      </div>
    </Page>
  )
}

interface ChoicesProps {
  days: string
  level: ForecastLevel
  onDays: (days: string) => void
  onLevel: (level: string) => void
}

function Choices({ days, level, onDays, onLevel }: ChoicesProps) {
  const field = 'field w-auto pr-2 text-sm'
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-2 text-sm text-soft">
      <label className="flex items-center gap-2">
        Last
        <select value={days} onChange={event => onDays(event.target.value)} className={field}>
          {DAYS.map(one => (
            <option key={one} value={one}>
              {one} days
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-2">
        Of
        <select value={level} onChange={event => onLevel(event.target.value)} className={field}>
          {LEVELS.map(one => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

function Nothing({ data }: { data: ForecastAccuracy }) {
  return (
    <div className="sheet">
      <Empty title="Nothing to compare yet">
        {asSentence(
          data.unavailable.total ??
            'no forecast was held against what followed yet; the first is scored the night after it was made',
        )}
      </Empty>
    </div>
  )
}

function Found({ data, total }: { data: ForecastAccuracy; total: ForecastScore }) {
  return (
    <>
      <Drift drift={data.drift} />
      <Tiles total={total} unavailable={data.unavailable} />
      <Section title="Day by day" note="MASE of each day that was forecast">
        <Daily data={data} />
      </Section>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Section title="By how far ahead" note="Days between the forecast and the day that it told" flush>
          <Scores
            label="By how far ahead"
            first="Days ahead"
            rows={data.buckets.map(row => ({ ...row, name: row.bucket.replace('-', ' – ') }))}
          />
        </Section>
        <Section title="By model" note="Those that had a part in a forecast" flush>
          <Scores
            label="By model"
            first="Model"
            rows={data.models.map(row => ({ ...row, name: row.model }))}
          />
        </Section>
      </div>
    </>
  )
}

const DRIFTS = {
  none: { label: 'Steady', tone: 'good' },
  drifting: { label: 'Drifting', tone: 'bad' },
  too_early: { label: 'Too early to say', tone: 'neutral' },
} as const

function Drift({ drift }: { drift: ForecastAccuracy['drift'] }) {
  const { label, tone } = DRIFTS[drift.state]
  const { recent_mase: recent, past_mase: past, p_value: p } = drift
  return (
    <Note tone={drift.state === 'drifting' ? 'bad' : 'slate'}>
      <p className="flex flex-wrap items-center gap-2 font-semibold">
        Do forecasts grow worse? <Badge tone={tone}>{label}</Badge>
      </p>
      <p>{asSentence(drift.reason)}</p>
      {recent != null && past != null && (
        <p className="numeral text-xs text-soft">
          MASE {number(recent, 2)} lately, {number(past, 2)} before
          {p != null && ` · p ${p < 0.001 ? '< 0.001' : number(p, 3)}`}
        </p>
      )}
    </Note>
  )
}

function Tiles({ total, unavailable }: { total: ForecastScore; unavailable: Record<string, string> }) {
  return (
    <ul
      aria-label="Key figures"
      className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 lg:grid-cols-5"
    >
      {MEASURES.map(measure => {
        const value = measured(total, measure.key)
        return (
          <li key={measure.key} className="sheet flex flex-col p-3.5">
            <span className="text-sm text-soft">{measure.label}</span>
            <span className="mt-0.5 text-lg font-semibold">
              {value === null ? (
                <Absent reason={asSentence(unavailable[measure.key] ?? 'Nothing was sold on these days.')} />
              ) : (
                measure.text(value)
              )}
            </span>
            <span className="mt-auto pt-1.5 text-xs text-faint">
              {measure.about}
              {measure.key === 'coverage' && '; 80 % are wanted'}
            </span>
          </li>
        )
      })}
      <li className="sheet flex flex-col p-3.5">
        <span className="text-sm text-soft">Compared</span>
        <span className="mt-0.5 text-lg font-semibold">{count(total.n)}</span>
        <span className="mt-auto pt-1.5 text-xs text-faint">
          {plural(total.n, 'day', 'days')} of single forecasts
        </span>
      </li>
    </ul>
  )
}

function Daily({ data }: { data: ForecastAccuracy }) {
  const points = useMemo(
    () =>
      data.days.map(day => ({
        at: day.day,
        values: { mase: day.mase },
        reason: day.mase == null ? 'Nothing was sold, or nothing was forecast.' : undefined,
      })),
    [data.days],
  )
  if (points.length === 0) return <p className="text-sm text-soft">No single day was scored.</p>
  return (
    <LineChart
      title="MASE per day"
      points={points}
      series={[{ key: 'mase', label: 'MASE', tone: 'slate' }]}
      unit={{ kind: 'ratio' }}
      reference={{ value: 1, label: 'As good as last week’s same day' }}
    />
  )
}

interface ScoresProps {
  label: string
  first: string
  rows: (ForecastScore & { name: string })[]
}

const TONES = { good: 'text-good', bad: 'text-bad', warn: 'text-warn' } as const

function toneOf(tone: string | undefined): string | undefined {
  return tone && tone in TONES ? TONES[tone as keyof typeof TONES] : undefined
}

function Scores({ label, first, rows }: ScoresProps) {
  if (rows.length === 0) return <p className="px-4 pb-4 text-sm text-soft sm:px-5">Nothing was compared.</p>
  return (
    <table aria-label={label} className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk text-xs text-soft">
        <tr>
          <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
            {first}
          </th>
          {MEASURES.map(measure => (
            <th
              key={measure.key}
              scope="col"
              className={cx(
                'px-1.5 py-2 text-right font-medium last:pr-4 sm:px-2.5',
                measure.key === 'wape' && 'hidden xs:table-cell',
              )}
            >
              {measure.label}
            </th>
          ))}
          <th scope="col" className="hidden px-2.5 py-2 pr-4 text-right font-medium sm:table-cell sm:pr-5">
            Compared
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.name} className="border-b border-rule last:border-0">
            <th scope="row" className="px-4 py-2 text-left font-normal wrap-anywhere sm:px-5">
              {row.name}
            </th>
            {MEASURES.map(measure => {
              const value = measured(row, measure.key)
              return (
                <td
                  key={measure.key}
                  className={cx(
                    'numeral px-1.5 py-2 text-right last:pr-4 sm:px-2.5',
                    measure.key === 'wape' && 'hidden xs:table-cell',
                    value !== null && toneOf(measure.tone(value)),
                  )}
                >
                  {value === null ? <Absent reason="Nothing was sold on these days." /> : measure.text(value)}
                </td>
              )
            })}
            <td className="numeral hidden px-2.5 py-2 pr-4 text-right text-soft sm:table-cell sm:pr-5">
              {count(row.n)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
