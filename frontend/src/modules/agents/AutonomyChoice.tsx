import { Link } from '@tanstack/react-router'
import type { AgentDetail } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { cx } from '@/shared/ui/cx'
import { Section } from '@/shared/ui/Page'
import { AUTONOMIES, mayOf } from './words'

interface AutonomyChoiceProps {
  agent: AgentDetail
  value: AgentDetail['autonomy']
  error: string | undefined
  onChange: (value: AgentDetail['autonomy']) => void
}

const CHOICES = Object.entries(AUTONOMIES) as [AgentDetail['autonomy'], (typeof AUTONOMIES)['observe']][]

export function AutonomyChoice({ agent, value, error, onChange }: AutonomyChoiceProps) {
  if (!agent.proposes) {
    return (
      <Section title="How far it may go">
        <p className="text-sm text-soft">
          {mayOf(agent).about} So there is nothing more to let it do; switch it off below, or stop it above.
        </p>
      </Section>
    )
  }
  return (
    <Section title="How far it may go" note="You say how far, and can take it back at any time.">
      <fieldset data-fault={error ? true : undefined} aria-describedby={error ? 'autonomy-error' : undefined}>
        <legend className="sr-only">How far {agent.name} may go</legend>
        <div className="grid gap-2.5 lg:grid-cols-3">
          {CHOICES.map(([key, { label, about }]) => (
            <label
              key={key}
              className={cx(
                'flex cursor-pointer items-start gap-3 rounded-md border p-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass',
                value === key ? 'border-brass bg-brass-wash/50' : 'border-edge hover:bg-sunk',
                error && value === key && 'border-bad',
              )}
            >
              <input
                type="radio"
                name="autonomy"
                value={key}
                checked={value === key}
                onChange={() => onChange(key)}
                className="mt-0.5 size-4 shrink-0 accent-(--action)"
              />
              <span>
                <span className="block font-semibold">{label}</span>
                <span className="block text-soft">{about}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {error && (
        <p id="autonomy-error" role="alert" className="mt-2 text-sm font-medium text-bad">
          {error}{' '}
          <Link
            to={paths.agentRehearsals}
            params={{ id: agent.id }}
            search={keepRange}
            className="font-semibold underline"
          >
            To the rehearsals
          </Link>
        </p>
      )}
    </Section>
  )
}
