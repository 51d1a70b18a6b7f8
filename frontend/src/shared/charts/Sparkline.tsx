import { extent } from 'd3-array'
import { linePath } from './geometry'
import { type ChartTone, type ChartValue, STROKE } from './kinds'
import { linear } from './scale'
import { numeric } from './values'

interface SparklineProps {
  values: { day: string; value: ChartValue }[]
  tone?: ChartTone
}

const WIDTH = 120
const HEIGHT = 32

/** A hint of the shape, for the eye only: the numbers stand beside it. */
export function Sparkline({ values, tone = 'slate' }: SparklineProps) {
  const numbers = values.map(entry => numeric(entry.value)).filter(value => value !== null)
  if (numbers.length < 2) return <span aria-hidden="true" className="block h-8" />
  const [low = 0, high = 1] = extent(numbers)
  const x = linear([0, values.length - 1], [1, WIDTH - 1])
  const y = linear([low, high === low ? low + 1 : high], [HEIGHT - 3, 3])
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="block h-8 w-full"
    >
      <path
        d={linePath(
          values.map(entry => entry.value),
          x,
          y,
        )}
        fill="none"
        strokeWidth="1.75"
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
        className={STROKE[tone]}
      />
    </svg>
  )
}
