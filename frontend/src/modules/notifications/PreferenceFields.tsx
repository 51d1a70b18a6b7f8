/** By severity: at once, in the digest, or not at all; with quiet hours and the time of the digest. */
import type { NotificationPreferences } from '@/shared/api/types'
import { Field } from '@/shared/ui/Field'
import { HOWS, SEVERITIES } from './words'

interface PreferenceFieldsProps {
  value: NotificationPreferences
  onChange: (next: NotificationPreferences) => void
  /** Whose clock is meant where none is named. */
  defaultZone: string
  errors: Record<string, string | undefined>
  /** A machine is told at once. */
  atOnce?: boolean
}

const NIGHT = { from: '22:00', until: '07:00' }

export function PreferenceFields({
  value,
  onChange,
  defaultZone,
  errors,
  atOnce = false,
}: PreferenceFieldsProps) {
  const set = (more: Partial<NotificationPreferences>) => onChange({ ...value, ...more })
  const hows = HOWS.filter(({ how }) => !(atOnce && how === 'digest'))
  const gathers = [value.info, value.warning, value.critical].includes('digest')
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-3">
        {SEVERITIES.map(({ severity, label, about }) => (
          <Field key={severity} label={label} help={about}>
            {field => (
              <select
                {...field}
                className="field max-w-xs"
                value={value[severity]}
                onChange={event => set({ [severity]: event.target.value as NotificationPreferences['info'] })}
              >
                {hows.map(({ how, label: words }) => (
                  <option key={how} value={how}>
                    {atOnce && how === 'off' ? 'Never' : words}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ))}
      </div>
      {!atOnce && (
        <>
          <Times value={value} set={set} gathers={gathers} errors={errors} />
          <Field
            label="Time zone"
            help={`Whose clock these times are read off. Empty: ${defaultZone}, as the store.`}
            error={errors['preferences.zone']}
          >
            {field => (
              <input
                {...field}
                className="field max-w-xs"
                list="time-zones"
                autoComplete="off"
                spellCheck={false}
                placeholder={defaultZone}
                value={value.zone ?? ''}
                onChange={event => set({ zone: event.target.value.trim() || null })}
              />
            )}
          </Field>
          <datalist id="time-zones">
            {Intl.supportedValuesOf('timeZone').map(zone => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </div>
  )
}

interface TimesProps {
  value: NotificationPreferences
  set: (more: Partial<NotificationPreferences>) => void
  gathers: boolean
  errors: Record<string, string | undefined>
}

function Times({ value, set, gathers, errors }: TimesProps) {
  const quiet = value.quiet
  return (
    <>
      {gathers && (
        <Field label="Digest at" error={errors['preferences.digest_at']}>
          {field => (
            <input
              {...field}
              type="time"
              required
              className="field max-w-40"
              value={value.digest_at}
              onChange={event => set({ digest_at: event.target.value })}
            />
          )}
        </Field>
      )}
      <label className="flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={Boolean(quiet)}
          onChange={event => set({ quiet: event.target.checked ? NIGHT : null })}
          className="mt-0.5 size-5 shrink-0 accent-(--action)"
        />
        <span>
          <span className="block font-semibold">Quiet hours</span>
          <span className="block text-soft">
            What comes then waits for their end; what is critical does not.
          </span>
        </span>
      </label>
      {quiet && (
        <div className="flex flex-wrap gap-4">
          <Field label="Quiet from" error={errors['preferences.quiet'] ?? errors['preferences.quiet.from']}>
            {field => (
              <input
                {...field}
                type="time"
                required
                className="field w-40"
                value={quiet.from}
                onChange={event => set({ quiet: { ...quiet, from: event.target.value } })}
              />
            )}
          </Field>
          <Field label="Quiet until" error={errors['preferences.quiet.until']}>
            {field => (
              <input
                {...field}
                type="time"
                required
                className="field w-40"
                value={quiet.until}
                onChange={event => set({ quiet: { ...quiet, until: event.target.value } })}
              />
            )}
          </Field>
        </div>
      )}
    </>
  )
}
