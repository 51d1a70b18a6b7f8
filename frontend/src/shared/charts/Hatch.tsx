/** Fillings that differ by hatching as well as by colour. */
import { type ChartTone, FILL } from './kinds'

/** Plain, falling, rising, dotted: neighbours in a stack never share one. */
export function Hatch({ id, index, tone }: { id: string; index: number; tone: ChartTone }) {
  const kind = index % 4
  return (
    <pattern
      id={id}
      width="7"
      height="7"
      patternUnits="userSpaceOnUse"
      patternTransform={kind === 1 ? 'rotate(45)' : kind === 2 ? 'rotate(-45)' : undefined}
    >
      <rect width="7" height="7" className={FILL[tone]} />
      {(kind === 1 || kind === 2) && (
        <line y2="7" className="stroke-sheet" strokeWidth="2.5" opacity="0.65" />
      )}
      {kind === 3 && <circle cx="3.5" cy="3.5" r="1.4" className="fill-sheet" opacity="0.8" />}
    </pattern>
  )
}
