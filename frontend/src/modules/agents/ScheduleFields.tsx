import { useState } from 'react'
import { scheduleText, USUAL_SCHEDULES } from '@/shared/agents/schedule'
import type { AgentDetail } from '@/shared/api/types'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import type { Draft } from './draft'

interface ScheduleFieldsProps {
  agent: AgentDetail
  draft: Draft
  error: string | undefined
  onChange: (next: Partial<Draft>) => void
}

const OWN = 'own'

export function ScheduleFields({ agent, draft, error, onChange }: ScheduleFieldsProps) {
  const usual = [...new Set<string>([agent.schedule_default, agent.schedule, ...USUAL_SCHEDULES])]
  const offered = usual.filter(pattern => scheduleText(pattern) !== null)
  const [own, setOwn] = useState(!offered.includes(draft.schedule))
  const isRule = agent.id.startsWith('rule:')
  return (
    <Section title="When it starts" note={`By the clock of ${agent.timezone}. You can start it at any time.`}>
      <label className="mb-4 flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={draft.enabled}
          onChange={event => onChange({ enabled: event.target.checked })}
          className="mt-0.5 size-5 shrink-0 accent-(--action)"
        />
        <span>
          <span className="block font-semibold">It starts by itself</span>
          <span className="block text-soft">
            On its schedule{agent.triggers.length > 0 && ` and on ${agent.triggers.join(', ')}`}.
          </span>
        </span>
      </label>
      {isRule && <p className="text-sm text-soft">When it looks is what the rule says: change it there.</p>}
      <div className={isRule ? 'hidden' : 'grid gap-x-5 gap-y-4 sm:grid-cols-2'}>
        <Field label="Schedule" error={own ? undefined : error}>
          {field => (
            <select
              {...field}
              value={own ? OWN : draft.schedule}
              onChange={event => {
                setOwn(event.target.value === OWN)
                if (event.target.value !== OWN) onChange({ schedule: event.target.value })
              }}
              className="field"
            >
              {offered.map(pattern => (
                <option key={pattern} value={pattern}>
                  {scheduleText(pattern)}
                  {pattern === agent.schedule_default && ' (default)'}
                </option>
              ))}
              <option value={OWN}>Another pattern…</option>
            </select>
          )}
        </Field>
        {own && (
          <Field
            label="Pattern"
            error={error}
            help={scheduleText(draft.schedule) ?? 'Minute, hour, day of the month, month, day of the week.'}
          >
            {field => (
              <input
                {...field}
                autoComplete="off"
                spellCheck={false}
                placeholder="30 6 * * 1-5"
                value={draft.schedule}
                onChange={event => onChange({ schedule: event.target.value })}
                className="field font-mono"
              />
            )}
          </Field>
        )}
      </div>
    </Section>
  )
}
