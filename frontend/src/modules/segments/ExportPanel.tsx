/** Exports a segment: to a file that the browser keeps, or signed to a webhook. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { OutreachChannel, OutreachSegment } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Note } from '@/shared/ui/States'
import { useExport, webhooksQuery } from './queries'
import { segmentName } from './words'

interface ExportPanelProps {
  segment: OutreachSegment
  storeId: string
  onClose: () => void
}

export default function ExportPanel({ segment, storeId, onClose }: ExportPanelProps) {
  const [channel, setChannel] = useState<OutreachChannel>('email')
  const [to, setTo] = useState('')
  const [product, setProduct] = useState('')
  const [tried, setTried] = useState(false)
  const webhooks = useQuery(webhooksQuery())
  const made = useExport(storeId, onClose)
  const faults = fieldErrors(made.error)
  const goesByProduct = segment.id === 'bought'
  const lacks = goesByProduct && !product.trim()
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (lacks) return
    made.mutate({
      segment: segment.id,
      channel,
      ...(goesByProduct && { productId: product.trim() }),
      ...(to && { to }),
    })
  }
  return (
    <SidePanel open onClose={onClose} title={segmentName(segment.id)}>
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Note>
          Only who agreed is in it, as the shop tells it now. Whoever it names counts as told: for the same
          cause never again, and for others no more often than your limits let.
        </Note>
        {goesByProduct && (
          <Field
            label="Product"
            help="Its number: the last part of the address of its page."
            error={tried && lacks ? 'Enter a product’s number.' : faults.product_id}
          >
            {field => (
              <input
                {...field}
                inputMode="numeric"
                value={product}
                onChange={event => setProduct(event.target.value)}
                className="field numeral"
              />
            )}
          </Field>
        )}
        <Field label="Written to by">
          {field => (
            <select
              {...field}
              value={channel}
              onChange={event => setChannel(event.target.value as OutreachChannel)}
              className="field"
            >
              <option value="email">Mail</option>
              <option value="sms">SMS</option>
            </select>
          )}
        </Field>
        <Field
          label="Where to"
          help="Signed webhooks are set up under Settings, Notifications."
          error={faults.to}
        >
          {field => (
            <select {...field} value={to} onChange={event => setTo(event.target.value)} className="field">
              <option value="">A CSV file</option>
              {webhooks.data?.map(of => (
                <option key={of.id} value={of.id}>
                  {of.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {made.error && !faults.to && !faults.product_id && (
          <p role="alert" className="text-sm text-bad">
            {explain(made.error)}
          </p>
        )}
        <Button kind="primary" type="submit" busy={made.isPending}>
          {to ? 'Send it' : 'Export it'}
        </Button>
      </form>
    </SidePanel>
  )
}
