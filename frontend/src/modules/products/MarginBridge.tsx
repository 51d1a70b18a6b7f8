/** From what the goods would have brought to what they earned. */

import type { Row } from '@/shared/api/types'
import { Waterfall, type WaterfallStep } from '@/shared/charts/Waterfall'
import type { AmountField } from '@/shared/figures/glossary'
import { ladder, type Rung } from '@/shared/figures/ladder'

interface MarginBridgeProps {
  row: Row
  unavailable: Record<string, string>
  currency: string
  onExplain: (field: AmountField) => void
}

/** Fixed costs belong to days, not to products: the bridge ends at the contribution. */
const LAST: AmountField[] = ['cm3', 'cm2']
/** Totals on the way that only repeat the level between two steps. */
const PASSED = new Set<string>(['net_revenue'])

export function bridgeOf(row: Row, unavailable: Record<string, string>): WaterfallStep[] {
  const rungs = ladder(row, unavailable)
  const last = LAST.map(field => rungs.findLastIndex(rung => rung.field === field)).find(at => at >= 0)
  const shown = last === undefined ? rungs : rungs.slice(0, last + 1)
  return shown.filter(rung => !PASSED.has(rung.key)).map(stepOf)
}

function stepOf(rung: Rung): WaterfallStep {
  return {
    key: rung.key,
    label: rung.label,
    kind: rung.kind === 'total' ? 'total' : 'step',
    amount: rung.amount,
    reason: rung.reason,
  }
}

export function MarginBridge({ row, unavailable, currency, onExplain }: MarginBridgeProps) {
  const rungs = ladder(row, unavailable)
  const open = (key: string) => {
    const field = rungs.find(rung => rung.key === key)?.field
    if (field) onExplain(field)
  }
  return (
    <Waterfall
      title="From gross sales to contribution"
      steps={bridgeOf(row, unavailable)}
      unit={{ kind: 'money', currency }}
      onSelect={open}
    />
  )
}
