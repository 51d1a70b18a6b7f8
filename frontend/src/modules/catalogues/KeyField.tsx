/** A key that is entered and never shown. */
import { Field } from '@/shared/ui/Field'

interface KeyFieldProps {
  label: string
  help: string | undefined
  fault: string | undefined
  value: string
  onChange: (key: string) => void
}

export function KeyField({ label, help, fault, value, onChange }: KeyFieldProps) {
  return (
    <Field label={label} help={help} error={fault}>
      {props => (
        <input
          {...props}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={event => onChange(event.target.value)}
          className="field"
        />
      )}
    </Field>
  )
}
