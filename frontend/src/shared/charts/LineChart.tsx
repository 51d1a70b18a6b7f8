/** Values over days: lines, with an interval, a level to compare with, and marks at days when something happened. */
import { useMemo } from 'react'
import { Frame, Legend } from './Frame'
import { areaPath, domainOf, type Extent, fromZero, linePath, lonely, valuesOf } from './geometry'
import {
  type ChartPoint,
  type ChartProps,
  type ChartSeries,
  type ChartValue,
  FILL,
  HOLLOW,
  STROKE,
  type Unit,
  WASH,
} from './kinds'
import { type Drawing, Plot, type ReadOutRow } from './Plot'
import { summaryOf } from './summary'
import { ValueTable } from './ValueTable'
import { axisText, intervalText, numeric, spoken, toldAt, valueText } from './values'

interface Reference {
  value: ChartValue
  label: string
}

interface Marker {
  /** `at` of a point. */
  at: string
  label: string
}

interface LineChartProps extends ChartProps {
  reference?: Reference | undefined
  markers?: Marker[] | undefined
  height?: number
}

export function LineChart(props: LineChartProps) {
  const { title, points, series, unit, reference, markers = [], xTitle = 'Day' } = props
  const summary = useMemo(
    () =>
      [
        props.summary ?? summaryOf(points, series, unit),
        reference && `${reference.label}: ${valueText(reference.value, unit)}.`,
        markers.length > 0 && `${markers.map(marker => markText(marker, points)).join('; ')}.`,
      ]
        .filter(Boolean)
        .join(' '),
    [props.summary, points, series, unit, reference, markers],
  )
  const domain = useMemo(
    () => domainOf([...valuesOf(points, series), numeric(reference?.value)]),
    [points, series, reference],
  )
  return (
    <Frame
      title={title}
      summary={summary}
      legend={<Legend series={series} as="line" />}
      table={<ValueTable title={title} xTitle={xTitle} points={points} series={series} unit={unit} />}
    >
      <Plot
        title={title}
        points={points}
        unit={unit}
        domain={domain}
        height={props.height ?? 260}
        unknown={point => allUnknown(point, series)}
        spoken={index => spokenWithMarks(points[index], series, unit, markers)}
        readOut={index => rowsOf(points[index], series, unit, markers)}
        draw={drawing => (
          <>
            {reference && <Level reference={reference} drawing={drawing} unit={unit} />}
            {series.map((entry, index) => (
              <Line key={entry.key} entry={entry} points={points} drawing={drawing} odd={index % 2 === 1} />
            ))}
            {markers.map(marker => (
              <Mark key={marker.at + marker.label} marker={marker} points={points} drawing={drawing} />
            ))}
            <Cursor points={points} series={series} drawing={drawing} />
          </>
        )}
      />
    </Frame>
  )
}

function allUnknown(point: ChartPoint, series: ChartSeries[]): boolean {
  return series.every(entry => entry.dashed || numeric(point.values[entry.key]) === null)
}

function markText(marker: Marker, points: ChartPoint[]): string {
  const point = points.find(candidate => candidate.at === marker.at)
  return point ? `${marker.label} (${axisText(point)})` : marker.label
}

function spokenWithMarks(
  point: ChartPoint | undefined,
  series: ChartSeries[],
  unit: Unit,
  markers: Marker[],
): string {
  const marks = markers.filter(marker => marker.at === point?.at).map(marker => marker.label)
  return [spoken(point, series, unit), ...marks].join('. ')
}

function rowsOf(
  point: ChartPoint | undefined,
  series: ChartSeries[],
  unit: Unit,
  markers: Marker[],
): ReadOutRow[] {
  if (!point) return []
  const rows = toldAt(point, series).map(entry => ({
    label: entry.label,
    tone: entry.tone,
    quiet: entry.dashed === true,
    text: valueText(point.values[entry.key], unit) + intervalText(point, entry, unit),
  }))
  const marks = markers
    .filter(marker => marker.at === point.at)
    .map(marker => ({ label: marker.label, text: '' }))
  return [...rows, ...marks]
}

interface LineProps {
  entry: ChartSeries
  points: ChartPoint[]
  drawing: Drawing
  odd: boolean
}

/** Where points are few, every second line carries dots, so that two lines differ by more than colour. */
const FEW = 40

function Line({ entry, points, drawing, odd }: LineProps) {
  const { x, y } = drawing
  const values = points.map(point => point.values[entry.key])
  const dots = odd && !entry.dashed && !entry.step && points.length <= FEW
  const marked = dots ? values.map((_, index) => index) : lonely(values)
  return (
    <g>
      {entry.band && <path d={areaPath(bandOf(points, entry.band), x, y)} className={WASH[entry.tone]} />}
      {entry.area && <path d={areaPath(fromZero(values), x, y, entry.step)} className={WASH[entry.tone]} />}
      <path
        d={linePath(values, x, y, entry.step)}
        fill="none"
        strokeLinejoin="round"
        strokeWidth={entry.dashed ? 1.25 : 2}
        strokeDasharray={entry.dashed ? '4 4' : undefined}
        className={STROKE[entry.tone]}
      />
      {marked.map(index => {
        const value = numeric(values[index])
        if (value === null) return null
        return (
          <circle
            key={points[index]?.at}
            cx={x(index)}
            cy={y(value)}
            r={dots ? 2.25 : 3}
            className={FILL[entry.tone]}
          />
        )
      })}
    </g>
  )
}

function bandOf(points: ChartPoint[], [lowKey, highKey]: [string, string]): (Extent | null)[] {
  return points.map(point => {
    const low = numeric(point.values[lowKey])
    const high = numeric(point.values[highKey])
    return low === null || high === null ? null : { low, high }
  })
}

function Level({ reference, drawing, unit }: { reference: Reference; drawing: Drawing; unit: Unit }) {
  const value = numeric(reference.value)
  if (value === null) return null
  const at = drawing.y(value)
  return (
    <g>
      <line x2={drawing.inner} y1={at} y2={at} className="stroke-ink" strokeWidth={1} strokeDasharray="7 3" />
      <text
        x={drawing.inner}
        y={at < 16 ? at + 14 : at - 5}
        textAnchor="end"
        className="fill-ink stroke-sheet text-xs font-semibold"
        strokeWidth={4}
        paintOrder="stroke"
      >
        {reference.label} {valueText(reference.value, unit)}
      </text>
    </g>
  )
}

function Mark({ marker, points, drawing }: { marker: Marker; points: ChartPoint[]; drawing: Drawing }) {
  const index = points.findIndex(point => point.at === marker.at)
  if (index < 0) return null
  const x = drawing.x(index)
  return (
    <g data-marker="">
      <line x1={x} x2={x} y2={drawing.height} className="stroke-edge" strokeDasharray="2 3" />
      <path d={`M${x - 5},-6 L${x + 5},-6 L${x},2 Z`} className="fill-ink" />
    </g>
  )
}

function Cursor({
  points,
  series,
  drawing,
}: {
  points: ChartPoint[]
  series: ChartSeries[]
  drawing: Drawing
}) {
  const { active, x, y } = drawing
  const at = active === null ? undefined : points[active]
  if (active === null || !at) return null
  return (
    <g transform={`translate(${x(active)},0)`}>
      <line y2={drawing.height} className="stroke-soft" strokeWidth={1} />
      {series.map(entry => {
        const value = numeric(at.values[entry.key])
        if (value === null || entry.dashed) return null
        return <circle key={entry.key} cy={y(value)} r={4} strokeWidth={2} className={HOLLOW[entry.tone]} />
      })}
    </g>
  )
}
