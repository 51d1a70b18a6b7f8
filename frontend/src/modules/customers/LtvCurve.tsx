/** The curve of lifetime value with its interval as a band, and what a new customer costs as a line. */
import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'
import { useId, useMemo, useState } from 'react'
import type { Ltv, LtvPoint } from '@/shared/api/types'
import { approximate } from '@/shared/format/decimal'
import { count, money } from '@/shared/format/money'
import { Button } from '@/shared/ui/Button'
import { useWidth } from '@/shared/ui/use-width'

const HEIGHT = 280
const PAD = { top: 12, right: 8, bottom: 34, left: 52 }

export function LtvCurve({ ltv }: { ltv: Ltv }) {
  const [asTable, setAsTable] = useState(false)
  const summary = useId()
  return (
    <figure
      aria-label="Lifetime value by day since the first order"
      aria-describedby={summary}
      className="flex min-w-0 flex-col gap-3"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-5 gap-y-2">
        <Legend ltv={ltv} />
        <Button kind="quiet" aria-pressed={asTable} onClick={() => setAsTable(value => !value)}>
          {asTable ? 'View as chart' : 'View as table'}
        </Button>
      </div>
      {asTable ? <Table ltv={ltv} /> : <Plot ltv={ltv} />}
      <figcaption id={summary} className="text-sm text-soft">
        {summaryOf(ltv)}
      </figcaption>
    </figure>
  )
}

function summaryOf({ points, currency, payback, interval_note }: Ltv): string {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return ''
  const paid = payback.day == null ? '' : ` A new customer has paid for itself on day ${payback.day}.`
  const note = interval_note ? ` No band: ${interval_note}.` : ''
  return `${money(first.value, currency)} on the first day, ${money(last.value, currency)} by day ${last.day}.${paid}${note}`
}

function Legend({ ltv }: { ltv: Ltv }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
      <li className="inline-flex items-center gap-1.5">
        <svg aria-hidden="true" width="18" height="8">
          <line x2="18" y1="4" y2="4" strokeWidth={2.5} className="stroke-brass" />
        </svg>
        LTV
      </li>
      {ltv.points.some(p => p.low != null) && (
        <li className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="8">
            <rect width="18" height="8" className="fill-brass/20" />
          </svg>
          95 % interval
        </li>
      )}
      {ltv.acquisition.cost != null && (
        <li className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="8">
            <line x2="18" y1="4" y2="4" strokeWidth={1.5} strokeDasharray="3 3" className="stroke-slate" />
          </svg>
          nCAC
        </li>
      )}
    </ul>
  )
}

function Plot({ ltv }: { ltv: Ltv }) {
  const { points, currency } = ltv
  const [ref, width] = useWidth<HTMLDivElement>()
  const [active, setActive] = useState<number | null>(null)
  const inner = Math.max(0, width - PAD.left - PAD.right)
  const last = points.length - 1
  const cost = ltv.acquisition.cost == null ? null : approximate(ltv.acquisition.cost)
  const shape = useMemo(() => shapes(points, cost, inner), [points, cost, inner])
  const { x, y } = shape
  const at = active === null ? undefined : points[active]
  return (
    <div
      ref={ref}
      className="relative"
      onPointerMove={event => {
        const box = event.currentTarget.getBoundingClientRect()
        const place = (event.clientX - box.left - PAD.left) / Math.max(1, inner)
        setActive(Math.min(last, Math.max(0, Math.round(place * last))))
      }}
      onPointerLeave={() => setActive(null)}
    >
      <input
        type="range"
        min={0}
        max={Math.max(0, last)}
        value={active ?? last}
        aria-label="Lifetime value: read day by day"
        aria-valuetext={spoken(points[active ?? last], currency)}
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
          {y.ticks(5).map(tick => (
            <g key={tick} transform={`translate(0,${y(tick)})`}>
              <line x2={inner} strokeWidth={tick === 0 ? 1 : 0.75} className={tick === 0 ? 'stroke-edge' : 'stroke-rule'} />
              <text x={-8} dy="0.32em" textAnchor="end" className="fill-faint text-xs">
                {money(String(tick), currency, 'compact')}
              </text>
            </g>
          ))}
          {daysUnder(points).map(day => (
            <text
              key={day}
              x={x(day)}
              y={HEIGHT - PAD.top - 12}
              textAnchor={day === 0 ? 'start' : day === points[last]?.day ? 'end' : 'middle'}
              className="fill-faint text-xs"
            >
              {day === 0 ? 'Day 0' : day}
            </text>
          ))}
          <path d={shape.band} className="fill-brass/20" />
          <path d={shape.curve} fill="none" strokeWidth={2} strokeLinejoin="round" className="stroke-brass" />
          {cost !== null && (
            <line x2={inner} y1={y(cost)} y2={y(cost)} strokeWidth={1.5} strokeDasharray="4 4" className="stroke-slate" />
          )}
          {at && (
            <g transform={`translate(${x(at.day)},0)`}>
              <line y2={HEIGHT - PAD.top - PAD.bottom} className="stroke-soft" />
              <circle cy={y(approximate(at.value))} r={4} strokeWidth={2} className="fill-sheet stroke-brass" />
            </g>
          )}
        </g>
      </svg>
      {at && <ReadOut point={at} currency={currency} onLeft={x(at.day) > inner / 2} />}
    </div>
  )
}

