/** How often people are told anything, and when a checkout counts as left behind. */
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { SegmentSettings } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { useSetSegments } from './queries'

type Key = 'most' | 'within_days' | 'new_days' | 'checkout_hours' | 'checkout_days'

const FIELDS: { key: Key; label: string; help: string }[] = [
  { key: 'most', label: 'Exports that may name a person', help: 'Over all segments, within the days below.' },
  { key: 'within_days', label: 'Within days', help: '1 to 90.' },
  { key: 'new_days', label: 'New for days', help: 'After the first order.' },
  { key: 'checkout_hours', label: 'Checkout left behind after hours', help: 'Without a step.' },
  { key: 'checkout_days', label: 'Checkout let go after days', help: '1 to 90.' },
]

interface LimitsPanelProps {
  found: SegmentSettings
  storeId: string
  onClose: () => void
}

export default function LimitsPanel({ found, storeId, onClose }: LimitsPanelProps) {
  const [draft, setDraft] = useState<Record<Key, string>>({
    most: String(found.most),
    within_days: String(found.within_days),
    new_days: String(found.new_days),
    checkout_hours: String(found.checkout_hours),
    checkout_days: String(found.checkout_days),
  })
  const [tried, setTried] = useState(false)
  const set = useSetSegments(storeId, onClose)
  const faults = fieldErrors(set.error)
  const isWhole = (key: Key) => /^\d{1,4}$/.test(draft[key].trim())
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!FIELDS.every(({ key }) => isWhole(key))) return
    const value = (key: Key) => Number(draft[key].trim())
    set.mutate({
      version: found.version,
      most: value('most'),
      within_days: value('within_days'),
      new_days: value('new_days'),
      checkout_hours: value('checkout_hours'),
      checkout_days: value('checkout_days'),
    })
  }
  return (
    <SidePanel open onClose={onClose} title="Limits">
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        {FIELDS.map(({ key, label, help }) => (
          <Field
            key={key}
            label={label}
            help={help}
            error={tried && !isWhole(key) ? 'Enter a whole number.' : faults[key]}
          >
            {field => (
              <input
                {...field}
                inputMode="numeric"
                value={draft[key]}
                onChange={event => setDraft({ ...draft, [key]: event.target.value })}
                className="field numeral"
              />
            )}
          </Field>
        ))}
        {set.error && FIELDS.every(({ key }) => !faults[key]) && (
          <p role="alert" className="text-sm text-bad">
            {explain(set.error)}
          </p>
        )}
        <Button kind="primary" type="submit" busy={set.isPending}>
          Save
        </Button>
      </form>
    </SidePanel>
  )
}
