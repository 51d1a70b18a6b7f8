/** What needs stock and what stock is worth. A press shows only those. */
import type { ReactNode } from 'react'
import type { InventoryList, StockState, Urgency } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { Absent } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import { reasonOf } from './words'

interface Choice {
  urgency?: Urgency | undefined
  state?: StockState | undefined
}

interface SummaryTilesProps {
  list: InventoryList
  chosen: { urgency: string | undefined; state: string | undefined }
  onChoose: (choice: Choice) => void
}

export function SummaryTiles({ list, chosen, onChoose }: SummaryTilesProps) {
  const { summary, currency } = list
  const tile = (choice: Choice) => {
    const pressed = chosen.urgency === choice.urgency && chosen.state === choice.state
    const none = { urgency: undefined, state: undefined }
    return { pressed, onPress: () => onChoose(pressed ? none : { ...none, ...choice }) }
  }
  const worth = (name: 'stock_value' | 'overstock_value' | 'dead_value', what: string) => {
    const value = summary[name]
    const reason = reasonOf(summary.unavailable, name) ?? `The ${what} has no known cost.`
    return value == null ? <Absent reason={reason} /> : money(value, currency, 'whole')
  }
  return (
    <ul
      aria-label="How stock stands"
      className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 lg:grid-cols-6"
    >
      <Tile label="To reorder" note="At or below the reorder point" {...tile({ state: 'reorder' })}>
        {count(summary.reorder)}
      </Tile>
      <Tile
        label="Out of stock"
        note={`Of ${count(summary.variants)} variants`}
        {...tile({ urgency: 'out' })}
      >
        {count(summary.out)}
      </Tile>
      <Tile label="Under 3 days" note="Of cover left" {...tile({ urgency: 'critical' })}>
        {count(summary.critical)}
      </Tile>
      <Tile
        label="Under 7 days"
        note={`${count(summary.medium)} more under 14`}
        {...tile({ urgency: 'high' })}
      >
        {count(summary.high)}
      </Tile>
      <Tile
        label="Overstock"
        note={`${count(summary.overstock)} ${plural(summary.overstock, 'variant')}; ${count(summary.dead)} dead`}
        {...tile({ state: 'overstock' })}
      >
        {worth('overstock_value', 'overstock')}
      </Tile>
      <Tile
        label="Stock value"
        note={
          summary.without_cost > 0
            ? `${count(summary.without_cost)} without a known cost left out`
            : 'At what it cost'
        }
      >
        {worth('stock_value', 'stock')}
      </Tile>
    </ul>
  )
}

interface TileProps {
  label: string
  note: string
  pressed?: boolean
  onPress?: () => void
  children: ReactNode
}

/** The label is pressed: the value may hold a button of its own that says why there is none. */
function Tile({ label, note, pressed, onPress, children }: TileProps) {
  return (
    <li className={cx('sheet flex flex-col p-3.5', pressed && 'border-edge bg-sunk')}>
      {onPress ? (
        <button
          type="button"
          aria-pressed={pressed}
          onClick={onPress}
          className="min-h-6 self-start text-left text-sm text-soft underline decoration-dotted underline-offset-4 hover:text-ink aria-pressed:font-semibold aria-pressed:text-ink"
        >
          {label}
        </button>
      ) : (
        <span className="min-h-6 text-sm text-soft">{label}</span>
      )}
      <span className="mt-0.5 text-lg font-semibold wrap-anywhere">{children}</span>
      <span className="mt-auto pt-1.5 text-xs text-faint">{note}</span>
    </li>
  )
}
