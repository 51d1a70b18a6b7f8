/**
 * Axes, the pointer, and reading point by point. A slider over the drawing takes the arrow keys, and its value text is
 * what a screen reader says at each step; what it says stands in the read-out for the eye.
 */
import { type ReactNode, useId, useMemo, useState } from 'react'
import { cx } from '@/shared/ui/cx'
import { useWidth } from '@/shared/ui/use-width'
import { labelled, PAD, type Scales, scalesOf } from './geometry'
import { type ChartPoint, type ChartTone, FILL, type Unit } from './kinds'
import { axisText, longText, tickText } from './values'

export interface ReadOutRow {
  label: string
  text: string
  tone?: ChartTone
  quiet?: boolean
}

export interface Drawing extends Scales {
  inner: number
  height: number
  active: number | null
  /** Begins the ids of patterns, which are shared by a whole document. */
  id: string
}

interface PlotProps {
  title: string
  points: ChartPoint[]
  unit: Unit
  domain: [number, number]
  columns?: boolean
  /** Every label is written, in two lines where it must be. */
  allLabels?: boolean
  height?: number
  spoken: (index: number) => string
  readOut: (index: number) => ReadOutRow[]
  /** Points of which nothing is known: hatched from top to bottom. */
  unknown?: (point: ChartPoint) => boolean
  draw: (drawing: Drawing) => ReactNode
  onSelect?: ((index: number) => void) | undefined
}

const LABEL_ROOM = 96

export function Plot(props: PlotProps) {
  const { title, points, unit, domain, columns = false, height = 260 } = props
  const [ref, width] = useWidth<HTMLDivElement>()
  const [active, setActive] = useState<number | null>(null)
  const id = useId()
  const [low, high] = domain
  const bottom = props.allLabels ? PAD.bottom + 16 : PAD.bottom
  const plotHeight = height - PAD.top - bottom
  const left = useMemo(() => leftOf([low, high], plotHeight, unit), [low, high, plotHeight, unit])
  const inner = Math.max(0, width - left - PAD.right)
  const scales = useMemo(
    () => scalesOf(points.length, [low, high], inner, plotHeight, columns),
    [points.length, low, high, inner, plotHeight, columns],
  )
  const last = points.length - 1
  const at = active === null ? undefined : points[active]

  const nearest = (clientX: number, box: DOMRect) => {
    const share = (clientX - box.left - left) / Math.max(1, inner)
    const index = columns ? Math.floor(share * points.length) : Math.round(share * last)
    setActive(Math.min(last, Math.max(0, index)))
  }
  if (points.length === 0)
    return <p className="py-8 text-center text-sm text-soft">There is nothing to draw.</p>
  const select = () => active !== null && props.onSelect?.(active)

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
        aria-label={`${title}: read point by point`}
        aria-valuetext={props.spoken(active ?? last)}
        onChange={event => setActive(Number(event.target.value))}
        onFocus={() => setActive(value => value ?? last)}
        onBlur={() => setActive(null)}
        onClick={select}
        onKeyDown={event => event.key === 'Enter' && select()}
        className={cx(
          'peer absolute inset-0 z-10 h-full w-full touch-pan-y opacity-0 print:hidden',
          props.onSelect ? 'cursor-pointer' : 'cursor-crosshair',
        )}
      />
      <svg
        aria-hidden="true"
        width={width}
        height={height}
        className="block overflow-visible rounded-sm outline-brass peer-focus-visible:outline-2 peer-focus-visible:outline-offset-4"
      >
        <g transform={`translate(${left},${PAD.top})`}>
          <Unknown
            points={points}
            isUnknown={props.unknown}
            scales={scales}
            id={id}
            inner={inner}
            height={plotHeight}
          />
          <Levels scales={scales} inner={inner} unit={unit} />
          <Labels points={points} scales={scales} inner={inner} y={plotHeight} all={props.allLabels} />
          {props.draw({ ...scales, inner, height: plotHeight, active, id })}
        </g>
      </svg>
      {at && active !== null && (
        <ReadOut point={at} rows={props.readOut(active)} onLeft={scales.x(active) > inner / 2} left={left} />
      )}
    </div>
  )
}

/** Room for the longest label of the axis. */
function leftOf(domain: [number, number], height: number, unit: Unit): number {
  const { ticks } = scalesOf(2, domain, 1, height, false)
  const longest = Math.max(...ticks.map(tick => tickText(tick, unit).length))
  return Math.max(32, longest * 7 + 12)
}

