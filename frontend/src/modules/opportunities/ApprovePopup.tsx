/** Launches an opportunity as a draft: proposes a change-set with a product that nobody can buy yet. */
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Opportunity } from '@/shared/api/types'
import { digitsOf, units } from '@/shared/format/units'
import { asSentence } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRangeOf } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { useDecide } from './queries'
import { Refused } from './Refused'

export default function ApprovePopup({ of, onClose }: { of: Opportunity; onClose: () => void }) {
  const navigate = useNavigate()
  const [draft, setDraft] = useState({ price: of.price.value ?? '', title: of.title, reason: '' })
  const [tried, setTried] = useState(false)
  const decide = useDecide(of, decided => {
    const set = decided.decision?.change_set_id
    if (!set) return onClose()
    void navigate({ to: paths.changeSet, params: { id: set }, search: keepRangeOf(of.store_id) })
  })
  const told = fieldErrors(decide.error)
  const price = units(draft.price, digitsOf(of.currency))
  const own = {
    price: price === null || price <= 0n ? `An amount in ${of.currency}.` : undefined,
    title: draft.title.trim() ? undefined : 'It needs a title.',
  }
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (own.price || own.title) return
    decide.mutate({
      kind: 'approve',
      price: draft.price.trim().replace(',', '.'),
      title: draft.title.trim() === of.title ? null : draft.title.trim(),
      reason: draft.reason.trim() || null,
    })
  }
  const text = (key: keyof typeof draft, label: string, max: number, help?: string, numeric = false) => (
    <Field
      label={label}
      help={help}
      error={(tried && (key === 'reason' ? undefined : own[key])) || told[key]}
    >
      {field => (
        <input
          {...field}
          maxLength={max}
          autoComplete="off"
          inputMode={numeric ? 'decimal' : 'text'}
          value={draft[key]}
          onChange={event => setDraft({ ...draft, [key]: event.target.value })}
          className={numeric ? 'field numeral max-w-40' : 'field'}
        />
      )}
    </Field>
  )
  const source = of.price.source ? `Suggested by ${of.price.source}.` : asSentence(of.price.reason ?? '')
  return (
    <Popup
      title={`Launch “${of.title}” as draft`}
      about="This proposes a product that nobody can buy yet. Nothing is written to the shop before the change-set is approved, and it can be taken back."
      onClose={onClose}
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        {text('price', `Price (${of.currency})`, 16, source, true)}
        {text('title', 'Title', 255)}
        {text('reason', 'Why (optional)', 500, 'Kept with the decision.')}
        <Refused error={decide.error} placed={['price', 'title', 'reason']} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" kind="primary" busy={decide.isPending}>
            Propose the draft
          </Button>
        </div>
      </form>
    </Popup>
  )
}
