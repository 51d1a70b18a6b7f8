/** How opportunities of a store are scored: what each factor counts, and from where on one is worth a look. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { OpportunitySettings, ScoreFactor, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { typed, units } from '@/shared/format/units'
import { useMay } from '@/shared/session/may'
import { SetMeanwhile } from '@/shared/settings/SetMeanwhile'
import { useEditing } from '@/shared/settings/use-editing'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { showFault } from '@/shared/ui/show-fault'
import { useSetScoring } from './queries'
import { Refused } from './Refused'
import { FACTORS } from './words'

type Weight = ScoreFactor['name']
type Key = Weight | 'high_potential' | 'minimum_margin'
type Draft = Record<Key, string>

const WEIGHTS: Weight[] = ['margin', 'trend', 'viability', 'reliability', 'shipping']
const MOST_MARGIN = 95n

interface ScoringPanelProps {
  found: OpportunitySettings
  store: Store
  onClose: () => void
}

export default function ScoringPanel({ found, store, onClose }: ScoringPanelProps) {
  const change = useSetScoring(store.id, onClose)
  const editing = useEditing(found, ({ version }) => version, change.isPending)
  return (
    <SidePanel open onClose={onClose} title="How it is scored">
      <div className="flex flex-col gap-4">
        {editing.isOvertaken && (
          <SetMeanwhile onShow={editing.end}>
            {found.updated_by ?? 'Somebody'} set something else meanwhile. What you typed is still below.{' '}
          </SetMeanwhile>
        )}
        <ScoringForm
          key={editing.shown.version}
          found={editing.shown}
          change={change}
          onEdit={editing.begin}
        />
      </div>
    </SidePanel>
  )
}

function draftOf({ weights, high_potential: high, minimum_margin: least }: OpportunitySettings): Draft {
  return {
    margin: String(weights.margin),
    trend: String(weights.trend),
    viability: String(weights.viability),
    reliability: String(weights.reliability),
    shipping: String(weights.shipping),
    high_potential: String(high),
    minimum_margin: typed(Math.round(least * 10_000), 2),
  }
}

/** A whole number from 0 to 100, or null. */
function wholeOf(text: string): number | null {
  const value = units(text, 0)
  return value === null || value < 0n || value > 100n ? null : Number(value)
}

function sumOf(draft: Draft): number | null {
  const parts = WEIGHTS.map(name => wholeOf(draft[name]))
  return parts.includes(null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
}

function faultsOf(draft: Draft): Partial<Draft> {
  const faults: Partial<Draft> = {}
  for (const name of [...WEIGHTS, 'high_potential'] as const)
    if (wholeOf(draft[name]) === null) faults[name] = 'A whole number from 0 to 100.'
  const margin = units(draft.minimum_margin, 2)
  if (margin === null || margin < 0n || margin > MOST_MARGIN * 100n)
    faults.minimum_margin = `A number from 0 to ${MOST_MARGIN}.`
  return faults
}

interface FormProps {
  found: OpportunitySettings
  change: ReturnType<typeof useSetScoring>
  onEdit: () => void
}

function ScoringForm({ found, change, onEdit }: FormProps) {
  const may = useMay('opportunities:configure')
  const [draft, setDraft] = useState(() => draftOf(found))
  const [tried, setTried] = useState(false)
  const own = faultsOf(draft)
  const told = fieldErrors(change.error)
  const sum = sumOf(draft)
  const isWhole = sum === 100
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(found))
  const edit = (next: Partial<Draft>) => {
    onEdit()
    setDraft(old => ({ ...old, ...next }))
  }
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setTried(true)
    change.reset()
    if (Object.keys(own).length > 0 || !isWhole) return showFault(event.currentTarget)
    const of = (key: Key) => Number(draft[key].replace(',', '.'))
    change.mutate({
      version: found.version,
      weights: {
        margin: of('margin'),
        trend: of('trend'),
        viability: of('viability'),
        reliability: of('reliability'),
        shipping: of('shipping'),
      },
      high_potential: of('high_potential'),
      minimum_margin: Math.round(of('minimum_margin') * 100) / 10_000,
    })
  }
  const entry = (key: Key, label: string, help: string, unit?: string) => (
    <Field key={key} label={label} help={help} error={(tried && own[key]) || told[key]}>
      {field => (
        <span className="flex items-center gap-2">
          <input
            {...field}
            inputMode="decimal"
            autoComplete="off"
            value={draft[key]}
            onChange={event => edit({ [key]: event.target.value })}
            className="field numeral max-w-24"
          />
          {unit && <span className="text-sm text-soft">{unit}</span>}
        </span>
      )}
    </Field>
  )
  return (
    <form onSubmit={send} noValidate>
      <fieldset disabled={!may} className="flex min-w-0 flex-col gap-4">
        <legend className="sr-only">How opportunities are scored</legend>
        <p className="text-sm text-soft">
          {found.version === 0
            ? 'Nobody changed anything yet: these are the defaults.'
            : `Version ${count(found.version)}, set by ${found.updated_by ?? 'somebody'} ${ageText(found.updated_at)}.`}
          {!may && ' Admins may change them.'}
        </p>
        <div className="grid grid-cols-2 items-start gap-x-5 gap-y-4">
          {WEIGHTS.map(name => entry(name, FACTORS[name].label, `${FACTORS[name].asks}.`, '%'))}
        </div>
        <p role="status" className={isWhole ? 'text-xs text-faint' : 'text-sm font-medium text-bad'}>
          {sum === null
            ? 'Each is a whole number of percent.'
            : isWhole
              ? 'Together 100 %. Where no source tells a factor, the others share its weight.'
              : `Together ${sum} %: they have to add up to 100.`}
        </p>
        <div className="grid grid-cols-2 items-start gap-x-5 gap-y-4 border-t border-rule pt-4">
          {entry('high_potential', 'High potential from', 'The lowest score of one.')}
          {entry(
            'minimum_margin',
            'Least margin',
            'What leaves less has a low potential, whatever its score.',
            '%',
          )}
        </div>
        <Refused error={change.error} placed={[...WEIGHTS, 'high_potential', 'minimum_margin']} />
        {may && (
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" kind="primary" disabled={!isChanged} busy={change.isPending}>
              Save and score again
            </Button>
            <span role="status" className="text-xs text-faint">
              {isChanged ? 'Not stored yet.' : 'Nothing is changed.'}
            </span>
          </div>
        )}
      </fieldset>
    </form>
  )
}
