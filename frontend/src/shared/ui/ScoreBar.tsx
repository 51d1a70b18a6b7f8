/** A score from 0 to 100 on its scale, with the interval in which it lies, whatever is not known. */
interface ScoreBarProps {
  score: number | null
  low: number
  high: number
  /** From where on it counts as high. */
  mark?: number | undefined
  thin?: boolean
}

/** The words stand beside it: a drawing of them needs none of its own. */
export function ScoreBar({ score, low, high, mark, thin }: ScoreBarProps) {
  const height = thin ? 8 : 12
  const middle = height / 2
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      className={thin ? 'block h-2 w-full' : 'block h-3 w-full'}
    >
      <rect width="100" y={middle - 1} height="2" className="fill-rule" />
      <rect x={low} width={Math.max(0.5, high - low)} height={height} className="fill-brass/30" />
      {mark !== undefined && <rect x={mark - 0.25} width="0.5" height={height} className="fill-edge" />}
      {score !== null && (
        <rect x={Math.min(99, Math.max(0, score - 0.5))} width="1" height={height} className="fill-ink" />
      )}
    </svg>
  )
}
