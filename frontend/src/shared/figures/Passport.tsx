/** Where a figure comes from: formula, inputs with their values, what is missing, how fresh it is. */
import type { Coverage, Row } from '@/shared/api/types'
import { add, compare, subtract } from '@/shared/format/decimal'
import { money, share } from '@/shared/format/money'
import { ageText, momentText, spanText } from '@/shared/format/time'
import { Amount } from '@/shared/ui/Amount'
import { SidePanel } from '@/shared/ui/SidePanel'
import { knownShare, leftOut } from './coverage'
import { type AmountField, type Figure, figureOf, labelOf } from './glossary'
import { differenceLabel } from './ladder'

export interface PassportSource {
  row: Row
  coverage: Coverage
  unavailable: Record<string, string>
  excludes: Record<string, string[]>
  currency: string
  timezone: string
  from: string
  to: string
  asOf: string | null | undefined
  store: string
}

interface PassportProps {
  field: AmountField
  source: PassportSource
  onClose: () => void
}

export default function Passport({ field, source, onClose }: PassportProps) {
  return (
    <SidePanel open onClose={onClose} title={figureOf(field).label}>
      <PassportBody field={field} source={source} />
    </SidePanel>
  )
}

function PassportBody({ field, source }: { field: AmountField; source: PassportSource }) {
  const figure = figureOf(field)
  const value = source.row[field]
  const missing = leftOut(field, source.excludes, source.unavailable)
  const reason = source.unavailable[field]
  return (
    <div className="flex flex-col gap-5">
      <div>
        <p className="total-rule inline-block pb-1 text-2xl font-semibold">
          <Amount value={value} currency={source.currency} reason={reason} />
        </p>
        <p className="mt-2 text-sm text-soft">
          {source.store}, {spanText(source.from, source.to)}
        </p>
        {value == null && reason && <p className="mt-2 text-sm">{reason}</p>}
      </div>
      <Block title="What it is">
        <p>{figure.meaning}</p>
      </Block>
      <Block title="Formula">
        <p className="rounded-md bg-sunk px-3 py-2 font-mono text-xs">{figure.formula}</p>
      </Block>
      {figure.inputs.length > 0 && (
        <Block title="Made of">
          <table className="w-full">
            <tbody>
              {madeOf(figure, source.row).map(input => (
                <tr key={input.label} className="border-b border-rule last:border-0">
                  <td className="w-6 py-1.5 text-faint">{input.sign}</td>
                  <th scope="row" className="py-1.5 text-left font-normal">
                    {input.label}
                  </th>
                  <td className="py-1.5 text-right">
                    <Amount
                      value={input.value}
                      currency={source.currency}
                      reason={input.field && source.unavailable[input.field]}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr className="font-semibold">
                <td className="py-1.5">=</td>
                <th scope="row" className="py-1.5 text-left">
                  {figure.label}
                </th>
                <td className="py-1.5 text-right">{money(value, source.currency)}</td>
              </tr>
            </tfoot>
          </table>
        </Block>
      )}
      {missing.length > 0 && (
        <Block title="Not included">
          <ul className="flex flex-col gap-1.5">
            {missing.map(entry => (
              <li key={entry.field}>
                <strong className="font-semibold">{entry.label}</strong>: {entry.reason}
              </li>
            ))}
          </ul>
        </Block>
      )}
      <Block title="Coverage of net sales">
        <CoverageTable coverage={source.coverage} />
      </Block>
      <Block title="Source">
        <p>
          The ledger of {source.store}: sums of dated entries per order, days in {source.timezone}.
        </p>
        {source.asOf && (
          <p className="text-soft">
            As of {momentText(source.asOf)} ({ageText(source.asOf)})
          </p>
        )}
      </Block>
    </div>
  )
}

interface Input {
  sign: '+' | '−'
  label: string
  value: string | null | undefined
  field?: AmountField
}

/** The inputs of a figure, and what they leave between them and it. */
function madeOf(figure: Figure, row: Row): Input[] {
  const inputs: Input[] = figure.inputs.map(({ field, sign }) => ({
    field,
    sign,
    label: labelOf(field),
    value: row[field],
  }))
  const value = row[figure.field]
  if (value == null) return inputs
  const sum = inputs.reduce(
    (total, input) => (input.sign === '+' ? add : subtract)(total, input.value ?? '0'),
    '0',
  )
  const rest = subtract(value, sum)
  if (compare(rest, '0') !== 0) inputs.push({ sign: '+', label: differenceLabel(figure.field), value: rest })
  return inputs
}

function Block({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="text-sm">
      <h3 className="label-caps mb-1.5">{title}</h3>
      {children}
    </section>
  )
}

const PARTS = [
  ['cost', 'Product cost'],
  ['fees', 'Payment fees'],
  ['shipping', 'Shipping cost'],
  ['ad_spend', 'Ad spend'],
] as const

export function CoverageTable({ coverage }: { coverage: Coverage }) {
  return (
    <table className="w-full text-sm">
      <thead className="text-xs text-faint">
        <tr>
          <th scope="col" className="py-1 text-left font-medium">
            <span className="sr-only">Part</span>
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            Known
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            Missing
          </th>
        </tr>
      </thead>
      <tbody>
        {PARTS.map(([key, label]) => (
          <tr key={key} className="border-t border-rule">
            <th scope="row" className="py-1.5 text-left font-normal">
              {label}
            </th>
            <td className="py-1.5 text-right">{share(knownShare(coverage[key]))}</td>
            <td className="py-1.5 text-right">{share(coverage[key]?.missing)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
