/** An answer to write, a note to keep, and which order it is about. The draft is only put there when somebody wants it. */
import { useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { SupportDraft, SupportTicket } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { useAct, useDraft } from './queries'

export function Answer({ of }: { of: SupportTicket }) {
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const [order, setOrder] = useState('')
  const act = useAct(of, () => setText(''))
  const link = useAct(of, () => setOrder(''))
  const draft = useDraft(of, drafted => setText(drafted.text))
  const send = (kind: 'reply' | 'note') => {
    setTried(true)
    if (text.trim()) act.mutate({ act: kind, text })
  }
  const faults = fieldErrors(act.error)
  const linkFaults = fieldErrors(link.error)
  return (
    <Section
      title="Answer"
      note={of.cannot_send ? `Nothing can be sent from here: ${of.cannot_send}` : undefined}
    >
      <div className="flex flex-col gap-4">
        <Field label="Text" error={tried && !text.trim() ? 'Write something.' : faults.text}>
          {props => (
            <textarea
              {...props}
              rows={8}
              maxLength={10_000}
              value={text}
              onChange={event => setText(event.target.value)}
              className="field h-auto"
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button
            kind="primary"
            disabled={of.cannot_send != null}
            busy={act.isPending}
            onClick={() => send('reply')}
          >
            Send it to {of.ticket.from ?? 'the buyer'}
          </Button>
          <Button busy={act.isPending} onClick={() => send('note')}>
            Keep it as a note
          </Button>
          <Button
            kind="quiet"
            onClick={() => {
              draft.reset()
              setText(of.draft)
            }}
          >
            Take the draft
          </Button>
          {of.drafts_by && (
            <Button kind="quiet" busy={draft.isPending} onClick={() => draft.mutate()}>
              Have a model draft it
            </Button>
          )}
        </div>
        {of.drafts_by && <Origin of={draft.data} asks={of.drafts_by} />}
        {draft.error && (
          <p role="alert" className="text-sm text-bad">
            {draft.error.message}
          </p>
        )}
        {act.error && !faults.text && (
          <p role="alert" className="text-sm text-bad">
            {act.error.message}
          </p>
        )}
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={event => {
            event.preventDefault()
            link.mutate({ act: 'order', order: order.trim() || null })
          }}
        >
          <Field
            label="It is about order"
            error={linkFaults.order ?? (link.error ? link.error.message : undefined)}
          >
            {props => (
              <input
                {...props}
                autoComplete="off"
                placeholder="#1001"
                value={order}
                onChange={event => setOrder(event.target.value)}
                className="field max-w-40"
              />
            )}
          </Field>
          <Button type="submit" busy={link.isPending} disabled={!order.trim() && of.ticket.order_id == null}>
            {order.trim() || of.ticket.order_id == null ? 'Link it' : 'Unlink the order'}
          </Button>
        </form>
      </div>
    </Section>
  )
}

/** Who wrote what stands in the box; before somebody asks, what would be told. */
function Origin({ of, asks }: { of: SupportDraft | undefined; asks: string }) {
  return (
    <p role="status" className="text-xs wrap-anywhere text-faint">
      {!of &&
        `${asks} would be told what is recorded and the buyer’s newest words, without names, addresses and numbers.`}
      {of?.model &&
        `Drafted by ${of.model} and checked against what is recorded. Read it before you send it.`}
      {of && !of.model && `This is the template’s: ${of.why_not ?? 'no model wrote one'}.`}
    </p>
  )
}
