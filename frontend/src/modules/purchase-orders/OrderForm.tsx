/** Writes an order: whom it goes to, what it holds, when its goods come and its money goes, and what it does to the cash line. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { PurchaseOrder, Store } from '@/shared/api/types'
import { sign } from '@/shared/format/decimal'
import { count, money } from '@/shared/format/money'
import { todayIn } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { suppliersQuery } from '@/shared/inventory/suppliers'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { Note } from '@/shared/ui/States'
import { showFault } from '@/shared/ui/show-fault'
import { AddLines } from './AddLines'
import { CashLine } from './CashLine'
import { type Draft, elsewhereOf, expectedOn, type Faults, orderOf, totalOf } from './draft'
import { LineFields } from './LineFields'
import { outlookQuery, useWriteOrder } from './queries'

interface OrderFormProps {
  /** Null: a new one. */
  found: PurchaseOrder | null
  begin: Draft
  store: Store
  onWritten: (order: PurchaseOrder) => void
  onClose?: (() => void) | undefined
}

export function OrderForm({ found, begin, store, onWritten, onClose }: OrderFormProps) {
  const [draft, setDraft] = useState(begin)
  const [own, setOwn] = useState<Faults>({})
  const { data: suppliers = [] } = useQuery(suppliersQuery)
  const write = useWriteOrder(found, onWritten)
  const supplier = suppliers.find(one => one.id === draft.supplier)
  const currency = supplier?.currency ?? found?.currency ?? store.currency
  const faults: Record<string, string | undefined> = { ...fieldErrors(write.error), ...own }
  const placed = Object.values(faults).some(Boolean)
  const edit = (next: Partial<Draft>) => setDraft(old => ({ ...old, ...next }))
  const choose = (id: string) => {
    const chosen = suppliers.find(one => one.id === id)
    edit({ supplier: id, expected: draft.expected || expectedOn(chosen, todayIn(store.timezone)) })
  }
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    write.reset()
    const read = orderOf(draft, store.id, currency)
    setOwn('faults' in read ? read.faults : {})
    if ('faults' in read) return showFault(form)
    write.mutate(read.order, { onError: () => showFault(form) })
  }
  const total = totalOf(draft.lines, currency)
  const uncosted = draft.lines.filter(line => elsewhereOf(line, currency).length > 0).length
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-5">
      <Section title="Whom and when">
        <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
          <Field
            label="Supplier"
            help={suppliers.length === 0 ? 'Add one under Suppliers first.' : undefined}
            error={faults.supplier_id}
          >
            {props => (
              <select
                {...props}
                value={draft.supplier}
                onChange={event => choose(event.target.value)}
                className="field"
              >
                <option value="">Choose one</option>
                {suppliers
                  .filter(one => !one.archived || one.id === draft.supplier)
                  .map(one => (
                    <option key={one.id} value={one.id}>
                      {one.name} ({one.currency})
                    </option>
                  ))}
              </select>
            )}
          </Field>
          <Field label="Goods expected on" error={faults.expected_on}>
            {props => (
              <input
                {...props}
                type="date"
                value={draft.expected}
                onChange={event => edit({ expected: event.target.value })}
                className="field"
              />
            )}
          </Field>
          <Field label="Paid on" help="Empty: when the goods come." error={faults.pay_on}>
            {props => (
              <input
                {...props}
                type="date"
                value={draft.pay}
                onChange={event => edit({ pay: event.target.value })}
                className="field"
              />
            )}
          </Field>
          <Field label="Note (optional)" help="Stands on the order." error={faults.note}>
            {props => (
              <input
                {...props}
                maxLength={1000}
                autoComplete="off"
                value={draft.note}
                onChange={event => edit({ note: event.target.value })}
                className="field"
              />
            )}
          </Field>
        </div>
      </Section>
      <Section
        title="What"
        note={`${count(draft.lines.length)} ${plural(draft.lines.length, 'line')}, costs in ${currency}`}
        flush
      >
        {supplier && supplier.currency !== store.currency && (
          <div className="px-4 pb-3 sm:px-5">
            <Note tone="warn">
              This supplier is paid in {supplier.currency}; costs are known in {store.currency}. Enter what
              each costs there: nothing is converted. Such an order needs an admin’s approval.
            </Note>
          </div>
        )}
        <LineFields
          lines={draft.lines}
          storeId={store.id}
          currency={currency}
          faults={faults}
          onChange={lines => edit({ lines })}
        />
        <AddLines
          store={store}
          lines={draft.lines}
          error={faults.lines}
          onAdd={more => setDraft(old => ({ ...old, lines: [...old.lines, ...more] }))}
        />
      </Section>
      <CashAhead store={store} draft={draft} total={total} currency={currency} />
      <section aria-label="Save" className="sheet flex flex-wrap items-center gap-x-3 gap-y-2 p-4 sm:p-5">
        <p className="mr-auto">
          <span className="text-sm text-soft">Total </span>
          <strong className="numeral text-lg">{money(total, currency)}</strong>
          {uncosted > 0 && (
            <span className="block text-xs text-warn">
              Without {count(uncosted)} {plural(uncosted, 'line')} whose cost in {currency} is not entered.
            </span>
          )}
        </p>
        {onClose && (
          <Button kind="quiet" onClick={onClose}>
            Leave it as it was
          </Button>
        )}
        <Button type="submit" kind="primary" busy={write.isPending}>
          {found ? 'Save the draft' : 'Write the draft'}
        </Button>
        {(placed || write.error) && (
          <p role="alert" className="basis-full text-sm text-bad">
            {placed ? 'Nothing was stored: look at what is marked above.' : write.error?.message}
          </p>
        )}
        <p className="basis-full text-xs text-faint">
          A draft orders nothing: it is approved, and then sent.
        </p>
      </section>
    </form>
  )
}

interface CashAheadProps {
  store: Store
  draft: Draft
  total: string
  currency: string
}

function CashAhead({ store, draft, total, currency }: CashAheadProps) {
  const { data } = useQuery(outlookQuery(store.id))
  const day = draft.pay || draft.expected
  if (!data || sign(total) === 0) return null
  const sameCurrency = data.currency === currency
  return (
    <Section title="Cash ahead">
      {!day && (
        <p className="mb-3 text-sm text-soft">
          Without a day on which it is paid or arrives, this order stands nowhere on the line.
        </p>
      )}
      {!sameCurrency && (
        <p className="mb-3 text-sm text-soft">
          The line is in {data.currency}: an order in {currency} is not added to it here.
        </p>
      )}
      <CashLine outlook={data} extra={day && sameCurrency ? { day, amount: total } : undefined} />
    </Section>
  )
}
