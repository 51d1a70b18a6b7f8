/** Writes down what came: line by line, with what was wrong with it. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { NewReceipt, PurchaseLine, PurchaseOrder, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { todayIn } from '@/shared/format/time'
import { units } from '@/shared/format/units'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { showFault } from '@/shared/ui/show-fault'
import { useStep } from './queries'

interface ReceivePanelProps {
  order: PurchaseOrder
  store: Store
  onClose: () => void
}

interface Came {
  quantity: string
  damaged: string
  charged: string
  note: string
}

/** Costs of small goods have more digits than money. */
const COST_DIGITS = 4

const toCome = (line: PurchaseLine) => Math.max(0, line.quantity - line.received)

export default function ReceivePanel({ order, store, onClose }: ReceivePanelProps) {
  const [came, setCame] = useState<Came[]>(() =>
    order.lines.map(line => ({ quantity: String(toCome(line)), damaged: '', charged: '', note: '' })),
  )
  const [on, setOn] = useState(() => todayIn(store.timezone))
  const [note, setNote] = useState('')
  const [own, setOwn] = useState<Record<string, string>>({})
  const step = useStep(order, onClose)
  const faults: Record<string, string | undefined> = { ...fieldErrors(step.error), ...own }
  const edit = (index: number, next: Partial<Came>) =>
    setCame(old => old.map((one, at) => (at === index ? { ...one, ...next } : one)))
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    step.reset()
    const read = readLines(order, came)
    setOwn('faults' in read ? read.faults : {})
    if ('faults' in read) return showFault(form)
    const receipt = { received_on: on || null, lines: read.lines, note: note.trim() || null }
    step.mutate({ kind: 'receive', receipt }, { onError: () => showFault(form) })
  }
  return (
    <SidePanel open onClose={onClose} title={`What came of ${order.number}`}>
      <form onSubmit={send} noValidate className="flex flex-col gap-5">
        <Field label="Received on" error={faults.received_on}>
          {props => (
            <input
              {...props}
              type="date"
              value={on}
              onChange={event => setOn(event.target.value)}
              className="field"
            />
          )}
        </Field>
        {order.lines.map((line, index) => (
          <fieldset key={line.line} className="flex flex-col gap-2 border-t border-rule pt-4">
            <legend className="sr-only">{line.title}</legend>
            <p aria-hidden="true" className="text-sm font-semibold wrap-anywhere">
              {line.title}
            </p>
            <p className="text-xs text-faint">
              {count(line.quantity)} ordered, {count(line.received)} received before
            </p>
            <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
              <Field label="Came now" error={faults[`lines[${index}].quantity`]}>
                {props => (
                  <input
                    {...props}
                    inputMode="numeric"
                    autoComplete="off"
                    value={came[index]?.quantity ?? ''}
                    onChange={event => edit(index, { quantity: event.target.value })}
                    className="field numeral"
                  />
                )}
              </Field>
              <Field label="Damaged (optional)" error={faults[`lines[${index}].damaged`]}>
                {props => (
                  <input
                    {...props}
                    inputMode="numeric"
                    autoComplete="off"
                    value={came[index]?.damaged ?? ''}
                    onChange={event => edit(index, { damaged: event.target.value })}
                    className="field numeral"
                  />
                )}
              </Field>
              <Field
                label="Charged each (optional)"
                help={`${line.unit_cost} ${order.currency} agreed`}
                error={faults[`lines[${index}].charged_unit_cost`]}
              >
                {props => (
                  <input
                    {...props}
                    inputMode="decimal"
                    autoComplete="off"
                    value={came[index]?.charged ?? ''}
                    onChange={event => edit(index, { charged: event.target.value })}
                    className="field numeral"
                  />
                )}
              </Field>
            </div>
            <div>
              <Field label="What was wrong (optional)">
                {props => (
                  <input
                    {...props}
                    maxLength={500}
                    autoComplete="off"
                    value={came[index]?.note ?? ''}
                    onChange={event => edit(index, { note: event.target.value })}
                    className="field"
                  />
                )}
              </Field>
            </div>
          </fieldset>
        ))}
        <Field label="Note (optional)" error={faults.note}>
          {props => (
            <input
              {...props}
              maxLength={1000}
              autoComplete="off"
              value={note}
              onChange={event => setNote(event.target.value)}
              className="field"
            />
          )}
        </Field>
        {(faults.lines || step.error) && (
          <p role="alert" className="text-sm text-bad">
            {faults.lines ?? step.error?.message}
          </p>
        )}
        <Button type="submit" kind="primary" busy={step.isPending}>
          Write it down
        </Button>
        <p className="text-xs text-faint">
          These are not on order any more. Stock is counted by the shop: until its count has grown by them
          they are kept as coming, for two weeks at most.
        </p>
      </form>
    </SidePanel>
  )
}

type Lines = NewReceipt['lines']

/** Lines of which nothing came are left out; less and somewhat more than ordered are differences, and no faults. */
function readLines(
  order: PurchaseOrder,
  came: Came[],
): { lines: Lines } | { faults: Record<string, string> } {
  const faults: Record<string, string> = {}
  const lines = order.lines.flatMap((line, index): Lines => {
    const { quantity: text = '', damaged = '', charged = '', note = '' } = came[index] ?? {}
    const quantity = text.trim() === '' ? 0n : units(text, 0)
    if (quantity === null || quantity < 0n) {
      faults[`lines[${index}].quantity`] = 'A whole number.'
      return []
    }
    if (Number(quantity) + line.received > 2 * line.quantity)
      faults[`lines[${index}].quantity`] =
        'At most twice what was ordered: what was not ordered is an order of its own.'
    const broken = damaged.trim() === '' ? undefined : units(damaged, 0)
    if (broken === null || (broken !== undefined && (broken < 0n || broken > quantity)))
      faults[`lines[${index}].damaged`] = 'A whole number, at most what came.'
    const cost = charged.trim() === '' ? undefined : units(charged, COST_DIGITS)
    if (cost === null || (cost !== undefined && cost < 0n))
      faults[`lines[${index}].charged_unit_cost`] = `What one was charged at, in ${order.currency}.`
    if (quantity === 0n) return []
    return [
      {
        line: line.line,
        quantity: Number(quantity),
        damaged: broken == null ? null : Number(broken),
        charged_unit_cost: cost == null ? null : charged.trim().replace(',', '.'),
        note: note.trim() || null,
      },
    ]
  })
  if (Object.keys(faults).length === 0 && lines.length === 0) faults.lines = 'Say what came.'
  return Object.keys(faults).length > 0 ? { faults } : { lines }
}
