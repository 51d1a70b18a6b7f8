/** What of a price goes where until the goods are with a customer: one bar, its parts side by side. Its table stands below it. */
import { useId } from 'react'
import { Legend } from '@/shared/charts/Frame'
import { Hatch } from '@/shared/charts/Hatch'
import type { ChartSeries, ChartTone } from '@/shared/charts/kinds'
import { useWidth } from '@/shared/ui/use-width'

export interface StackPart {
  key: string
  label: string
  tone: ChartTone
  /** Of the widest that is drawn, from 0 to 1. */
  share: number
}

interface LandedStackProps {
  title: string
  summary: string
  parts: StackPart[]
  /** Where the price ends, from 0 to 1; null where none is known. */
  price: { share: number; label: string } | null
}

const HEIGHT = 34
const ROOM = 20

export function LandedStack({ title, summary, parts, price }: LandedStackProps) {
  const id = useId()
  const [ref, width] = useWidth<HTMLDivElement>()
  const series: ChartSeries[] = parts.map(({ key, label, tone }) => ({ key, label, tone }))
  let at = 0
  return (
    <figure aria-label={title} aria-describedby={`${id}summary`} className="flex min-w-0 flex-col gap-3">
      <Legend series={series} as="box" />
      <div ref={ref} className="min-w-0">
        <svg aria-hidden="true" width={width} height={HEIGHT + ROOM} className="block overflow-visible">
          {parts.map((part, index) => {
            const x = at
            at += part.share * width
            return (
              <g key={part.key}>
                <Hatch id={`${id}${part.key}`} index={index} tone={part.tone} />
                <rect
                  x={x}
                  y={ROOM}
                  width={Math.max(0, part.share * width - 1)}
                  height={HEIGHT}
                  fill={`url(#${id}${part.key})`}
                />
              </g>
            )
          })}
          {price && width > 0 && (
            <>
              <line
                x1={price.share * width}
                x2={price.share * width}
                y1={ROOM - 6}
                y2={HEIGHT + ROOM}
                strokeWidth="2"
                className="stroke-ink"
              />
              <text
                x={price.share * width}
                y={ROOM - 9}
                textAnchor="end"
                className="fill-ink text-xs font-semibold"
              >
                {price.label}
              </text>
            </>
          )}
        </svg>
      </div>
      <figcaption id={`${id}summary`} className="max-w-prose text-sm text-soft">
        {summary}
      </figcaption>
    </figure>
  )
}
