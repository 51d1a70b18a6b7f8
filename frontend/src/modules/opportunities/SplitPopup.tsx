/** Says that an offer is another thing than the others that it stands with, and why. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Opportunity, SupplierLead } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { useSetMatches } from './queries'
import { Refused } from './Refused'

interface SplitPopupProps {
  of: Opportunity
  lead: SupplierLead
  onClose: () => void
}

/** The server takes so many at once; more offers of one thing are nobody's to sort by hand. */
const MOST = 100

export default function SplitPopup({ of, lead, onClose }: SplitPopupProps) {
  const [reason, setReason] = useState('')
  const split = useSetMatches(onClose)
  const others = of.supplier_leads
    .map(one => one.supplier_product_id)
    .filter(id => id !== lead.supplier_product_id)
  const send = (event: FormEvent) => {
    event.preventDefault()
    split.mutate({
      product_id: lead.supplier_product_id,
      other_ids: others.slice(0, MOST),
      verdict: 'different',
      reason: reason.trim() || null,
      store_id: of.store_id,
    })
  }
  return (
    <Popup
      title="It is another thing"
      about={`The offer of ${lead.supplier ?? 'a supplier without a name'} is scored by itself from now on. All opportunities are scored again.`}
      onClose={onClose}
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Field label="Why" help="It may be left out." error={fieldErrors(split.error).reason}>
          {field => (
            <input
              {...field}
              maxLength={500}
              autoComplete="off"
              value={reason}
              onChange={event => setReason(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <Refused error={split.error} placed={['reason']} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" kind="primary" busy={split.isPending}>
            Take it apart
          </Button>
        </div>
      </form>
    </Popup>
  )
}
