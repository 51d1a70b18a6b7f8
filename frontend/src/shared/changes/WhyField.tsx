/** Why something is proposed: whoever approves it reads this. */
import { Field } from '@/shared/ui/Field'

interface WhyFieldProps {
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

export function WhyField({ value, error, onChange }: WhyFieldProps) {
  return (
    <Field label="Why" help="Whoever approves it reads this." error={error}>
      {field => (
        <input
          {...field}
          required
          maxLength={500}
          value={value}
          onChange={event => onChange(event.target.value)}
          className="field"
        />
      )}
    </Field>
  )
}
