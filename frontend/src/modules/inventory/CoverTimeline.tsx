/** What runs out first: cover as a bar with its interval, against the day on which an order of today would arrive. */
import { Link } from '@tanstack/react-router'
import { scaleLinear } from 'd3-scale'
import { useId, useMemo } from 'react'
import type { InventoryItem } from '@/shared/api/types'
import { Frame } from '@/shared/charts/Frame'
import type { ChartTone } from '@/shared/charts/kinds'
import { FILL, WASH } from '@/shared/charts/kinds'
import { addDays, dayText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Absent } from '@/shared/ui/Amount'
import { useWidth } from '@/shared/ui/use-width'
import { type CoverRow, horizonOf, rowsOf, summaryOf } from './timeline'
import { between, days, leadTimeText, reasonOf, stockOutText, URGENCIES } from './words'

interface CoverTimelineProps {
  items: InventoryItem[]
  today: string
}

const TITLE = 'Cover against lead time'

export function CoverTimeline({ items, today }: CoverTimelineProps) {
  const rows = useMemo(() => rowsOf(items, today), [items, today])
  const horizon = horizonOf(rows)
  return (
    <Frame
      title={TITLE}
      summary={summaryOf(rows)}
      legend={<TimelineLegend />}
      table={<TimelineTable rows={rows} today={today} />}
    >
      <ol className="grid grid-cols-1 sm:grid-cols-[minmax(8rem,14rem)_minmax(0,1fr)_auto]">
        <li aria-hidden="true" className="contents">
          <span className="hidden sm:block" />
          <Axis horizon={horizon} today={today} />
          <span className="hidden sm:block" />
        </li>
        {rows.map(row => (
          <Row key={row.item.variant_id} row={row} horizon={horizon} />
        ))}
      </ol>
    </Frame>
  )
}

const HEIGHT = 30
/** The last label is centred under its day. */
const EDGE = 22

function useScale(horizon: number) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const x = useMemo(() => {
    const scale = scaleLinear([0, horizon], [0, Math.max(0, width - EDGE)]).clamp(true)
    return (day: number) => scale(day)
  }, [horizon, width])
  return { ref, width, x }
}

const ROOM_FOR_LABEL = 56

function Axis({ horizon, today }: { horizon: number; today: string }) {
  const { ref, width, x } = useScale(horizon)
  const step = x(7) < ROOM_FOR_LABEL ? 14 : 7
  const ticks = Array.from({ length: Math.floor(horizon / step) + 1 }, (_, index) => index * step)
  return (
    <div ref={ref} className="min-w-0">
      <svg aria-hidden="true" width={width} height={20} className="block overflow-visible">
        {width > 0 &&
          ticks.map(tick => (
            <text
              key={tick}
              x={x(tick)}
              y={13}
              textAnchor={tick === 0 ? 'start' : 'middle'}
              className="fill-faint text-xs"
            >
              {tick === 0 ? 'today' : dayText(addDays(today, tick), 'axis')}
            </text>
          ))}
      </svg>
    </div>
  )
}

const TONES: Record<InventoryItem['urgency'], ChartTone> = {
  out: 'bad',
  critical: 'bad',
  high: 'warn',
  medium: 'brass',
  low: 'good',
  unknown: 'faint',
}

function Row({ row, horizon }: { row: CoverRow; horizon: number }) {
  const { item } = row
  const interval = between(item.stock_out?.earliest, item.stock_out?.latest)
  return (
    <li className="contents">
      <span className="flex min-w-0 items-center justify-between gap-3 border-rule pt-2 text-sm sm:border-t sm:pt-0 sm:pr-4">
        <Link
          to={paths.stocked}
          params={{ id: item.variant_id }}
          search={keepRange}
          className="inline-flex min-h-6 min-w-0 items-center decoration-dotted underline-offset-4 hover:underline"
        >
          <span className="truncate">{item.title}</span>
          <span className="sr-only">: {spokenRow(row)}</span>
        </Link>
        <span aria-hidden="true" className="numeral shrink-0 text-xs text-soft sm:hidden">
          {stockOutText(item)}
        </span>
      </span>
      <Bar row={row} horizon={horizon} />
      <span
        aria-hidden="true"
        className="numeral hidden items-center justify-end gap-2 border-t border-rule pl-2 text-right text-xs text-soft sm:flex"
      >
        <span>
          <span className="font-semibold text-ink">{stockOutText(item)}</span>
          {item.urgency !== 'out' && interval && ` (${interval})`}
        </span>
      </span>
    </li>
  )
}

function spokenRow({ item, lead, late }: CoverRow): string {
  const out = item.urgency === 'out' ? 'out of stock' : `runs out ${stockOutText(item)}`
  const range = between(item.stock_out?.earliest, item.stock_out?.latest)
  const arrival = lead ? `an order of today takes ${days(lead.mean)}` : 'no lead time is known'
  return [out, range && item.urgency !== 'out' ? `(${range})` : '', `– ${arrival}${late ? ', too late' : ''}`]
    .filter(Boolean)
    .join(' ')
}

