/** A form for one input, with its preview before it counts. */
import { type ReactNode, useState } from 'react'
import { ApiError, explain } from '@/shared/api/problem'
import type { CostChange } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { contentOf, FIELDS, type FieldDef, type Kind, mistakes, type Values, valuesOf } from './kinds'
import { PreviewView } from './PreviewView'
import { useApply, usePreview } from './queries'

interface ChangePanelProps {
  kind: Kind
  title: string
  storeId: string
  currency: string
  /** What is edited, or what a new one begins with. */
  entry?: object | undefined
  /** Set when an existing row is edited: it is replaced, also when its key changes. */
  editing?: { id: string; revision: number } | undefined
  more?: Record<string, string>
  onClose: () => void
  children?: ReactNode
}

export function ChangePanel(props: ChangePanelProps) {
  const { kind, title, storeId, currency, entry, editing, more = {}, onClose, children } = props
  const [values, setValues] = useState<Values>(() => valuesOf(kind, entry))
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const preview = usePreview()
  const apply = useApply()
  const input = () => ({ store_id: storeId, changes: changesOf(kind, values, more, editing) })
  const trouble = (error: unknown) => {
    const placed = fieldErrors(error)
    if (Object.keys(placed).length > 0) setWrong(placed)
  }
  const set = (name: string, value: string) => {
    setValues(old => ({ ...old, [name]: value }))
    setWrong(({ [name]: _, ...rest }) => rest)
    preview.reset()
    apply.reset()
  }
  const look = () => {
    const found = mistakes(kind, values)
    setWrong(found)
    if (Object.keys(found).length === 0) preview.mutate(input(), { onError: trouble })
  }
  const error = preview.error ?? apply.error
  const general = error && Object.keys(fieldErrors(error)).length === 0 ? explain(error) : null
  return (
    <SidePanel open onClose={onClose} title={title}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault()
          look()
        }}
      >
        {FIELDS[kind].map(field => (
          <Field key={field.name} label={labelOf(field)} help={field.help} error={wrong[field.name]}>
            {tied => (
              <Control
                tied={tied}
                field={field}
                currency={currency}
                value={values[field.name] ?? ''}
                onChange={value => set(field.name, value)}
              />
            )}
          </Field>
        ))}
        {general && (
          <p role="alert" className="text-sm font-medium text-bad">
            {general}
          </p>
        )}
        {!preview.data && (
          <div className="flex justify-end gap-2">
            <Button kind="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button kind="primary" type="submit" busy={preview.isPending}>
              Preview
            </Button>
          </div>
        )}
      </form>
      {preview.data && (
        <div className="mt-4 border-t border-rule pt-4">
          <PreviewView preview={preview.data} />
          <div className="mt-4 flex justify-end gap-2">
            <Button kind="quiet" onClick={() => preview.reset()}>
              Change it
            </Button>
            <Button
              kind="primary"
              busy={apply.isPending}
              onClick={() => apply.mutate(input(), { onSuccess: onClose, onError: trouble })}
            >
              Apply
            </Button>
          </div>
        </div>
      )}
      {!preview.data && children}
    </SidePanel>
  )
}

function labelOf(field: FieldDef): string {
  return field.optional ? `${field.label} (optional)` : field.label
}

interface ControlProps {
  tied: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
  field: FieldDef
  currency: string
  value: string
  onChange: (value: string) => void
}

function Control({ tied, field, currency, value, onChange }: ControlProps) {
  if (field.type === 'choice') {
    return (
      <select {...tied} className="field" value={value} onChange={event => onChange(event.target.value)}>
        {field.options?.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  }
  const numeric = field.type === 'amount' || field.type === 'whole'
  return (
    <input
      {...tied}
      type={field.type === 'day' ? 'date' : 'text'}
      inputMode={field.type === 'amount' ? 'decimal' : field.type === 'whole' ? 'numeric' : undefined}
      autoComplete="off"
      spellCheck={false}
      placeholder={field.name === 'currency' ? currency : undefined}
      value={value}
      onChange={event => onChange(event.target.value)}
      className={numeric ? 'field numeral' : 'field'}
    />
  )
}

/** An edited row is taken away and put anew, so that its key may change; both happen together. */
function changesOf(
  kind: Kind,
  values: Values,
  more: Record<string, string>,
  editing: { id: string; revision: number } | undefined,
): CostChange[] {
  const entry = contentOf(kind, values, more) as NonNullable<CostChange['entry']>
  const put: CostChange = { entry }
  return editing ? [{ remove: editing.id, revision: editing.revision }, put] : [put]
}

/** `changes[1].amount` is about the field `amount`. */
function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const errors = error.problem.errors ?? []
  return Object.fromEntries(errors.map(entry => [entry.field.replace(/^.*\./, ''), entry.message]))
}
