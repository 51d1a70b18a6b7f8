import { Fragment } from 'react'
import { sentence } from '@/shared/api/problem'
import { useStores } from '@/shared/api/queries'
import type { ChangeOperation, ChangeSet } from '@/shared/api/types'
import { change } from '@/shared/format/money'
import { byClockOf, momentText, untilText } from '@/shared/format/time'
import { Badge } from '@/shared/ui/Badge'
import { cx } from '@/shared/ui/cx'
import { kindOf } from './kinds'
import { STATES, valueClass, valueText } from './words'

const CELL = 'px-1.5 py-2.5 align-top first:pl-4 last:pr-4 sm:px-2.5 sm:first:pl-5 sm:last:pr-5'
const HEAD = `${CELL} font-medium`

interface OperationTableProps {
  set: ChangeSet
  leftOut: number[]
  /** Where one may still choose. */
  onToggle: ((no: number) => void) | undefined
}

export function OperationTable({ set, leftOut, onToggle }: OperationTableProps) {
  const { data: stores } = useStores()
  const timezone = stores?.find(store => store.id === set.store_id)?.timezone
  return (
    <table aria-label="Changes" className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
        <tr>
          <th scope="col" className={`${HEAD} text-left`}>
            What
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Before
          </th>
          <th scope="col" className={`${HEAD} text-right max-sm:pr-4`}>
            After
          </th>
          <th scope="col" className={`${HEAD} hidden text-right sm:table-cell`}>
            Change
          </th>
          {!onToggle && (
            <th scope="col" className={`${HEAD} hidden text-left sm:table-cell`}>
              State
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {set.operations.map(one => (
          <Row
            key={one.no}
            one={one}
            timezone={timezone}
            out={leftOut.includes(one.no)}
            onToggle={onToggle}
          />
        ))}
      </tbody>
    </table>
  )
}

interface RowProps {
  one: ChangeOperation
  timezone: string | undefined
  out: boolean
  onToggle: OperationTableProps['onToggle']
}

function Row({ one, timezone, out, onToggle }: RowProps) {
  const left = out || one.state === 'rejected'
  const { icon: Icon, label } = kindOf(one.kind)
  return (
    <tr className={cx('border-b border-rule last:border-0', left && 'text-faint')}>
      <th scope="row" className={`${CELL} text-left font-medium`}>
        <span className="flex items-start gap-2.5">
          {onToggle && (
            <input
              type="checkbox"
              aria-label={`Apply the change of ${one.label}`}
              checked={!out}
              onChange={() => onToggle(one.no)}
              className="mt-0.5 size-6 shrink-0 accent-(--action)"
            />
          )}
          <span className="min-w-0">
            {one.label}
            <span className="mt-0.5 flex items-center gap-1.5 text-xs font-normal text-faint">
              <Icon aria-hidden="true" className="size-3.5 shrink-0" />
              {label}
            </span>
            <Details rows={one.details} timezone={timezone} />
            {!onToggle && (
              <span className="block sm:hidden">
                <Badge tone={STATES[one.state].tone}>{STATES[one.state].label}</Badge>
              </span>
            )}
            {one.error && <span className="block text-xs font-normal text-bad">{sentence(one.error)}.</span>}
          </span>
        </span>
      </th>
      <td className={`${CELL} ${valueClass(one.before)} text-right text-soft`}>{valueText(one.before)}</td>
      <td
        className={cx(
          CELL,
          valueClass(one.after),
          'text-right font-semibold max-sm:pr-4',
          left && 'font-normal line-through',
        )}
      >
        {valueText(one.after)}
        {one.relative != null && (
          <span className="block text-xs font-normal text-faint sm:hidden">{change(one.relative)}</span>
        )}
      </td>
      <td className={`${CELL} numeral hidden text-right sm:table-cell`}>
        {one.relative == null ? '—' : change(one.relative)}
      </td>
      {!onToggle && (
        <td className={`${CELL} hidden sm:table-cell`}>
          <Badge tone={STATES[one.state].tone}>{STATES[one.state].label}</Badge>
        </td>
      )}
    </tr>
  )
}

/** What else it says, beside its states before and after: whoever approves has to have seen it. */
function Details({ rows, timezone }: { rows: ChangeOperation['details']; timezone: string | undefined }) {
  if (rows.length === 0) return null
  return (
    <dl className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs font-normal">
      {rows.map((row, place) => (
        // Several may have the same label, and none ever moves.
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is part of what was proposed
        <Fragment key={place}>
          <dt className="text-faint">{row.label}</dt>
          <dd className="text-soft wrap-anywhere">
            {timezone
              ? byClockOf(timezone, row.value, row.label === 'Until' ? untilText : momentText)
              : row.value}
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}
