/** Proposes a discount on the chosen products: how much, with a code or by itself, and for how long. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Store } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { WhyField } from '@/shared/changes/WhyField'
import { count } from '@/shared/format/money'
import { addDays, dayText, endOfDay, todayIn } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'

/** Today is the first of them. */
const USUAL_DAYS = 7

interface DiscountPanelProps {
  store: Store
  products: string[]
  onClose: () => void
}

export default function DiscountPanel({ store, products, onClose }: DiscountPanelProps) {
  const today = todayIn(store.timezone)
  const [draft, setDraft] = useState<Draft>(() => ({
    percent: '',
    code: '',
    title: '',
    last: addDays(today, USUAL_DAYS - 1),
    why: '',
  }))
  const [tried, setTried] = useState(false)
  const propose = usePropose(store.id)
  const told = fieldErrors(propose.error)
  const faults = { ...placed(told), ...(tried && own(draft, today)) }
  const edit = (next: Partial<Draft>) => setDraft(old => ({ ...old, ...next }))
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(own(draft, today)).length > 0) return
    propose.mutate({
      reason: draft.why.trim(),
      edits: [
        {
          kind: 'discount',
          percent: draft.percent.trim(),
          code: draft.code.trim() || null,
          title: draft.title.trim() || null,
          ends_at: draft.last ? endOfDay(draft.last, store.timezone).toISOString() : null,
          product_ids: products,
        },
      ],
    })
  }
  const text = (key: 'percent' | 'code' | 'title', label: string, help?: string, numeric = false) => (
    <Field label={label} help={help} error={faults[key]}>
      {field => (
        <input
          {...field}
          autoComplete="off"
          maxLength={key === 'title' ? 120 : 64}
          inputMode={numeric ? 'decimal' : 'text'}
          value={draft[key]}
          onChange={event => edit({ [key]: event.target.value })}
          className={numeric ? 'field numeral' : 'field'}
        />
      )}
    </Field>
  )
  return (
    <SidePanel open onClose={onClose} title="Discount">
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <p className="text-sm text-soft">
          On {count(products.length)} {plural(products.length, 'product')}, for every buyer.
        </p>
        <div className="grid grid-cols-2 gap-3">
          {text('percent', 'Percent off', undefined, true)}
          <Field label="Last day" help="Empty: until it is ended." error={faults.last}>
            {field => (
              <input
                {...field}
                type="date"
                min={today}
                value={draft.last}
                onChange={event => edit({ last: event.target.value })}
                className="field"
              />
            )}
          </Field>
        </div>
        <p role="status" className="text-sm text-soft empty:hidden">
          {draft.last &&
            draft.last >= today &&
            `It holds through ${dayText(draft.last)}, to the end of that day in ${store.timezone.replaceAll('_', ' ')}.`}
        </p>
        {text('code', 'Code', 'Left empty it applies by itself.')}
        {text('title', 'Name', 'What buyers see; the code when left empty.')}
        <WhyField value={draft.why} error={faults.why} onChange={why => edit({ why })} />
        {propose.error && (
          <p role="alert" className="text-sm text-bad">
            {propose.error.message}
          </p>
        )}
        <Button kind="primary" type="submit" busy={propose.isPending}>
          Propose the discount
        </Button>
        <p className="text-xs text-faint">Nothing is written to the shop before the proposal is approved.</p>
      </form>
    </SidePanel>
  )
}

interface Draft {
  percent: string
  code: string
  title: string
  /** A day of the store's calendar, and itself included. */
  last: string
  why: string
}

type Faults = Record<string, string | undefined>

/** Before anything is sent. What is allowed is the server's to judge. */
function own(draft: Draft, today: string): Faults {
  return {
    ...(!/^\d{1,2}([.]\d{1,2})?$/.test(draft.percent.trim()) && { percent: 'Enter a number, like 12.5.' }),
    ...(draft.last && draft.last < today && { last: 'That day is over.' }),
    ...(!draft.code.trim() && !draft.title.trim() && { title: 'Without a code it needs a name.' }),
    ...(!draft.why.trim() && { why: 'Say why.' }),
  }
}

/** The server names the place in the list of edits; here is one. */
function placed(faults: Faults): Faults {
  const sentence = (text: string | undefined) => text && `It ${text}.`
  return {
    percent: sentence(faults['edits[0].percent']),
    code: sentence(faults['edits[0].code']),
    title: sentence(faults['edits[0].title']),
    last: sentence(faults['edits[0].ends_at']),
    why: faults.reason,
  }
}
