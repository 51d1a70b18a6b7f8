/** A condition: a figure, how it is compared, and with what. */
import type { RuleFigure, RuleFigureSpec } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { type ConditionDraft, type Faults, newCondition } from './draft'
import { comparatorsOf, comparatorText, HINTS, unitText } from './words'

interface ConditionFieldsProps {
  no: number
  condition: ConditionDraft
  figures: RuleFigureSpec[]
  currency: string
  faults: Faults
  onChange: (next: ConditionDraft) => void
  onRemove: (() => void) | undefined
}

export function ConditionFields(props: ConditionFieldsProps) {
  const { no, condition, figures, currency, faults, onChange, onRemove } = props
  const spec = figures.find(one => one.figure === condition.figure)
  const kind = spec?.kind ?? 'count'
  const unit = unitText(kind, currency)
  const at = (part: string) => faults[`rule.if.conditions.${no}.${part}`]
  const choose = (figure: RuleFigure) => {
    const next = figures.find(one => one.figure === figure)
    if (next) onChange({ ...newCondition(next), key: condition.key })
  }
  return (
    <fieldset className="grid min-w-0 gap-x-4 gap-y-3 border-l-2 border-rule pl-3 sm:grid-cols-2">
      <legend className="sr-only">Condition {no + 1}</legend>
      <Field label="Figure" error={at('figure')}>
        {field => (
          <select
            {...field}
            value={condition.figure}
            onChange={event => choose(event.target.value as RuleFigure)}
            className="field"
          >
            {figures.map(one => (
              <option key={one.figure} value={one.figure}>
                {one.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {spec?.over_days && (
        <Field label="In the last days" error={at('days')}>
          {field => (
            <input
              {...field}
              inputMode="numeric"
              autoComplete="off"
              value={condition.days}
              onChange={event => onChange({ ...condition, days: event.target.value })}
              className="field numeral max-w-32"
            />
          )}
        </Field>
      )}
      {kind !== 'flag' && (
        <Field label="Compared" error={at('is')}>
          {field => (
            <select
              {...field}
              value={condition.is}
              onChange={event => onChange({ ...condition, is: event.target.value as ConditionDraft['is'] })}
              className="field"
            >
              {comparatorsOf(kind).map(is => (
                <option key={is} value={is}>
                  {comparatorText(is, kind)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field
        label="Value"
        error={at('value')}
        help={
          kind === 'word' || kind === 'tags' ? (HINTS[condition.figure] ?? 'Separated by commas.') : undefined
        }
      >
        {field =>
          kind === 'flag' ? (
            <select
              {...field}
              value={condition.value}
              onChange={event => onChange({ ...condition, value: event.target.value })}
              className="field"
            >
              <option value="yes">yes</option>
              <option value="no">no</option>
            </select>
          ) : (
            <span className="flex items-center gap-2">
              <input
                {...field}
                autoComplete="off"
                value={condition.value}
                onChange={event => onChange({ ...condition, value: event.target.value })}
                className="field"
              />
              {unit && <span className="text-sm text-soft">{unit}</span>}
            </span>
          )
        }
      </Field>
      {onRemove && (
        <Button
          kind="quiet"
          className="self-end justify-self-start"
          onClick={onRemove}
          aria-label={`Leave it out: condition ${no + 1}`}
        >
          Leave it out
        </Button>
      )}
    </fieldset>
  )
}
