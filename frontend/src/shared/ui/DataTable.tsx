/** A long list as a real table: only the rows in sight are drawn, headers sort, more is fetched near the end. */
import { type SortingState, useTable } from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { cx } from './cx'
import { type Column, definitionsOf, features, SortableHeader } from './data-columns'

export interface DataTableProps<T> {
  label: string
  rows: T[]
  columns: Column<T>[]
  rowKey: (row: T) => string
  /** "-total": by total, largest first. */
  sort?: string | undefined
  onSort?: (sort: string) => void
  /** The rows come sorted already. */
  sortedByServer?: boolean
  total?: number | null | undefined
  hasMore?: boolean
  fetchingMore?: boolean
  onMore?: () => void
}

const FROM = {
  xs: 'hidden xs:table-cell',
  sm: 'hidden sm:table-cell',
  md: 'hidden md:table-cell',
  lg: 'hidden lg:table-cell',
}
const ROW_HEIGHT = 57
const FETCH_WITHIN_ROWS = 10

export function DataTable<T extends object>({
  label,
  rows: data,
  columns,
  rowKey,
  sort,
  onSort,
  sortedByServer = false,
  total,
  hasMore = false,
  fetchingMore = false,
  onMore,
}: DataTableProps<T>) {
  const sorting = useMemo<SortingState>(
    () => (sort ? [{ id: sort.replace(/^-/, ''), desc: sort.startsWith('-') }] : []),
    [sort],
  )
  const definitions = useMemo(() => definitionsOf(columns), [columns])
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    state: { sorting },
    manualSorting: sortedByServer,
  })
  const rows = table.getRowModel().rows

  const [body, setBody] = useState<HTMLElement | null>(null)
  const margin = useOffset(body)
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollMargin: margin,
    getItemKey: index => rows[index]?.id ?? index,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)
  const above = first ? first.start - margin : 0
  const below = last ? virtual.getTotalSize() - (last.end - margin) : 0

  const lastIndex = last?.index ?? 0
  useEffect(() => {
    if (hasMore && !fetchingMore && lastIndex >= rows.length - FETCH_WITHIN_ROWS) onMore?.()
  }, [hasMore, fetchingMore, lastIndex, rows.length, onMore])

  return (
    <table
      aria-label={label}
      aria-rowcount={total ?? undefined}
      className="w-full border-separate border-spacing-0 text-sm"
    >
      <thead>
        <tr>
          {columns.map(column => (
            <th
              key={column.id}
              scope="col"
              aria-sort={ariaSort(column.id, sorting)}
              className={cx(
                'sticky top-(--bar) z-10 border-y border-rule bg-sunk px-1.5 py-1 text-xs font-medium text-soft first:pl-4 last:pr-4 sm:px-2.5 sm:first:pl-5 sm:last:pr-5',
                column.align === 'right' ? 'text-right' : 'text-left',
                column.from && FROM[column.from],
              )}
            >
              <SortableHeader column={column} sort={sort} onSort={onSort} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={setBody}>
        {above > 0 && <Spacer height={above} span={columns.length} />}
        {items.map(item => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <tr
              key={row.id}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-rowindex={item.index + 2}
              className="hover:bg-sunk/50"
            >
              {columns.map((column, index) => {
                const Cell = index === 0 ? 'th' : 'td'
                return (
                  <Cell
                    key={column.id}
                    {...(index === 0 && { scope: 'row' })}
                    className={cx(
                      'border-rule px-1.5 py-2 align-top font-normal first:pl-4 last:pr-4 sm:px-2.5 sm:first:pl-5 sm:last:pr-5',
                      // The last line of a sheet is the sheet's own.
                      item.index < rows.length - 1 && 'border-b',
                      column.align === 'right' ? 'text-right' : 'text-left',
                      column.from && FROM[column.from],
                      column.className,
                    )}
                  >
                    {column.cell(row.original)}
                  </Cell>
                )
              })}
            </tr>
          )
        })}
        {below > 0 && <Spacer height={below} span={columns.length} />}
      </tbody>
    </table>
  )
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr>
      <td colSpan={span} style={{ height }} />
    </tr>
  )
}

/** How far below the top of the document an element begins. */
function useOffset(element: HTMLElement | null): number {
  const [offset, setOffset] = useState(0)
  const known = useRef(0)
  useLayoutEffect(() => {
    if (!element) return
    const measure = () => {
      const next = Math.round(element.getBoundingClientRect().top + window.scrollY)
      if (Math.abs(next - known.current) < 2) return
      known.current = next
      setOffset(next)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [element])
  return offset
}

function ariaSort(id: string, sorting: SortingState): 'ascending' | 'descending' | undefined {
  const active = sorting.find(entry => entry.id === id)
  if (!active) return undefined
  return active.desc ? 'descending' : 'ascending'
}
