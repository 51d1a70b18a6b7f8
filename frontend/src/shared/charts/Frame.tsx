/** A figure: its legend, the drawing or the same as a table, and what it shows in words. */
import { type ReactNode, startTransition, useId, useState } from 'react'
import { Button } from '@/shared/ui/Button'
import { Hatch } from './Hatch'
import { type ChartSeries, FILL, STROKE, WASH } from './kinds'

interface FrameProps {
  title: string
  summary: string
  legend?: ReactNode
  table: ReactNode
  children: ReactNode
}

export function Frame({ title, summary, legend, table, children }: FrameProps) {
  const [asTable, setAsTable] = useState(false)
  const summaryId = useId()
  return (
    <figure
      aria-label={title}
      aria-describedby={summaryId}
      className="flex min-w-0 break-inside-avoid flex-col gap-3"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-5 gap-y-2">
        {legend ?? <span />}
        <Button
          kind="quiet"
          className="-ml-3.5 sm:ml-0 print:hidden"
          aria-pressed={asTable}
          onClick={() => startTransition(() => setAsTable(value => !value))}
        >
          {asTable ? 'View as chart' : 'View as table'}
        </Button>
      </div>
      {asTable ? table : children}
      <figcaption id={summaryId} className="max-w-prose text-sm text-soft">
        {summary}
      </figcaption>
    </figure>
  )
}

interface LegendProps {
  series: ChartSeries[]
  /** Lines, or filled boxes with a hatching that tells them apart without colour. */
  as: 'line' | 'box'
}

export function Legend({ series, as }: LegendProps) {
  const id = useId()
  if (series.length < 2 && !series[0]?.band) return <span />
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
      {series.map((entry, index) => (
        <li key={entry.key} className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="10" className="shrink-0">
            {as === 'box' ? (
              <>
                <Hatch id={`${id}${index}`} index={index} tone={entry.tone} />
                <rect width="18" height="10" rx="1.5" fill={`url(#${id}${index})`} />
              </>
            ) : (
              <>
                {entry.band && <rect width="18" height="10" className={WASH[entry.tone]} />}
                <line
                  x2="18"
                  y1="5"
                  y2="5"
                  strokeWidth={entry.dashed ? 1.5 : 2.5}
                  strokeDasharray={entry.dashed ? '3 3' : undefined}
                  className={STROKE[entry.tone]}
                />
                {!entry.dashed && index % 2 === 1 && (
                  <circle cx="9" cy="5" r="3" className={FILL[entry.tone]} />
                )}
              </>
            )}
          </svg>
          {entry.label}
          {entry.band && ' (with interval)'}
        </li>
      ))}
    </ul>
  )
}
