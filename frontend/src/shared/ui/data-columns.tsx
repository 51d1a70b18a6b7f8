/** Columns of a data table: what stands in them, and how their rows are put in order. */
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { compare } from '@/shared/format/decimal'
import { cx } from './cx'

export interface Column<T> {
  id: string
  header: string
  cell: (row: T) => ReactNode
  align?: 'left' | 'right'
  /** Left out on narrower screens. */
  from?: 'xs' | 'sm' | 'md' | 'lg'
  sortable?: boolean
  /** What rows are sorted by when that happens here: a text, or an exact decimal. */
  value?: (row: T) => string | null | undefined
  decimal?: boolean
  className?: string
}

export const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: {},
})

export function definitionsOf<T extends object>(columns: Column<T>[]) {
  const helper = createColumnHelper<typeof features, T>()
  return columns.map(column =>
    helper.accessor((row): unknown => column.value?.(row) ?? undefined, {
      id: column.id,
      header: column.header,
      enableSorting: column.sortable === true,
      // What is not known stands last, whichever way it is sorted.
      sortUndefined: 'last',
      sortFn: (left, right, id) => {
        const a = String(left.getValue(id))
        const b = String(right.getValue(id))
        return column.decimal ? compare(a, b) : a.localeCompare(b)
      },
    }),
  )
}

interface SortableHeaderProps<T> {
  column: Column<T>
  sort: string | undefined
  onSort: ((sort: string) => void) | undefined
}

export function SortableHeader<T>({ column, sort, onSort }: SortableHeaderProps<T>) {
  if (!column.sortable || !onSort) return <span className="inline-block py-1.5">{column.header}</span>
  const up = sort === column.id
  const down = sort === `-${column.id}`
  const Icon = up ? ArrowUp : down ? ArrowDown : ChevronsUpDown
  const next =
    column.align === 'right' ? (down ? column.id : `-${column.id}`) : up ? `-${column.id}` : column.id
  return (
    <button
      type="button"
      onClick={() => onSort(next)}
      className={cx(
        'inline-flex min-h-8 items-center gap-1 rounded-sm whitespace-nowrap hover:text-ink',
        (up || down) && 'font-semibold text-ink',
        column.align === 'right' && 'flex-row-reverse',
      )}
    >
      {column.header}
      <Icon aria-hidden="true" className="size-3 shrink-0" />
    </button>
  )
}
