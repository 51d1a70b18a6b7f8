/** Writes down what a buyer asked elsewhere: on the phone, in a chat. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Store, SupportTicket } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { useOpenTicket } from './queries'

interface NewTicketProps {
  store: Store
  onClose: () => void
  onOpened: (opened: SupportTicket) => void
}

export default function NewTicket({ store, onClose, onOpened }: NewTicketProps) {
  const open = useOpenTicket(onOpened)
  const [draft, setDraft] = useState({ from: '', subject: '', text: '', order: '' })
  const [tried, setTried] = useState(false)
  const faults = fieldErrors(open.error)
  const lacks = (key: 'subject' | 'text') => tried && !draft[key].trim()
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!draft.subject.trim() || !draft.text.trim()) return
    open.mutate({
      store_id: store.id,
      subject: draft.subject,
      text: draft.text,
      from: draft.from.trim() || null,
      order: draft.order.trim() || null,
    })
  }
  const change = (key: keyof typeof draft) => (event: { target: { value: string } }) =>
    setDraft(old => ({ ...old, [key]: event.target.value }))
  return (
    <SidePanel open onClose={onClose} title="New ticket">
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Field label="Subject" error={lacks('subject') ? 'Say what it is about.' : faults.subject}>
          {props => (
            <input
              {...props}
              maxLength={200}
              value={draft.subject}
              onChange={change('subject')}
              className="field"
            />
          )}
        </Field>
        <Field label="What was asked" error={lacks('text') ? 'Write down what was asked.' : faults.text}>
          {props => (
            <textarea
              {...props}
              rows={6}
              maxLength={10_000}
              value={draft.text}
              onChange={change('text')}
              className="field h-auto"
            />
          )}
        </Field>
        <Field label="Mail address" help="Without one nothing can be sent from here." error={faults.from}>
          {props => (
            <input
              {...props}
              type="email"
              autoComplete="off"
              value={draft.from}
              onChange={change('from')}
              className="field"
            />
          )}
        </Field>
        <Field label="Order" help="Its name, such as #1001." error={faults.order}>
          {props => (
            <input
              {...props}
              autoComplete="off"
              value={draft.order}
              onChange={change('order')}
              className="field"
            />
          )}
        </Field>
        {open.error && Object.keys(faults).length === 0 && (
          <p role="alert" className="text-sm text-bad">
            {open.error.message}
          </p>
        )}
        <Button kind="primary" type="submit" busy={open.isPending}>
          Open the ticket
        </Button>
      </form>
    </SidePanel>
  )
}
