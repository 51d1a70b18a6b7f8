/** What a change would do, before it is made. */
import type { CostPreview } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { Amount } from '@/shared/ui/Amount'
import { Note } from '@/shared/ui/States'

export function PreviewView({ preview }: { preview: CostPreview }) {
  const { currency } = preview
  const nothing = preview.days === 0
  return (
    <section aria-label="Preview" className="flex flex-col gap-3 text-sm">
      {nothing ? (
        <p>
          Nothing that was sold so far changes
          {preview.looked_at > 0 && `: ${count(preview.looked_at)} orders were looked at`}.
        </p>
      ) : (
        <p>
          {preview.orders > 0 &&
            `${count(preview.orders)} ${preview.orders === 1 ? 'order' : 'orders'} with ${count(preview.entries)} ${
              preview.entries === 1 ? 'entry' : 'entries'
            } on `}
          {count(preview.days)} {preview.days === 1 ? 'day' : 'days'} change.
          {/[1-9]/.test(preview.cost_gained) && !preview.cost_gained.startsWith('-') && (
            <> {money(preview.cost_gained, currency)} of net sales get a cost that they lack today.</>
          )}
        </p>
      )}
      {!preview.is_complete && (
        <Note tone="warn">
          {count(preview.looked_at)} of {count(preview.candidates)} orders were looked at; the change itself
          reaches all of them.
        </Note>
      )}
      {preview.months.length > 0 && (
        <table className="w-full">
          <caption className="sr-only">Net profit of the store, before and after</caption>
          <thead>
            <tr className="text-xs text-soft">
              <th scope="col" className="py-1 text-left font-medium">
                Net profit
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Before
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                After
              </th>
            </tr>
          </thead>
          <tbody>
            {preview.months.map(month => (
              <Line key={month.month} label={month.month} change={month} currency={currency} />
            ))}
            {preview.months.length > 1 && (
              <Line label="Together" change={preview} currency={currency} strong />
            )}
          </tbody>
        </table>
      )}
      {preview.products.length > 0 && (
        <table className="w-full">
          <caption className="pb-1 text-left text-xs font-medium text-soft">
            Products that change most, the worst first
          </caption>
          <tbody>
            {preview.products.map(product => (
              <Line key={product.key} label={product.label} change={product} currency={currency} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

interface LineProps {
  label: string
  change: { net_profit_before?: string | null; net_profit_after?: string | null }
  currency: string
  strong?: boolean
}

function Line({ label, change, currency, strong }: LineProps) {
  return (
    <tr className={strong ? 'border-t border-rule font-semibold' : 'border-t border-rule'}>
      <th scope="row" className="max-w-44 truncate py-1.5 pr-2 text-left font-normal">
        {label}
      </th>
      <td className="py-1.5 text-right">
        <Amount value={change.net_profit_before} currency={currency} reason="No cost was known." />
      </td>
      <td className="py-1.5 pl-3 text-right">
        <Amount value={change.net_profit_after} currency={currency} reason="No cost is known." />
      </td>
    </tr>
  )
}
