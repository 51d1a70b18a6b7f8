/** How good a supplier is, by own orders: each factor with what was found, or why it is left out. */
import type { Supplier, SupplierRatingFactor } from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { asSentence } from '@/shared/format/words'
import { ScoreBar } from '@/shared/ui/ScoreBar'
import { SidePanel } from '@/shared/ui/SidePanel'

const FACTORS: Record<SupplierRatingFactor['name'], { label: string; asks: string }> = {
  delivery: { label: 'Delivery', asks: 'Orders whole on the agreed day, less 5 points a day of mean delay' },
  quality: { label: 'Quality', asks: 'Units that came and can be sold, of those ordered' },
  cost: { label: 'Cost', asks: 'What was charged, less 5 points a percent above what was agreed' },
  service: { label: 'Service', asks: 'How they answer, and set right what was wrong' },
}

interface RatingPanelProps {
  supplier: Supplier
  onClose: () => void
}

export default function RatingPanel({ supplier: { name, rating }, onClose }: RatingPanelProps) {
  const { score, interval, completeness } = rating
  return (
    <SidePanel open onClose={onClose} title={`${name}: rating`}>
      <div className="flex flex-col gap-4">
        {score == null ? (
          <p className="text-sm text-soft">Nothing is told of them yet: two orders at least have to come.</p>
        ) : (
          <div className="flex flex-col gap-2">
            <p>
              <span className="numeral text-2xl font-semibold">{number(score, 0)}</span>
              <span className="text-sm text-soft"> of 100</span>
            </p>
            <ScoreBar score={score} low={interval.low} high={interval.high} />
            <p className="text-xs text-soft">
              Sources for {count(completeness)} % of the weights; whatever the rest is, it lies between{' '}
              {number(interval.low, 0)} and {number(interval.high, 0)}.
            </p>
          </div>
        )}
        <ul aria-label="Factors of the rating" className="flex flex-col">
          {rating.factors.map(factor => (
            <Factor key={factor.name} factor={factor} />
          ))}
        </ul>
        <p className="text-xs text-faint">
          From own orders only, the newest twenty that tell something. What was damaged and what was charged
          is written down when goods are received.
        </p>
      </div>
    </SidePanel>
  )
}

function Factor({ factor }: { factor: SupplierRatingFactor }) {
  const { label, asks } = FACTORS[factor.name]
  return (
    <li className="flex flex-col gap-1 border-t border-rule py-3 text-sm">
      <p className="flex justify-between gap-3">
        <span className="font-semibold">{label}</span>
        <span className="text-xs text-faint">weight {factor.weight} %</span>
      </p>
      <p className="text-xs text-faint">{asks}</p>
      {factor.points == null ? (
        <p className="text-xs text-soft">Left out: {asSentence(factor.reason ?? 'no order tells it')}</p>
      ) : (
        <>
          <p>
            <span className="numeral font-semibold">{factor.points}</span>
            <span className="text-xs text-soft"> points</span>
          </p>
          <ScoreBar thin score={factor.points} low={factor.points} high={factor.points} />
          <p className="wrap-anywhere">{factor.found}</p>
          <p className="text-xs text-soft">From {factor.source}</p>
        </>
      )}
    </li>
  )
}
