/** The score part by part: what was found, its points, how much they count, and where each is from. */
import type { Opportunity, ScoreFactor } from '@/shared/api/types'
import { number } from '@/shared/format/money'
import { asSentence } from '@/shared/format/words'
import { ScoreBar } from '@/shared/ui/ScoreBar'
import { FACTORS } from './words'

/** The weight of what is missing is shared by the others. */
function countedWeights(factors: readonly ScoreFactor[]): Map<ScoreFactor['name'], number> {
  const known = factors.filter(factor => factor.points != null)
  const all = known.reduce((sum, factor) => sum + factor.weight, 0)
  return new Map(known.map(factor => [factor.name, all > 0 ? (factor.weight / all) * 100 : 0]))
}

export function Factors({ of }: { of: Opportunity }) {
  const counted = countedWeights(of.factors)
  return (
    <ul aria-label="Factors of the score" className="flex flex-col">
      {of.factors.map(factor => (
        <li
          key={factor.name}
          className="grid gap-x-5 gap-y-1.5 border-t border-rule px-4 py-3 text-sm sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_minmax(0,3fr)] sm:px-5"
        >
          <div className="min-w-0">
            <p className="font-semibold">{FACTORS[factor.name].label}</p>
            <p className="text-xs text-faint">{FACTORS[factor.name].asks}</p>
          </div>
          <Points factor={factor} />
          <div className="min-w-0 text-xs text-soft">
            {factor.found && <p className="text-sm text-ink wrap-anywhere">{factor.found}</p>}
            <p className="wrap-anywhere">
              {factor.points == null
                ? `Left out: ${asSentence(factor.reason ?? 'no source tells it')}`
                : `From ${factor.source}`}
            </p>
            <p className="text-faint">{weightText(factor, counted.get(factor.name))}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function weightText({ weight }: ScoreFactor, counts: number | undefined): string {
  if (counts === undefined) return `Its weight of ${weight} % is shared by the others`
  const share = number(counts, 0)
  return share === String(weight) ? `Counts ${weight} %` : `Weight ${weight} %, counts ${share} % here`
}

function Points({ factor }: { factor: ScoreFactor }) {
  const { points, low, high } = factor
  if (points == null) {
    return <p className="self-center text-xs text-faint">0 – 100 points: nobody knows</p>
  }
  const [from, to] = [low ?? points, high ?? points]
  return (
    <div className="flex flex-col justify-center gap-1">
      <p>
        <span className="numeral font-semibold">{points}</span>
        <span className="text-xs text-soft"> points{from !== to && `, between ${from} and ${to}`}</span>
      </p>
      <ScoreBar thin score={points} low={from} high={to} />
    </div>
  )
}
