/**
 * The passport of a figure as the server tells it: formula, inputs that lead on to their own passports, sources with their
 * times, coverage, exchange rates, and how others define it.
 */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { ApiError } from '@/shared/api/problem'
import type { FigurePassport } from '@/shared/api/types'
import { count, inMoney, number, share } from '@/shared/format/money'
import { spanText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Absent, Amount } from '@/shared/ui/Amount'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { knownShare, TOLD_AT } from './coverage'
import { Block, sentenceOf } from './PassportBlock'
import { Elsewhere, Imports, Rates, Reconciled, Sources } from './PassportSources'
import { type FigureScope, figureQuery } from './queries'

interface FigurePanelProps {
  name: string
  scope: FigureScope
  onClose: () => void
}

export default function FigurePanel({ name, scope, onClose }: FigurePanelProps) {
  // From the figure that was asked for to the one that is shown.
  const [way, setWay] = useState([name])
  const shown = way.at(-1) ?? name
  const { data, error, refetch, isPlaceholderData } = useQuery(figureQuery(shown, scope))
  const missing = error instanceof ApiError && error.status === 404
  return (
    <SidePanel open onClose={onClose} title={data && !isPlaceholderData ? data.title : 'Where it comes from'}>
      {way.length > 1 && (
        <button
          type="button"
          onClick={() => setWay(way.slice(0, -1))}
          className="-mt-1 mb-3 -ml-1.5 inline-flex min-h-9 items-center gap-1.5 rounded-md px-1.5 text-sm text-soft hover:text-ink"
        >
          <ArrowLeft aria-hidden="true" className="size-4" />
          Back
        </button>
      )}
      {!data && !error && <Loading label="Loading the passport" rows={8} />}
      {error && !data && !missing && <Failure error={error} onRetry={() => void refetch()} />}
      {missing && <Empty title="This figure has no passport">It is not one that the server explains.</Empty>}
      {data && <Passport passport={data} onOpen={next => setWay([...way, next])} />}
    </SidePanel>
  )
}

interface PassportProps {
  passport: FigurePassport
  onOpen: (name: string) => void
}

function Passport({ passport, onOpen }: PassportProps) {
  return (
    <div className="flex flex-col gap-5">
      <div>
        <p className="total-rule inline-block pb-1 text-2xl font-semibold">
          <FigureValue figure={passport} currency={passport.currency} />
        </p>
        <p className="mt-2 text-sm text-soft">
          {passport.store.name}, {spanText(passport.from, passport.to)}
        </p>
        {passport.value == null && passport.reason && (
          <div className="mt-3">
            <Note tone="warn">{sentenceOf(passport.reason)}</Note>
          </div>
        )}
      </div>
      <Block title="What it is">
        <p>{sentenceOf(passport.formula.words)}</p>
        <p className="mt-2 rounded-md bg-sunk px-3 py-2 font-mono text-xs wrap-anywhere">
          {passport.formula.symbols}
        </p>
        {passport.rounding && <p className="mt-1.5 text-xs text-faint">{sentenceOf(passport.rounding)}</p>}
      </Block>
      <Inputs passport={passport} onOpen={onOpen} />
      <NotInIt passport={passport} />
      <Covered passport={passport} />
      <Sources passport={passport} />
      <Reconciled passport={passport} />
      <Imports passport={passport} />
      <Rates passport={passport} />
      <Elsewhere passport={passport} />
    </div>
  )
}

interface Valued {
  unit: string
  value?: string | null | undefined
  reason?: string | null | undefined
}

function FigureValue({ figure, currency }: { figure: Valued; currency?: string | null | undefined }) {
  const { unit, value, reason } = figure
  if (value == null) return <Absent reason={reason ?? undefined} />
  if (unit === 'money') return <Amount value={value} currency={currency ?? 'USD'} />
  return <span className="numeral">{plain(unit, Number(value))}</span>
}

function plain(unit: string, value: number): string {
  if (unit === 'percent') return `${number(value * 100, 2)}\u202f%`
  if (unit === 'days') return `${number(value, 1)} days`
  return unit === 'count' ? count(value) : number(value, 4)
}

const SIGNS: Record<string, string> = { plus: '+', minus: '−', divided_by: '÷' }
const SPOKEN: Record<string, string> = { plus: 'plus', minus: 'minus', divided_by: 'divided by' }

function Inputs({ passport, onOpen }: PassportProps) {
  if (passport.inputs.length === 0) return null
  const currency = passport.currency ?? passport.stores[0]?.currency
  return (
    <Block title="Made of">
      <table className="w-full">
        <caption className="sr-only">What {passport.title} is made of</caption>
        <tbody>
          {passport.inputs.map(input => (
            <tr key={input.name} className="border-b border-rule">
              <td className="w-6 py-1.5 text-faint">
                <span aria-hidden="true">{SIGNS[input.role] ?? ''}</span>
                <span className="sr-only">{SPOKEN[input.role] ?? input.role}</span>
              </td>
              <th scope="row" className="py-1 text-left font-normal">
                <button
                  type="button"
                  onClick={() => onOpen(input.name)}
                  className="min-h-7 text-left underline decoration-dotted underline-offset-4"
                >
                  {input.title}
                </button>
              </th>
              <td className="py-1.5 text-right">
                <FigureValue figure={input} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-semibold">
            <td className="py-1.5">=</td>
            <th scope="row" className="py-1.5 text-left">
              {passport.title}
            </th>
            <td className="py-1.5 text-right">
              <FigureValue figure={passport} currency={currency} />
            </td>
          </tr>
        </tfoot>
      </table>
    </Block>
  )
}

function NotInIt({ passport }: { passport: FigurePassport }) {
  if (passport.excludes.length === 0 && passport.notes.length === 0) return null
  return (
    <Block title="Worth knowing">
      <ul className="flex list-disc flex-col gap-1.5 pl-4">
        {passport.excludes.map(name => (
          <li key={name}>
            Without{' '}
            <Link
              to={paths.costs}
              search={old => ({ ...keepRange(old), ...TOLD_AT[name] })}
              className="underline decoration-dotted underline-offset-4"
            >
              {words(name).toLowerCase()}
            </Link>
            , which is not told.
          </li>
        ))}
        {passport.notes.map(note => (
          <li key={note.code + note.message}>{sentenceOf(inMoney(note.message))}</li>
        ))}
      </ul>
    </Block>
  )
}

function Covered({ passport }: { passport: FigurePassport }) {
  if (passport.coverage.length === 0) return null
  return (
    <Block title="Coverage of net sales">
      <table className="w-full">
        <thead className="text-xs text-faint">
          <tr>
            <th scope="col" className="py-1 text-left font-medium">
              <span className="sr-only">Part</span>
            </th>
            {['Actual', 'Estimated', 'Missing'].map(head => (
              <th key={head} scope="col" className="py-1 text-right font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {passport.coverage.map(part => (
            <tr key={part.of} className="border-t border-rule">
              <th scope="row" className="py-1.5 text-left font-normal">
                {words(part.of)}
              </th>
              <td className="py-1.5 text-right">{share(part.share.actual)}</td>
              <td className="py-1.5 text-right">{share(part.share.estimated)}</td>
              <td className="py-1.5 text-right">{share(part.share.missing)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {passport.coverage.every(part => knownShare(part.share) === null) && (
        <p className="mt-1 text-xs text-faint">No sales in this period, so there is nothing to cover.</p>
      )}
    </Block>
  )
}
