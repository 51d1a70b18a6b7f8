/** An amount by slider or by hand; the slider goes three tenths to both sides, what is typed may go further. */
import { money } from '@/shared/format/money'
import { Field } from '@/shared/ui/Field'
import { amountOf, faultOf, sliderOf } from './moves'

interface SliderProps {
  label: string
  now: string | null | undefined
  /** Why it cannot be moved. */
  why?: string | null | undefined
  value: string | undefined
  currency: string
  onChange: (value: string | undefined) => void
}

export function AmountSlider({ label, now, why, value, currency, onChange }: SliderProps) {
  const slider = sliderOf(now, value, currency)
  if (!slider || why)
    return (
      <div>
        <p className="text-sm font-semibold">{label}</p>
        <p className="text-xs text-soft">
          {now != null && <span className="numeral">{money(now, currency)}. </span>}
          It cannot be moved: {why ?? 'it is not known'}.
        </p>
      </div>
    )
  return (
    <Field
      label={label}
      help={
        <>
          Now {money(now, currency)}
          {value !== undefined && (
            <>
              {' · '}
              <button
                type="button"
                className="min-h-6 underline underline-offset-2"
                onClick={() => onChange(undefined)}
              >
                Back to it<span className="sr-only">: {label}</span>
              </button>
            </>
          )}
        </>
      }
      error={faultOf(value, currency)}
    >
      {props => (
        <span className="flex items-center gap-3">
          <input
            type="range"
            aria-label={`${label}, slider`}
            aria-valuetext={money(amountOf(slider.place, currency), currency)}
            min={slider.low}
            max={slider.high}
            step={1}
            value={slider.place}
            onChange={event => {
              const place = Number(event.target.value)
              onChange(place === slider.stands ? undefined : amountOf(place, currency))
            }}
            className="min-w-0 flex-1 accent-action"
          />
          <input
            {...props}
            inputMode="decimal"
            autoComplete="off"
            value={value ?? amountOf(slider.stands, currency)}
            onChange={event => onChange(event.target.value)}
            className="field numeral w-28 text-right"
          />
        </span>
      )}
    </Field>
  )
}
