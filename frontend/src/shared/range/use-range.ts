/** The chosen store and period, read from the URL. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useStores } from '@/shared/api/queries'
import type { Store } from '@/shared/api/types'
import { todayIn } from '@/shared/format/time'
import {
  ALL_STORES,
  type PageSearch,
  parseRangeSearch,
  type Range,
  type RangeSearch,
  resolveRange,
} from './range'

function useRangeSearch(): RangeSearch {
  const search: Record<string, unknown> = useSearch({ strict: false })
  return useMemo(() => parseRangeSearch(search), [search])
}

export function useStore(): Store | undefined {
  const { data } = useStores()
  const { store } = useRangeSearch()
  return data?.find(candidate => candidate.id === store) ?? data?.[0]
}

/** Whose figures a report shows, and in which currency. */
export interface View {
  /** What the API is asked for: a store's id, or all of them. */
  store: string
  name: string
  all: boolean
  /** When another than the usual one was chosen. */
  currency: string | undefined
}

/** The chosen store, or all of them together; only reports can show the latter. */
export function useView(): View | undefined {
  const { data } = useStores()
  const one = useStore()
  const { store, currency } = useRangeSearch()
  return useMemo(() => {
    if (!one || !data) return undefined
    const all = store === ALL_STORES && data.length > 1
    return { store: all ? ALL_STORES : one.id, name: all ? 'All stores' : one.name, all, currency }
  }, [one, data, store, currency])
}

/** Undefined until the store is known: without it nobody can say which day is today there. */
export function useRange(): Range | undefined {
  const store = useStore()
  const search = useRangeSearch()
  return useMemo(() => {
    if (!store) return undefined
    return resolveRange(search, store, todayIn(store.timezone))
  }, [store, search])
}

/** Changes the period or the store and keeps every other part of the URL. */
export function useSetRange() {
  const navigate = useNavigate()
  return (next: RangeSearch) =>
    navigate({
      to: '.',
      search: (old: PageSearch) => ({ ...old, ...next }),
      resetScroll: false,
    })
}
