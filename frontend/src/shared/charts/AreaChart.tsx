/** Parts of a whole over time, each on top of the one before it. */
import { useMemo } from 'react'
import { Frame, Legend } from './Frame'
import { areaPath, domainOf, linePath, stacked } from './geometry'
import { Hatch } from './Hatch'
import type { ChartProps } from './kinds'
import { Plot } from './Plot'
import { summaryOf } from './summary'
import { ValueTable } from './ValueTable'
import { numeric, spoken, valueText } from './values'

export function AreaChart({ title, points, series, unit, summary, xTitle = 'Day' }: ChartProps) {
  const layers = useMemo(() => stacked(points, series), [points, series])
  const domain = useMemo(() => domainOf(layers.flat().flatMap(at => [at?.low, at?.high])), [layers])
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
        unknown={point => series.every(entry => numeric(point.values[entry.key]) === null)}
        spoken={index => spoken(points[index], series, unit)}
        readOut={index =>
          // From top to bottom, as they lie on each other.
          series.toReversed().map(entry => ({
            label: entry.label,
            tone: entry.tone,
            text: valueText(points[index]?.values[entry.key], unit),
          }))
        }
        draw={({ x, y, id, active, height }) => (
          <>
            {series.map((entry, index) => (
              <g key={entry.key}>
                <Hatch id={`${id}${entry.key}`} index={index} tone={entry.tone} />
                <path
                  d={areaPath(layers[index] ?? [], x, y)}
                  fill={`url(#${id}${entry.key})`}
                  opacity={0.85}
                />
                <path
                  d={linePath(
                    (layers[index] ?? []).map(at => at?.high),
                    x,
                    y,
                  )}
                  fill="none"
                  strokeWidth={1.5}
                  className="stroke-sheet"
                />
              </g>
            ))}
            {active !== null && (
              <line x1={x(active)} x2={x(active)} y2={height} className="stroke-ink" strokeWidth={1} />
            )}
          </>
        )}
      />
    </Frame>
  )
}