function ReadOut({ point, currency, onLeft }: { point: LtvPoint; currency: string; onLeft: boolean }) {
  return (
    <div
      aria-hidden="true"
      className={`popup pointer-events-none absolute top-1 z-20 min-w-44 px-3 py-2 text-xs ${onLeft ? 'left-14' : 'right-1'}`}
    >
      <p className="mb-1 font-semibold">Day {point.day}</p>
      <p className="numeral">{money(point.value, currency)}</p>
      {point.low != null && (
        <p className="numeral text-soft">
          {money(point.low, currency)} – {money(point.high, currency)}
        </p>
      )}
      <p className="text-faint">{count(point.customers)} customers</p>
    </div>
  )
}

function shapes(points: LtvPoint[], cost: number | null, inner: number) {
  const values = points.flatMap(p => [p.value, p.low, p.high].filter(v => v != null).map(approximate))
  if (cost !== null) values.push(cost)
  const low = Math.min(0, ...values)
  const high = Math.max(low + 1, ...values)
  const y = scaleLinear([low, high], [HEIGHT - PAD.top - PAD.bottom, 0]).nice(5)
  const x = scaleLinear([0, Math.max(1, points.at(-1)?.day ?? 1)], [0, inner])
  const band = area<LtvPoint>()
    .defined(p => p.low != null && p.high != null)
    .x(p => x(p.day))
    .y0(p => y(approximate(p.low ?? '0')))
    .y1(p => y(approximate(p.high ?? '0')))
  const curve = line<LtvPoint>()
    .x(p => x(p.day))
    .y(p => y(approximate(p.value)))
  return { x, y, band: band(points) ?? '', curve: curve(points) ?? '' }
}

const MARKS = [0, 30, 60, 90, 180, 270, 365]

function daysUnder(points: LtvPoint[]): number[] {
  const last = points.at(-1)?.day ?? 0
  const marks = MARKS.filter(day => day <= last && (last < 200 || day !== 30))
  return last - (marks.at(-1) ?? 0) > last / 8 ? [...marks, last] : marks
}

function spoken(point: LtvPoint | undefined, currency: string): string {
  if (!point) return 'no data'
  const band =
    point.low == null ? '' : `, between ${money(point.low, currency)} and ${money(point.high, currency)}`
  return `day ${point.day}: ${money(point.value, currency)}${band}, ${point.customers} customers`
}

function Table({ ltv }: { ltv: Ltv }) {
  const every = ltv.points.filter(p => p.day % 30 === 0 || p === ltv.points.at(-1))
  return (
    <div className="max-h-72 overflow-auto" role="region" aria-label="Lifetime value as a table" tabIndex={0}>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-xs text-soft">
            <th scope="col" className="py-1.5 text-left font-medium">Day</th>
            <th scope="col" className="py-1.5 text-right font-medium">LTV</th>
            <th scope="col" className="py-1.5 text-right font-medium">95 % interval</th>
            <th scope="col" className="py-1.5 text-right font-medium">Customers</th>
          </tr>
        </thead>
        <tbody>
          {every.map(point => (
            <tr key={point.day} className="border-t border-rule">
              <th scope="row" className="py-1.5 text-left font-normal">{point.day}</th>
              <td className="numeral py-1.5 text-right">{money(point.value, ltv.currency)}</td>
              <td className="numeral py-1.5 text-right text-soft">
                {point.low == null ? '—' : `${money(point.low, ltv.currency)} – ${money(point.high, ltv.currency)}`}
              </td>
              <td className="numeral py-1.5 text-right">{count(point.customers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
