/** Values side by side or on top of each other, below zero where they are negative. */
import { useMemo } from 'react'
import { cx } from '@/shared/ui/cx'
import { Frame, Legend } from './Frame'
import { domainOf, type Extent, stacked } from './geometry'
import { Hatch } from './Hatch'
import type { ChartPoint, ChartProps, ChartSeries } from './kinds'
import { type Drawing, Plot } from './Plot'
import { summaryOf } from './summary'
import { ValueTable } from './ValueTable'
import { numeric, spoken, valueText } from './values'

interface BarChartProps extends ChartProps {
  layout?: 'grouped' | 'stacked'
}

export function BarChart({
  title,
  points,
  series,
  unit,
  summary,
  xTitle = 'Day',
  layout = 'grouped',
}: BarChartProps) {
  const bars = useMemo(() => barsOf(points, series, layout), [points, series, layout])
  const domain = useMemo(() => domainOf(bars.flat().flatMap(bar => [bar?.low, bar?.high])), [bars])
  return (
    <Frame
      title={title}
      summary={summary ?? summaryOf(points, series, unit)}
      legend={<Legend series={series} as="box" />}
      table={<ValueTable title={title} xTitle={xTitle} points={points} series={series} unit={unit} />}
    >
      <Plot
        title={title}
        points={points}
        unit={unit}
        domain={domain}
        columns
        unknown={point => series.every(entry => numeric(point.values[entry.key]) === null)}
        spoken={index => spoken(points[index], series, unit)}
        readOut={index =>
          series.map(entry => ({
            label: entry.label,
            tone: entry.tone,
            text: valueText(points[index]?.values[entry.key], unit),
          }))
        }
        draw={drawing =>
          series.map((entry, index) => (
            <g key={entry.key}>
              <Hatch id={`${drawing.id}${entry.key}`} index={index} tone={entry.tone} />
              {(bars[index] ?? []).map((bar, at) => (
                <Bar
                  key={points[at]?.at}
                  bar={bar}
                  at={at}
                  drawing={drawing}
                  fill={`url(#${drawing.id}${entry.key})`}
                  slot={layout === 'grouped' ? { index, of: series.length } : { index: 0, of: 1 }}
                />
              ))}
            </g>
          ))
        }
      />
    </Frame>
  )
}

function barsOf(points: ChartPoint[], series: ChartSeries[], layout: 'grouped' | 'stacked') {
  if (layout === 'stacked') return stacked(points, series)
  return series.map(entry => stacked(points, [entry])[0] ?? [])
}

interface BarProps {
  bar: Extent | null
  at: number
  drawing: Drawing
  fill: string
  slot: { index: number; of: number }
}

function Bar({ bar, at, drawing, fill, slot }: BarProps) {
  if (!bar) return null
  const { x, y, band, active } = drawing
  const width = Math.max(1, band / slot.of)
  const from = y(Math.max(bar.low, bar.high))
  const to = y(Math.min(bar.low, bar.high))
  return (
    <rect
      x={x(at) - band / 2 + slot.index * width}
      width={Math.max(1, width - (slot.of > 1 ? 1 : 0))}
      y={from}
      height={Math.max(bar.low === bar.high ? 0 : 1, to - from)}
      fill={fill}
      className={cx(active !== null && active !== at && 'opacity-55')}
    />
  )
}
