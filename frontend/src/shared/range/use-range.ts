/** The chosen store and period, read from the URL. */
import type { QueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { keys, useStores } from '@/shared/api/queries'
import type { Store } from '@/shared/api/types'
import { todayIn } from '@/shared/format/time'
import { afterPaint } from '@/shared/ui/after-paint'
import {
  ALL_STORES,
  keepRange,
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

function storeOf(search: RangeSearch, stores: Store[] | undefined): Store | undefined {
  return stores?.find(candidate => candidate.id === search.store) ?? stores?.[0]
}

export function useStore(): Store | undefined {
  const { data } = useStores()
  return storeOf(useRangeSearch(), data)
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
  const search = useRangeSearch()
  return useMemo(() => viewOf(search, data), [search, data])
}

function viewOf(search: RangeSearch, stores: Store[] | undefined): View | undefined {
  const one = storeOf(search, stores)
  if (!one || !stores) return undefined
  const all = search.store === ALL_STORES && stores.length > 1
  return {
    store: all ? ALL_STORES : one.id,
    name: all ? 'All stores' : one.name,
    all,
    currency: search.currency,
  }
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

/** What a page reads from its address, for those who ask before it is drawn. */
export interface Reading {
  store: Store
  view: View
  range: Range
}

/** Asks for the first answers of a page, while its parts are still being put together. */
export type Ahead = (client: QueryClient, reading: Reading, search: PageSearch) => unknown

/** Nothing is known before the stores are. */
export function readAhead(client: QueryClient, search: PageSearch): Reading | undefined {
  const stores = client.getQueryData<Store[]>(keys.stores)
  const chosen = parseRangeSearch(search)
  const store = storeOf(chosen, stores)
  const view = viewOf(chosen, stores)
  if (!store || !view) return undefined
  return { store, view, range: resolveRange(chosen, store, todayIn(store.timezone)) }
}

/** Goes to another store on the same page. Its filters, and what was chosen on it, were of the one before. */
export function useSetStore() {
  const navigate = useNavigate()
  return (store: string) =>
    afterPaint(() =>
      navigate({
        to: '.',
        search: (old: PageSearch) => ({ ...keepRange(old), store, currency: undefined }),
        resetScroll: false,
      }),
    )
}

/** Changes the period and keeps every other part of the URL. */
export function useSetRange() {
  const navigate = useNavigate()
  return (next: RangeSearch) =>
    afterPaint(() =>
      navigate({
        to: '.',
        search: (old: PageSearch) => ({ ...old, ...next }),
        resetScroll: false,
      }),
    )
}
