/** Spend across, profit on it upwards: what stands below the line of 1 costs more than it brings. */

import type { Campaign } from '@/shared/api/types'
import { Frame } from '@/shared/charts/Frame'
import { money, number } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { useWidth } from '@/shared/ui/use-width'
import { PLATFORMS, times } from './words'

const HEIGHT = 280
const PAD = { left: 44, right: 16, top: 12, bottom: 34 }

/** A round number at or above the largest, so that the axis ends on it. */
export function ceiling(largest: number): number {
  if (!(largest > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(largest))
  const step = [1, 2, 2.5, 5, 10].find(by => by * power >= largest) ?? 10
  return step * power
}

interface ScatterProps {
  campaigns: Campaign[]
  currency: string
}

export function Scatter({ campaigns, currency }: ScatterProps) {
  const [box, measured] = useWidth<HTMLDivElement>()
  const width = Math.max(280, measured)
  const points = campaigns.flatMap(of =>
    of.poas == null || of.currency !== currency ? [] : [{ of, spent: Number(of.spent), poas: of.poas }],
  )
  const losing = points.filter(point => point.poas < 1).length
  const right = ceiling(Math.max(...points.map(point => point.spent), 0))
  const top = Math.max(2, ceiling(Math.max(...points.map(point => point.poas), 0)))
  const x = (spent: number) => PAD.left + (spent / right) * (width - PAD.left - PAD.right)
  const y = (poas: number) => HEIGHT - PAD.bottom - (poas / top) * (HEIGHT - PAD.top - PAD.bottom)
  const summary =
    losing === 0
      ? `None of ${points.length} ${plural(points.length, 'campaign', 'campaigns')} is below the break-even line.`
      : `${losing} of ${points.length} ${plural(points.length, 'campaign', 'campaigns')} ${plural(losing, 'costs', 'cost')} more than ${plural(losing, 'it brings', 'they bring')}: below the line of 1.`
  return (
    <Frame title="Spend and profit on it" summary={summary} table={<Values points={points} />}>
      <div ref={box} className="min-w-0">
        <svg width="100%" height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={summary}>
          {[0, top / 2, top].map(at => (
            <g key={at}>
              <line x1={PAD.left} x2={width - PAD.right} y1={y(at)} y2={y(at)} className="stroke-edge" />
              <text x={PAD.left - 8} y={y(at) + 4} textAnchor="end" className="fill-faint text-xs">
                {number(at, 1)}
              </text>
            </g>
          ))}
          <line
            x1={PAD.left}
            x2={width - PAD.right}
            y1={y(1)}
            y2={y(1)}
            strokeWidth={1.5}
            strokeDasharray="6 4"
            className="stroke-warn"
          />
          <text
            x={width - PAD.right}
            y={y(1) - 6}
            textAnchor="end"
            className="fill-warn text-xs font-semibold"
          >
            Break-even
          </text>
          {points.map(({ of, spent, poas }) => (
            <circle
              key={of.id}
              cx={x(spent)}
              cy={y(Math.min(poas, top))}
              r={6}
              strokeWidth={2}
              className={
                of.provisional
                  ? poas < 1
                    ? 'fill-sheet stroke-bad'
                    : 'fill-sheet stroke-good'
                  : poas < 1
                    ? 'fill-bad stroke-sheet'
                    : 'fill-good stroke-sheet'
              }
            >
              <title>{`${of.name}: ${money(of.spent, of.currency)}, POAS ${times(poas)}`}</title>
            </circle>
          ))}
          <text x={PAD.left} y={HEIGHT - 10} className="fill-faint text-xs">
            {money('0', currency, 'whole')}
          </text>
          <text x={width - PAD.right} y={HEIGHT - 10} textAnchor="end" className="fill-faint text-xs">
            {money(String(right), currency, 'whole')} spent
          </text>
        </svg>
      </div>
    </Frame>
  )
}

function Values({ points }: { points: { of: Campaign; poas: number }[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Spend and profit on it</caption>
        <thead>
          <tr className="text-left text-xs text-faint">
            <th scope="col">Campaign</th>
            <th scope="col" className="text-right">
              Spent
            </th>
            <th scope="col" className="text-right">
              POAS
            </th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ of, poas }) => (
            <tr key={of.id} className="border-t border-edge">
              <th scope="row" className="py-1.5 text-left font-normal">
                {of.name} <span className="text-faint">{PLATFORMS[of.platform]}</span>
              </th>
              <td className="numeral text-right">{money(of.spent, of.currency)}</td>
              <td className="numeral text-right">{times(poas)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
