import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { money } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRangeOf } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { costOf, elsewhereOf, type LineDraft, unitCostOf } from './draft'

interface LineFieldsProps {
  lines: LineDraft[]
  storeId: string
  currency: string
  faults: Record<string, string | undefined>
  onChange: (lines: LineDraft[]) => void
}

export function LineFields({ lines, storeId, currency, faults, onChange }: LineFieldsProps) {
  if (lines.length === 0) return null
  const set = (index: number, next: Partial<LineDraft>) =>
    onChange(lines.map((line, at) => (at === index ? { ...line, ...next } : line)))
  return (
    <ul aria-label="Lines of the order" className="border-b border-rule">
      {lines.map((line, index) => {
        const cost = costOf(line, currency)
        const elsewhere = elsewhereOf(line, currency)
        return (
          <li
            key={line.variant}
            className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 border-t border-rule px-4 py-3 sm:grid-cols-[minmax(0,1fr)_7rem_8rem_7rem_auto] sm:px-5"
          >
            <div className="col-span-3 min-w-0 text-sm sm:col-span-1">
              <Link
                to={paths.stocked}
                params={{ id: line.variant }}
                search={keepRangeOf(storeId)}
                className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
              >
                {line.title}
              </Link>
              <span className="block text-xs text-faint">
                {[line.sku, line.why].filter(Boolean).join(' · ')}
              </span>
              {faults[`lines[${index}].variant_id`] && (
                <span role="alert" className="block text-xs font-medium text-bad">
                  {faults[`lines[${index}].variant_id`]}
                </span>
              )}
            </div>
            <Small
              label="Quantity"
              of={line.title}
              mode="numeric"
              value={line.quantity}
              error={faults[`lines[${index}].quantity`]}
              onChange={quantity => set(index, { quantity })}
            />
            <Small
              label="Cost of one"
              of={line.title}
              mode="decimal"
              value={unitCostOf(line, currency)}
              error={faults[`lines[${index}].unit_cost`]}
              onChange={value => set(index, { costs: { ...line.costs, [currency]: value } })}
            />
            <p className="numeral col-start-1 self-center text-sm sm:col-start-auto sm:text-right">
              <span className="sr-only">Cost of the line: </span>
              {cost === null && elsewhere.length > 0 ? (
                <span className="text-faint">not counted</span>
              ) : (
                money(cost, currency)
              )}
            </p>
            <Button
              kind="quiet"
              className="col-start-3 row-start-2 self-center sm:col-start-auto sm:row-start-auto"
              aria-label={`Take away ${line.title}`}
              onClick={() => onChange(lines.filter((_, at) => at !== index))}
            >
              Take away
            </Button>
            {elsewhere.length > 0 && (
              <p className="col-span-full text-xs text-warn">
                Its cost is known in another currency:{' '}
                {elsewhere.map(([code, told]) => `${code} ${told}`).join(', ')} each. Enter what one costs in{' '}
                {currency}.
              </p>
            )}
          </li>
        )
      })}
    </ul>
  )
}

interface SmallProps {
  label: string
  of: string
  mode: 'numeric' | 'decimal'
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function Small({ label, of, mode, value, error, onChange }: SmallProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1 text-xs">
      <label htmlFor={id} className="text-soft">
        {label}
        <span className="sr-only"> of {of}</span>
      </label>
      <input
        id={id}
        inputMode={mode}
        autoComplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        value={value}
        onChange={event => onChange(event.target.value)}
        className={cx('field numeral text-right text-sm text-ink', error && 'border-bad')}
      />
      {error && (
        <span id={`${id}-error`} role="alert" className="font-medium text-bad">
          {error}
        </span>
      )}
    </div>
  )
}
