/** Two accounts of one order: what the customer owes, held against the provider's total; and what the order cost. */
import type { LedgerEntry, OrderAnswer } from '@/shared/api/types'
import { add } from '@/shared/format/decimal'
import { money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { Amount } from '@/shared/ui/Amount'

const COSTS = new Set(['cost_of_goods', 'payment_fee'])
const CELL = 'px-1.5 sm:px-2.5 py-1.5 align-top first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'

export interface Running extends LedgerEntry {
  running: string
}

/** Each entry with the sum of all up to it. Exported for its test. */
export function withRunningTotal(entries: LedgerEntry[]): Running[] {
  let sum = '0'
  return entries.map(entry => {
    sum = add(sum, entry.amount)
    return { ...entry, running: sum }
  })
}

export function LedgerTables({ answer }: { answer: OrderAnswer }) {
  const { checks, order } = answer
  const owed = withRunningTotal(answer.ledger.filter(entry => !COSTS.has(entry.kind)))
  const costs = withRunningTotal(answer.ledger.filter(entry => COSTS.has(entry.kind)))
  return (
    <>
      <Account title="What the customer owes" entries={owed} currency={order.currency}>
        <Foot label="Sum of the ledger" value={checks.ledger_total} currency={order.currency} strong />
        <Foot label="The provider’s total" value={checks.provider_total} currency={order.currency} />
        <Foot label="Difference" value={checks.difference} currency={order.currency} />
      </Account>
      {costs.length > 0 && <Account title="What the order cost" entries={costs} currency={order.currency} />}
    </>
  )
}

interface AccountProps {
  title: string
  entries: Running[]
  currency: string
  children?: React.ReactNode
}

function Account({ title, entries, currency, children }: AccountProps) {
  return (
    <table className="w-full text-sm">
      <caption className="label-caps border-t border-rule px-4 pt-3 pb-1.5 text-left sm:px-5">
        {title}
      </caption>
      <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
        <tr>
          <th scope="col" className={`${CELL} text-left font-medium`}>
            Day
          </th>
          <th scope="col" className={`${CELL} text-left font-medium`}>
            Entry
          </th>
          <th scope="col" className={`${CELL} text-right font-medium`}>
            Amount
          </th>
          <th scope="col" className={`${CELL} hidden text-right font-medium sm:table-cell`}>
            Running total
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map(entry => (
          <tr key={entry.seq} className="border-b border-rule">
            <td className={`${CELL} whitespace-nowrap text-soft`}>{dayText(entry.day, 'axis')}</td>
            <th scope="row" className={`${CELL} text-left font-normal`}>
              {words(entry.kind)}
              {entry.basis === 'estimated' && <span className="text-warn"> (estimated)</span>}
              <span className="block text-xs text-faint">{detail(entry)}</span>
            </th>
            <td className={`${CELL} text-right`}>
              <Amount value={entry.amount} currency={currency} style="signed" className="text-ink!" />
            </td>
            <td className={`${CELL} numeral hidden text-right text-soft sm:table-cell`}>
              {money(entry.running, currency)}
            </td>
          </tr>
        ))}
      </tbody>
      {children && <tfoot>{children}</tfoot>}
    </table>
  )
}

function detail(entry: LedgerEntry): string {
  const units =
    entry.quantity == null
      ? null
      : `${Math.abs(entry.quantity)} ${Math.abs(entry.quantity) === 1 ? 'unit' : 'units'}`
  const reason = entry.reason && entry.reason !== 'order' ? `by ${entry.reason}` : null
  return [entry.title, units, reason].filter(Boolean).join(' · ')
}

interface FootProps {
  label: string
  value: string | null | undefined
  currency: string
  strong?: boolean
}

function Foot({ label, value, currency, strong }: FootProps) {
  return (
    <tr className={strong ? 'font-semibold' : 'text-soft'}>
      <td className={CELL} />
      <th scope="row" className={`${CELL} text-left ${strong ? '' : 'font-normal'}`}>
        {label}
      </th>
      <td className={`${CELL} text-right`}>
        <span className={strong ? 'total-rule inline-block' : ''}>
          <Amount
            value={value}
            currency={currency}
            reason="The provider names no total that could be compared."
          />
        </span>
      </td>
      <td className={`${CELL} hidden sm:table-cell`} />
    </tr>
  )
}