function Levels({ scales, inner, unit }: { scales: Scales; inner: number; unit: Unit }) {
  // There are no half orders.
  const ticks = unit.kind === 'count' ? scales.ticks.filter(Number.isInteger) : scales.ticks
  return ticks.map(tick => (
    <g key={tick} transform={`translate(0,${scales.y(tick)})`}>
      <line
        x2={inner}
        className={tick === 0 ? 'stroke-edge' : 'stroke-rule'}
        strokeWidth={tick === 0 ? 1 : 0.75}
      />
      <text x={-8} dy="0.32em" textAnchor="end" className="fill-faint text-xs">
        {tickText(tick, unit)}
      </text>
    </g>
  ))
}

interface LabelsProps {
  points: ChartPoint[]
  scales: Scales
  inner: number
  y: number
  all: boolean | undefined
}

function Labels({ points, scales, inner, y, all }: LabelsProps) {
  const last = points.length - 1
  const shown = all ? points.map((_, index) => index) : labelled(points.length, inner, LABEL_ROOM)
  return shown.map(index => {
    const point = points[index]
    if (!point) return null
    const anchor = scales.band > 0 ? 'middle' : index === 0 ? 'start' : index === last ? 'end' : 'middle'
    const lines = all ? twoLines(axisText(point)) : [axisText(point)]
    return (
      <text key={point.at} x={scales.x(index)} y={y + 18} textAnchor={anchor} className="fill-faint text-xs">
        {lines.map((text, row) => (
          <tspan key={text} x={scales.x(index)} dy={row === 0 ? 0 : 14}>
            {text}
          </tspan>
        ))}
      </text>
    )
  })
}

/** Broken at the space nearest to the middle. */
export function twoLines(text: string): string[] {
  const spaces = [...text.matchAll(/ /g)].map(found => found.index)
  if (text.length < 9 || spaces.length === 0) return [text]
  const middle = spaces.reduce((best, at) =>
    Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2) ? at : best,
  )
  return [text.slice(0, middle), text.slice(middle + 1)]
}

interface UnknownProps {
  points: ChartPoint[]
  isUnknown: ((point: ChartPoint) => boolean) | undefined
  scales: Scales
  id: string
  inner: number
  height: number
}

function Unknown({ points, isUnknown, scales, id, inner, height }: UnknownProps) {
  if (!isUnknown || !points.some(isUnknown)) return null
  const step = points.length > 1 ? Math.abs(scales.x(1) - scales.x(0)) : Math.max(8, scales.band)
  const pattern = `${id}gap`
  return (
    <>
      <pattern id={pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line y2="6" className="stroke-rule" strokeWidth="2" />
      </pattern>
      {points.map((point, index) =>
        isUnknown(point) ? (
          <rect
            key={point.at}
            data-gap=""
            x={Math.max(0, scales.x(index) - step / 2)}
            width={Math.min(inner, scales.x(index) + step / 2) - Math.max(0, scales.x(index) - step / 2)}
            height={height}
            fill={`url(#${pattern})`}
          />
        ) : null,
      )}
    </>
  )
}

interface ReadOutProps {
  point: ChartPoint
  rows: ReadOutRow[]
  onLeft: boolean
  left: number
}

function ReadOut({ point, rows, onLeft, left }: ReadOutProps) {
  return (
    <div
      aria-hidden="true"
      className="popup pointer-events-none absolute top-1 z-20 max-w-[calc(100%-3.5rem)] min-w-40 px-3 py-2 text-xs print:hidden"
      style={onLeft ? { left: left + 4 } : { right: 4 }}
    >
      <p className="mb-1 font-semibold">{longText(point)}</p>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-0.5">
        {rows.map(row => (
          <div key={row.label} className="contents">
            <dt className="flex items-center gap-1.5 text-soft">
              {row.tone && (
                <svg
                  aria-hidden="true"
                  width="8"
                  height="8"
                  className={cx('shrink-0', row.quiet && 'opacity-50')}
                >
                  <rect width="8" height="8" rx="2" className={FILL[row.tone]} />
                </svg>
              )}
              {row.label}
            </dt>
            <dd className="numeral text-right font-medium">{row.text}</dd>
          </div>
        ))}
      </dl>
      {point.reason && <p className="mt-1 max-w-64 text-soft">{point.reason}</p>}
    </div>
  )
}
