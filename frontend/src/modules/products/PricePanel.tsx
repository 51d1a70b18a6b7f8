/** Proposes new prices: the rule, what it makes of each price, and why. Nothing is written from here. */
import { useQueries } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Store } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { WhyField } from '@/shared/changes/WhyField'
import { compare } from '@/shared/format/decimal'
import { change, money } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import type { Range } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { relativeChange } from '@/shared/ui/Change'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Failure, Loading } from '@/shared/ui/States'
import { type Ending, newPrice, type Rule } from './prices'
import { productQuery } from './queries'

export interface PricedVariant {
  id: string
  label: string
  price: string
}

interface PricePanelProps {
  store: Store
  range: Range
  /** Whose variants are priced, */
  products: string[]
  /** or only this one of them. */
  variant?: string | undefined
  onClose: () => void
}

export default function PricePanel({ store, range, products, variant, onClose }: PricePanelProps) {
  // Prices have no range: while a first sync widens "everything", what was typed must not be lost to another answer.
  const [asOpened] = useState(range)
  const answers = useQueries({ queries: products.map(id => productQuery(id, store.id, asOpened)) })
  const failed = answers.find(answer => answer.error && !answer.data)
  const known = answers.flatMap(({ data }) => (data ? [data] : []))
  const currency = known[0]?.currency ?? store.currency
  const variants = known.flatMap(({ product }) =>
    product.variants
      .filter(one => !variant || one.id === variant)
      .map(one => ({
        id: one.id,
        label: product.variants.length > 1 ? `${product.title}, ${one.title}` : product.title,
        price: one.price,
      })),
  )
  return (
    <SidePanel open onClose={onClose} title="Change prices">
      {failed ? (
        <Failure error={failed.error} onRetry={() => void failed.refetch()} />
      ) : known.length < products.length ? (
        <Loading label="Loading the prices" />
      ) : (
        <PriceForm store={store} currency={currency} variants={variants} />
      )}
    </SidePanel>
  )
}

const KINDS = [
  { value: 'percent', label: 'by %' },
  { value: 'amount', label: 'by an amount' },
  { value: 'set', label: 'to a price' },
] as const

const ENDINGS: { value: Ending; label: string }[] = [
  { value: 'none', label: 'As it comes' },
  { value: '99', label: '.99' },
  { value: '95', label: '.95' },
  { value: '00', label: '.00' },
]

interface PriceFormProps {
  store: Store
  currency: string
  variants: PricedVariant[]
}

function PriceForm({ store, currency, variants }: PriceFormProps) {
  const [kind, setKind] = useState<Rule['kind']>(variants.length === 1 ? 'set' : 'percent')
  const [value, setValue] = useState('')
  const [ending, setEnding] = useState<Ending>('none')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const propose = usePropose(store.id)
  const priced = variants.map(one => ({
    ...one,
    after: newPrice(one.price, { kind, value }, ending, currency),
  }))
  const moved = priced.filter(
    (one): one is typeof one & { after: string } => one.after !== null && compare(one.after, one.price) !== 0,
  )
  const impossible = value.trim() !== '' && priced.some(one => one.after === null)
  const fault = impossible
    ? 'This leads to no price, at least of one of them.'
    : tried && moved.length === 0
      ? 'No price changes.'
      : undefined
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (impossible || moved.length === 0 || !reason.trim()) return
    propose.mutate({
      title: moved.length === 1 ? `Price of ${moved[0]?.label}` : `Prices of ${moved.length} variants`,
      reason: reason.trim(),
      edits: moved.map(one => ({ kind: 'price' as const, variant_id: one.id, after: one.after })),
    })
  }
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Change">
          {field => (
            <select
              {...field}
              value={kind}
              onChange={event => setKind(event.target.value as Rule['kind'])}
              className="field"
            >
              {KINDS.map(option => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={kind === 'percent' ? 'Percent' : currency} error={fault}>
          {field => (
            <input
              {...field}
              inputMode="decimal"
              autoComplete="off"
              placeholder={kind === 'set' ? '29.90' : '-10'}
              value={value}
              onChange={event => setValue(event.target.value)}
              className="field numeral"
            />
          )}
        </Field>
      </div>
      <Field label="Ending">
        {field => (
          <select
            {...field}
            value={ending}
            onChange={event => setEnding(event.target.value as Ending)}
            className="field"
          >
            {ENDINGS.map(option => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <PreviewTable rows={priced} currency={currency} />
      <WhyField
        value={reason}
        error={tried && !reason.trim() ? 'Say why.' : fieldErrors(propose.error).reason}
        onChange={setReason}
      />
      {propose.error && (
        <p role="alert" className="text-sm text-bad">
          {propose.error.message}
        </p>
      )}
      <Button kind="primary" type="submit" busy={propose.isPending}>
        Propose {moved.length > 0 && `${moved.length} ${plural(moved.length, 'price')}`}
      </Button>
      <p className="text-xs text-faint">Nothing is written to the shop before the proposal is approved.</p>
    </form>
  )
}

interface PreviewTableProps {
  rows: (PricedVariant & { after: string | null })[]
  currency: string
}

function PreviewTable({ rows, currency }: PreviewTableProps) {
  return (
    <table aria-label="New prices" className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
        <tr>
          <th scope="col" className="px-2 py-1.5 text-left font-medium">
            Variant
          </th>
          <th scope="col" className="px-2 py-1.5 text-right font-medium">
            Before
          </th>
          <th scope="col" className="px-2 py-1.5 text-right font-medium">
            After
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => {
          const part = relativeChange(row.after, row.price)
          return (
            <tr key={row.id} className="border-b border-rule last:border-0">
              <th scope="row" className="px-2 py-1.5 text-left font-normal">
                {row.label}
              </th>
              <td className="numeral px-2 py-1.5 text-right text-soft">{money(row.price, currency)}</td>
              <td className="numeral px-2 py-1.5 text-right font-semibold">
                {money(row.after, currency)}
                {part !== null && (
                  <span className="block text-xs font-normal text-faint">{change(part)}</span>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
