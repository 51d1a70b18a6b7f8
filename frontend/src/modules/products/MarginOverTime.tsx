import { useMemo } from 'react'
import type { ProductAnswer } from '@/shared/api/types'
import { BarChart } from '@/shared/charts/BarChart'
import { LineChart } from '@/shared/charts/LineChart'
import type { Range } from '@/shared/range/range'
import { Section } from '@/shared/ui/Page'
import { grainOf, periodsOf } from './periods'

const TITLES = { day: 'Day', week: 'Week', month: 'Month' } as const

export function MarginOverTime({ answer, range }: { answer: ProductAnswer; range: Range }) {
  const periods = useMemo(() => periodsOf(answer.series, range.from, range.to), [answer.series, range])
  const xTitle = TITLES[grainOf(range.from, range.to)]
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Section title="Units" note={`Sold less taken back, by ${xTitle.toLowerCase()}`}>
        <BarChart
          title="Units"
          xTitle={xTitle}
          points={periods.map(period => ({ ...period, values: { units: period.units } }))}
          series={[{ key: 'units', label: 'Units', tone: 'slate' }]}
          unit={{ kind: 'count' }}
        />
      </Section>
      <Section title="Margin" note={`Net profit of net sales, by ${xTitle.toLowerCase()}`}>
        <LineChart
          title="Margin"
          xTitle={xTitle}
          points={periods.map(period => ({
            ...period,
            values: { margin: period.margin },
            reason: period.margin === null ? whyNot(period.profit) : undefined,
          }))}
          series={[{ key: 'margin', label: 'Margin', tone: 'brass', area: true }]}
          unit={{ kind: 'share' }}
        />
      </Section>
    </div>
  )
}

function whyNot(profit: string | null): string {
  return profit === null ? 'No cost is known for what was sold.' : 'Nothing was sold.'
}
