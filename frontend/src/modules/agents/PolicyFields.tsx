/** The weights and thresholds of a policy, in the order and the units that it says. */
import type { AgentDetail, AgentField } from '@/shared/api/types'
import { cx } from '@/shared/ui/cx'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import type { Faults } from './draft'
import { type Entry, entryOf, rangeText, unitText } from './fields'

interface PolicyFieldsProps {
  agent: AgentDetail
  values: Record<string, Entry>
  faults: Faults
  onChange: (key: string, entry: Entry) => void
}

export function PolicyFields({ agent, values, faults, onChange }: PolicyFieldsProps) {
  if (agent.fields.length === 0) return null
  return (
    <Section
      title="Policy"
      note="What it decides by. A rehearsal counts for the values with which it was made."
    >
      <div className="grid gap-x-6 gap-y-5 sm:grid-cols-2">
        {agent.fields.map(field => {
          const usual = entryOf(field, undefined, agent.currency)
          const entry = values[field.key] ?? usual
          const shared = {
            field,
            entry,
            currency: agent.currency,
            error: faults[`values.${field.key}`],
            onChange: (next: Entry) => onChange(field.key, next),
          }
          return (
            <div key={field.key} className={cx(field.unit === 'words' && 'sm:col-span-2')}>
              {field.unit === 'flag' ? <Switch {...shared} /> : <TextField {...shared} />}
              {entry !== usual && (
                <button
                  type="button"
                  aria-label={`Use the default of ${field.label}`}
                  onClick={() => onChange(field.key, usual)}
                  className="mt-1 min-h-6 text-xs font-semibold underline decoration-dotted underline-offset-4"
                >
                  Use the default
                </button>
              )}
            </div>
          )
        })}
      </div>
    </Section>
  )
}

interface OneProps {
  field: AgentField
  entry: Entry
  currency: string
  error: string | undefined
  onChange: (entry: Entry) => void
}

function TextField({ field, entry, currency, error, onChange }: OneProps) {
  const unit = unitText(field, currency)
  return (
    <Field label={field.label} help={<Help field={field} currency={currency} />} error={error}>
      {props => (
        <span className="flex items-center gap-2">
          <input
            {...props}
            inputMode={field.unit === 'words' ? 'text' : 'decimal'}
            autoComplete="off"
            value={String(entry)}
            onChange={event => onChange(event.target.value)}
            className={cx('field', field.unit !== 'words' && 'numeral max-w-36')}
          />
          {unit && <span className="text-sm text-soft">{unit}</span>}
        </span>
      )}
    </Field>
  )
}

function Switch({ field, entry, currency, error, onChange }: OneProps) {
  return (
    <div>
      <label className="flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={entry === true}
          onChange={event => onChange(event.target.checked)}
          className="mt-0.5 size-5 shrink-0 accent-(--action)"
        />
        <span>
          <span className="block font-semibold">{field.label}</span>
          <span className="block text-xs text-soft">
            <Help field={field} currency={currency} />
          </span>
        </span>
      </label>
      {error && (
        <p role="alert" className="mt-1 text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

function Help({ field, currency }: { field: AgentField; currency: string }) {
  return (
    <>
      {field.help} <span className="text-faint">{rangeText(field, currency)}</span>
    </>
  )
}
