/** When, if, then: each part of a rule with its inputs, its units and what is wrong with it. */
import { scheduleText, USUAL_SCHEDULES } from '@/shared/agents/schedule'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { ConditionFields } from './ConditionFields'
import { aboutOther, DOINGS, type Doing, type Draft, type Facts, type Faults, newCondition } from './draft'
import { SignalFigures } from './SignalFigures'
import { ABOUTS, EVENTS, HOLD_REASONS, ROUNDINGS } from './words'

export interface RuleFieldsProps {
  draft: Draft
  facts: Facts
  faults: Faults
  /** Whether it acts by itself at present. */
  acts: boolean
  onChange: (next: Partial<Draft>) => void
  onReplace: (next: Draft) => void
}

export function RuleFields(props: RuleFieldsProps) {
  return (
    <>
      <About {...props} />
      <When {...props} />
      <If {...props} />
      <Then {...props} />
      <Limits {...props} />
    </>
  )
}

interface SelectProps<T extends string> {
  label: string
  value: T
  options: Record<string, string>
  error?: string | undefined
  onChange: (value: T) => void
}

function Select<T extends string>({ label, value, options, error, onChange }: SelectProps<T>) {
  return (
    <Field label={label} error={error}>
      {field => (
        <select
          {...field}
          value={value}
          onChange={event => onChange(event.target.value as T)}
          className="field"
        >
          {Object.entries(options).map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface TextProps {
  label: string
  value: string
  error?: string | undefined
  help?: string
  unit?: string
  onChange: (value: string) => void
}

function Text({ label, value, error, help, unit, onChange }: TextProps) {
  return (
    <Field label={label} error={error} help={help}>
      {field => (
        <span className="flex items-center gap-2">
          <input
            {...field}
            autoComplete="off"
            value={value}
            onChange={event => onChange(event.target.value)}
            className={unit ? 'field numeral max-w-32' : 'field'}
          />
          {unit && <span className="text-sm text-soft">{unit}</span>}
        </span>
      )}
    </Field>
  )
}

function About({ draft, facts, faults, onChange, onReplace }: RuleFieldsProps) {
  return (
    <Section title="The rule">
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        <Text
          label="Name"
          value={draft.name}
          error={faults['rule.name']}
          onChange={name => onChange({ name })}
        />
        <Select
          label="Is about"
          value={draft.about}
          options={ABOUTS}
          onChange={about => onReplace(aboutOther(draft, about, facts))}
        />
      </div>
    </Section>
  )
}

const BYS = { schedule: 'On a schedule', event: 'When something happens' }

function When({ draft, faults, onChange }: RuleFieldsProps) {
  const { schedule } = draft
  return (
    <Section title="When">
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        <Select label="It looks" value={draft.by} options={BYS} onChange={by => onChange({ by })} />
        {draft.by === 'schedule' ? (
          <Field
            label="Pattern"
            error={faults['rule.when.schedule']}
            help={scheduleText(schedule) ?? 'Minute, hour, day of the month, month, day of the week.'}
          >
            {field => (
              <>
                <input
                  {...field}
                  list="rule-schedules"
                  autoComplete="off"
                  spellCheck={false}
                  value={schedule}
                  onChange={event => onChange({ schedule: event.target.value })}
                  className="field font-mono"
                />
                <datalist id="rule-schedules">
                  {USUAL_SCHEDULES.map(pattern => (
                    <option key={pattern} value={pattern}>
                      {scheduleText(pattern)}
                    </option>
                  ))}
                </datalist>
              </>
            )}
          </Field>
        ) : (
          <Field
            label="Event"
            error={faults['rule.when.event']}
            help="Of the shop, or a type that another program tells."
          >
            {field => (
              <>
                <input
                  {...field}
                  list="rule-events"
                  autoComplete="off"
                  spellCheck={false}
                  value={draft.event}
                  onChange={event => onChange({ event: event.target.value })}
                  className="field font-mono"
                />
                <datalist id="rule-events">
                  {Object.entries(EVENTS).map(([type, text]) => (
                    <option key={type} value={type}>
                      {text}
                    </option>
                  ))}
                </datalist>
              </>
            )}
          </Field>
        )}
      </div>
    </Section>
  )
}

const MATCHES = { all: 'All of these hold', any: 'Any of these holds' }

function If({ draft, facts, faults, onChange }: RuleFieldsProps) {
  const { conditions } = draft
  const offered = facts.figures.filter(figure => figure.about === draft.about)
  const first = offered[0]
  return (
    <Section title="If" note="What nobody knows is neither met nor not met, and is told.">
      <div className="flex flex-col gap-4">
        <Select
          label="It is meant where"
          value={draft.match}
          options={MATCHES}
          error={faults['rule.if.conditions']}
          onChange={match => onChange({ match })}
        />
        <ol aria-label="Conditions" className="flex flex-col gap-4">
          {conditions.map((condition, no) => (
            <li key={condition.key}>
              <ConditionFields
                no={no}
                condition={condition}
                figures={offered}
                currency={facts.currency}
                faults={faults}
                onChange={next =>
                  onChange({ conditions: conditions.map(one => (one.key === next.key ? next : one)) })
                }
                onRemove={
                  conditions.length > 1
                    ? () => onChange({ conditions: conditions.filter(one => one.key !== condition.key) })
                    : undefined
                }
              />
            </li>
          ))}
        </ol>
        {first && conditions.length < 20 && (
          <Button
            className="self-start"
            onClick={() => onChange({ conditions: [...conditions, newCondition(first)] })}
          >
            Add a condition
          </Button>
        )}
      </div>
    </Section>
  )
}

function Then(props: RuleFieldsProps) {
  const { draft, faults, onChange } = props
  const { doing } = draft
  const isPrice = doing === 'lower' || doing === 'raise' || doing === 'price_to_margin'
  return (
    <Section
      title="Then"
      note={isPrice ? 'Prices are always asked for: people look at each before it is written.' : undefined}
    >
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        <Select<Doing>
          label="What is proposed"
          value={doing}
          options={DOINGS[draft.about]}
          error={faults['rule.then'] ?? faults['rule.then.do']}
          onChange={next => onChange({ doing: next })}
        />
        {(doing === 'lower' || doing === 'raise') && (
          <Text
            label="By"
            unit="%"
            value={draft.percent}
            error={faults['rule.then.percent']}
            onChange={percent => onChange({ percent })}
          />
        )}
        {doing === 'price_to_margin' && (
          <Text
            label="Unit margin"
            unit="%"
            value={draft.margin}
            error={faults['rule.then.margin']}
            onChange={margin => onChange({ margin })}
          />
        )}
        {isPrice && (
          <Select
            label="Rounded"
            value={draft.rounding}
            options={ROUNDINGS}
            onChange={rounding => onChange({ rounding })}
          />
        )}
        {(doing === 'add_tags' || doing === 'remove_tags') && (
          <Text
            label="Tags"
            help="Separated by commas."
            value={draft.tags}
            error={faults['rule.then.tags']}
            onChange={tags => onChange({ tags })}
          />
        )}
        {doing === 'hold_order' && (
          <>
            <Select
              label="Reason"
              value={draft.reason}
              options={HOLD_REASONS}
              onChange={reason => onChange({ reason })}
            />
            <Text
              label="Note"
              value={draft.note}
              error={faults['rule.then.note']}
              onChange={note => onChange({ note })}
            />
          </>
        )}
        {doing === 'signal' && (
          <Text
            label="Event"
            help="What workflows listen for: on: repository_dispatch: types."
            value={draft.signal}
            error={faults['rule.then.event']}
            onChange={signal => onChange({ signal })}
          />
        )}
      </div>
      {doing === 'signal' && <SignalFigures {...props} />}
    </Section>
  )
}

const AUTONOMIES = { observe: 'Only tell', propose: 'Propose to people' }

function Limits({ draft, faults, acts, onChange }: RuleFieldsProps) {
  return (
    <Section title="Limits">
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        {acts ? (
          <p className="text-sm text-soft">
            It acts by itself. When it says something else, it proposes again until it is rehearsed anew.
          </p>
        ) : (
          <Select
            label="How far it may go"
            value={draft.autonomy}
            options={AUTONOMIES}
            error={faults.autonomy}
            onChange={autonomy => onChange({ autonomy })}
          />
        )}
        <Text
          label="Proposals a run"
          unit="at most"
          value={draft.perRun}
          error={faults['rule.limits.per_run']}
          onChange={perRun => onChange({ perRun })}
        />
        <Text
          label="Rest after a change or a no"
          unit="hours"
          value={draft.coolDown}
          error={faults['rule.limits.cool_down_hours']}
          onChange={coolDown => onChange({ coolDown })}
        />
        <Text
          label="A proposal is valid for"
          unit="hours"
          value={draft.valid}
          error={faults['rule.limits.valid_hours']}
          onChange={valid => onChange({ valid })}
        />
      </div>
    </Section>
  )
}