function Bar({ row, horizon }: { row: CoverRow; horizon: number }) {
  const { ref, width, x } = useScale(horizon)
  const gap = useId()
  const { out, earliest, latest, lead, late } = row
  const tone = TONES[row.item.urgency]
  const end = out ?? horizon
  const middle = HEIGHT / 2
  return (
    <div ref={ref} className="min-w-0 border-rule sm:border-t">
      <svg aria-hidden="true" width={width} height={HEIGHT} className="block overflow-visible">
        <pattern id={gap} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line y2="6" className="stroke-bad" strokeWidth="2" />
        </pattern>
        <line x2={x(horizon)} y1={middle} y2={middle} className="stroke-rule" />
        {late && lead && (
          <rect
            data-gap=""
            x={x(end)}
            width={Math.max(0, x(lead.mean) - x(end))}
            y={middle - 5}
            height={10}
            fill={`url(#${gap})`}
          />
        )}
        <rect
          width={Math.max(2, x(end))}
          y={middle - 5}
          height={10}
          rx={2}
          className={FILL[tone]}
          opacity={0.85}
        />
        {(out === null || out > horizon) && (
          <path d={`M${x(horizon)},${middle - 7} l9,7 l-9,7 z`} className={FILL[tone]} />
        )}
        {earliest !== null && earliest < horizon && out !== null && out > 0 && (
          <Interval
            from={x(earliest)}
            to={x(latest ?? horizon)}
            ends={latest !== null && latest <= horizon}
            middle={middle}
            tone={tone}
          />
        )}
        {lead && <Lead at={x(lead.mean)} from={x(lead.mean - lead.sd)} to={x(lead.mean + lead.sd)} />}
      </svg>
    </div>
  )
}

interface IntervalProps {
  from: number
  to: number
  /** Whether its end is within what is drawn. */
  ends: boolean
  middle: number
  tone: ChartTone
}

function Interval({ from, to, ends, middle, tone }: IntervalProps) {
  return (
    <g>
      <rect x={from} width={Math.max(1, to - from)} y={middle - 9} height={18} className={WASH[tone]} />
      <line x1={from} x2={to} y1={middle} y2={middle} className="stroke-ink" />
      <line x1={from} x2={from} y1={middle - 5} y2={middle + 5} className="stroke-ink" />
      {ends && <line x1={to} x2={to} y1={middle - 5} y2={middle + 5} className="stroke-ink" />}
    </g>
  )
}

function Lead({ at, from, to }: { at: number; from: number; to: number }) {
  return (
    <g>
      <line x1={from} x2={to} y1={HEIGHT - 3} y2={HEIGHT - 3} className="stroke-slate" strokeWidth={3} />
      <line
        x1={at}
        x2={at}
        y1={1}
        y2={HEIGHT - 1}
        className="stroke-slate"
        strokeWidth={2}
        strokeDasharray="3 2"
      />
      <path d={`M${at - 4},1 h8 l-4,6 z`} className="fill-slate" />
    </g>
  )
}

function TimelineLegend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
      <li className="inline-flex items-center gap-1.5">
        <svg aria-hidden="true" width="22" height="12" className="shrink-0">
          <rect width="14" height="8" y="2" rx="1.5" className="fill-good" />
          <path d="M9,6 h12 M9,2 v8 M21,2 v8" className="stroke-ink" fill="none" />
        </svg>
        Stock lasts, with its interval (80 %)
      </li>
      <li className="inline-flex items-center gap-1.5">
        <svg aria-hidden="true" width="12" height="12" className="shrink-0">
          <line x1="6" x2="6" y2="12" className="stroke-slate" strokeWidth="2" strokeDasharray="3 2" />
          <path d="M2,0 h8 l-4,5 z" className="fill-slate" />
        </svg>
        An order of today arrives
      </li>
      <li className="inline-flex items-center gap-1.5">
        <svg aria-hidden="true" width="16" height="12" className="shrink-0">
          <path d="M0,10 l6,-8 M5,10 l6,-8 M10,10 l6,-8" className="stroke-bad" strokeWidth="1.5" />
        </svg>
        Nothing to sell
      </li>
    </ul>
  )
}

function TimelineTable({ rows, today }: { rows: CoverRow[]; today: string }) {
  const cell = 'px-3 py-1.5 text-right numeral'
  return (
    // A region that scrolls must be reachable by keyboard.
    <section
      aria-label={`${TITLE}, as a table`}
      tabIndex={0}
      className="relative max-h-96 overflow-auto rounded-md border border-rule"
    >
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sunk text-xs text-soft">
          <tr>
            <th scope="col" className="px-3 py-2 text-left font-semibold">
              Variant
            </th>
            {['Cover', 'Earliest', 'Expected', 'Latest', 'Lead time', 'Order of today arrives'].map(name => (
              <th key={name} scope="col" className="px-3 py-2 text-right font-semibold">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ item, lead }) => (
            <tr key={item.variant_id} className="border-t border-rule">
              <th scope="row" className="px-3 py-1.5 text-left font-normal">
                {item.title} <span className="text-faint">({URGENCIES[item.urgency].label})</span>
              </th>
              <td className={cell}>{item.cover_days == null ? 'over a year' : days(item.cover_days)}</td>
              <td className={cell}>{dayText(item.stock_out?.earliest, 'axis')}</td>
              <td className={cell}>{stockOutText(item)}</td>
              <td className={cell}>{dayText(item.stock_out?.latest, 'axis')}</td>
              <td className={cell}>
                {item.lead_time ? (
                  leadTimeText(item.lead_time)
                ) : (
                  <Absent reason={reasonOf(item.unavailable, 'lead_time') ?? 'None is set.'} />
                )}
              </td>
              <td className={cell}>{lead ? dayText(addDays(today, Math.ceil(lead.mean)), 'axis') : '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
