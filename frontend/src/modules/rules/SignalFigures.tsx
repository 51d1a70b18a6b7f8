/** Which figures leave the house with a signal. */
import { sentence } from '@/shared/api/problem'
import type { RuleFigureSpec } from '@/shared/api/types'
import type { RuleFieldsProps } from './RuleFields'

export function SignalFigures({ draft, facts, faults, onChange }: RuleFieldsProps) {
  const offered = facts.figures.filter(figure => figure.about === draft.about)
  const toggle = ({ figure, over_days }: RuleFigureSpec, on: boolean) => {
    const rest = draft.told.filter(one => one.figure !== figure)
    onChange({ told: on ? [...rest, { figure, days: over_days ? '30' : '' }] : rest })
  }
  return (
    <fieldset className="mt-4">
      <legend className="text-sm font-semibold">Figures that are told with it</legend>
      <p className="mb-2 text-xs text-faint">
        In client_payload.figures, beside the rule, the thing with its number and label, and the currency.
        Once for each thing in every rest; people approve each signal, or the rule where it may act.
      </p>
      <ul className="grid gap-x-5 gap-y-1 sm:grid-cols-2">
        {offered.map(spec => {
          const no = draft.told.findIndex(one => one.figure === spec.figure)
          const chosen = draft.told[no]
          const fault = faults[`rule.then.figures.${no}.days`]
          return (
            <li key={spec.figure} className="flex min-h-9 flex-wrap items-center gap-2.5 text-sm">
              <label className="flex items-center gap-2.5">
                <input
                  type="checkbox"
                  checked={chosen !== undefined}
                  onChange={event => toggle(spec, event.target.checked)}
                  className="size-5 shrink-0 accent-(--action)"
                />
                {sentence(spec.label)}
              </label>
              {chosen && spec.over_days && (
                <label className="flex items-center gap-1.5 text-soft">
                  in
                  <input
                    inputMode="numeric"
                    aria-label={`Days of ${spec.label}`}
                    aria-invalid={fault ? true : undefined}
                    value={chosen.days}
                    onChange={event => {
                      const days = event.target.value
                      const told = draft.told.map((one, at) => (at === no ? { ...one, days } : one))
                      onChange({ told })
                    }}
                    className="field numeral w-16"
                  />
                  days
                </label>
              )}
              {fault && <span className="basis-full text-xs text-bad">{fault}</span>}
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}
