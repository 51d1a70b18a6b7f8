/** Amounts over days: lines to look at, a slider to read point by point with the keyboard, a table for everything. */
import { max, min } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { useId, useMemo, useState } from 'react'
import { approximate } from '@/shared/format/decimal'
import { money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { useWidth } from '@/shared/ui/use-width'
import {
  AREA,
  areaPath,
  type ChartPoint,
  type ChartSeries,
  CROSS,
  linePath,
  STROKE,
  SWATCH,
} from './geometry'
import { PointTable } from './PointTable'

interface TimeChartProps {
  title: string
  /** What the drawing shows, in words. */
  summary: string
  points: ChartPoint[]
  series: ChartSeries[]
  currency: string
}

const HEIGHT = 260
const PAD = { top: 12, right: 8, bottom: 26, left: 52 }

export function TimeChart({ title, summary, points, series, currency }: TimeChartProps) {
  const [asTable, setAsTable] = useState(false)
  const summaryId = useId()
  return (
    <figure aria-label={title} aria-describedby={summaryId} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-5 gap-y-2">
        <Legend series={series} />
        <Button
          kind="quiet"
          className="-ml-3.5 sm:ml-0"
          aria-pressed={asTable}
          onClick={() => setAsTable(value => !value)}
        >
          {asTable ? 'View as chart' : 'View as table'}
        </Button>
      </div>
      {asTable ? (
        <PointTable title={title} points={points} series={series} currency={currency} />
      ) : (
        <Plot title={title} points={points} series={series} currency={currency} />
      )}
      <figcaption id={summaryId} className="text-sm text-soft">
        {summary}
      </figcaption>
    </figure>
  )
}

function Legend({ series }: { series: ChartSeries[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
      {series.map(entry => (
        <li key={entry.key} className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="8">
            <line
              x1="0"
              x2="18"
              y1="4"
              y2="4"
              strokeWidth={entry.dashed ? 1.5 : 2.5}
              strokeDasharray={entry.dashed ? '3 3' : undefined}
              className={STROKE[entry.tone]}
            />
          </svg>
          {entry.label}
        </li>
      ))}
    </ul>
  )
}

function Plot({ title, points, series, currency }: Omit<TimeChartProps, 'summary'>) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const [active, setActive] = useState<number | null>(null)
  const inner = Math.max(0, width - PAD.left - PAD.right)
  const { x, y } = useMemo(() => scales(points, series, inner), [points, series, inner])
  const ticks = y.ticks(5)
  const at = active === null ? undefined : points[active]
  const last = points.length - 1

  const nearest = (clientX: number, box: DOMRect) => {
    const share = (clientX - box.left - PAD.left) / Math.max(1, inner)
    setActive(Math.min(last, Math.max(0, Math.round(share * last))))
  }

  return (
    <div
      ref={ref}
      className="relative"
      onPointerMove={event => nearest(event.clientX, event.currentTarget.getBoundingClientRect())}
      onPointerLeave={() => setActive(null)}
    >
      <input
        type="range"
        min={0}
        max={Math.max(0, last)}
        value={active ?? last}
        aria-label={`${title}: read day by day`}
        aria-valuetext={spoken(points[active ?? last], series, currency)}
        onChange={event => setActive(Number(event.target.value))}
        onFocus={() => setActive(value => value ?? last)}
        onBlur={() => setActive(null)}
        className="peer absolute inset-0 z-10 h-full w-full cursor-crosshair touch-pan-y opacity-0"
      />
      <svg
        aria-hidden="true"
        width={width}
        height={HEIGHT}
        className="block overflow-visible rounded-sm outline-brass peer-focus-visible:outline-2 peer-focus-visible:outline-offset-4"
      >
        <g transform={`translate(${PAD.left},${PAD.top})`}>
          {ticks.map(tick => (
            <g key={tick} transform={`translate(0,${y(tick)})`}>
              <line
                x2={inner}
                className={tick === 0 ? 'stroke-edge' : 'stroke-rule'}
                strokeWidth={tick === 0 ? 1 : 0.75}
              />
              <text x={-8} dy="0.32em" textAnchor="end" className="fill-faint text-xs">
                {money(String(tick), currency, 'compact')}
              </text>
            </g>
          ))}
          {axisDays(points, inner).map(index => (
            <text
              key={points[index]?.day}
              x={x(index)}
              y={HEIGHT - PAD.top - 6}
              textAnchor={index === 0 ? 'start' : index === last ? 'end' : 'middle'}
              className="fill-faint text-xs"
            >
              {dayText(points[index]?.day, 'axis')}
            </text>
          ))}
          {series.map(entry => (
            <g key={entry.key}>
              {entry.area && <path d={areaPath(points, entry.key, x, y)} className={AREA[entry.tone]} />}
              <path
                d={linePath(points, entry.key, x, y)}
                fill="none"
                strokeLinejoin="round"
                strokeWidth={entry.dashed ? 1.25 : 2}
                strokeDasharray={entry.dashed ? '4 4' : undefined}
                className={STROKE[entry.tone]}
              />
            </g>
          ))}
          {at && active !== null && (
            <g transform={`translate(${x(active)},0)`}>
              <line y2={HEIGHT - PAD.top - PAD.bottom} className="stroke-soft" strokeWidth={1} />
              {series.map(entry => {
                const value = at.values[entry.key]
                if (value == null || entry.dashed) return null
                return (
                  <circle
                    key={entry.key}
                    cy={y(approximate(value))}
                    r={4}
                    strokeWidth={2}
                    className={CROSS[entry.tone]}
                  />
                )
              })}
            </g>
          )}
        </g>
      </svg>
      {at && active !== null && (
        <ReadOut point={at} series={series} currency={currency} onLeft={x(active) > inner / 2} />
      )}
    </div>
  )
}

function ReadOut({
  point,
  series,
  currency,
  onLeft,
}: {
  point: ChartPoint
  series: ChartSeries[]
  currency: string
  onLeft: boolean
}) {
  return (
    <div
      aria-hidden="true"
      className={cx(
        'popup pointer-events-none absolute top-1 z-20 min-w-44 px-3 py-2 text-xs',
        onLeft ? 'left-14' : 'right-1',
      )}
    >
      <p className="mb-1 font-semibold">{dayText(point.day, 'long')}</p>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-0.5">
        {series.map(entry => (
          <div key={entry.key} className="contents">
            <dt className="flex items-center gap-1.5 text-soft">
              <span className={cx('size-2 rounded-sm', SWATCH[entry.tone], entry.dashed && 'opacity-50')} />
              {entry.label}
            </dt>
            <dd className="numeral text-right font-medium">{money(point.values[entry.key], currency)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function scales(points: ChartPoint[], series: ChartSeries[], inner: number) {
  const numbers = points.flatMap(point =>
    series
      .map(entry => point.values[entry.key])
      .filter(value => value != null)
      .map(approximate),
  )
  const low = Math.min(0, min(numbers) ?? 0)
  const high = Math.max(0, max(numbers) ?? 0)
  const y = scaleLinear([low, high === low ? 1 : high], [HEIGHT - PAD.top - PAD.bottom, 0]).nice(5)
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [0, inner])
  return { x, y }
}

/** Indexes of the days that are written under the axis: as many as fit, the last always among them. */
function axisDays(points: ChartPoint[], inner: number): number[] {
  const last = points.length - 1
  if (last < 1) return points.length === 1 ? [0] : []
  const room = Math.max(2, Math.floor(inner / 96))
  const step = Math.max(1, Math.ceil(last / (room - 1)))
  const chosen: number[] = []
  for (let index = last; index >= 0; index -= step) chosen.unshift(index)
  return chosen
}

function spoken(point: ChartPoint | undefined, series: ChartSeries[], currency: string): string {
  if (!point) return 'no data'
  const parts = series.map(entry => {
    const value = point.values[entry.key]
    return `${entry.label} ${value == null ? 'not known' : money(value, currency)}`
  })
  return `${dayText(point.day, 'long')}: ${parts.join(', ')}`
}
