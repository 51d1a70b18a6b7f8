/**
 * The live stream. Patches what it carries whole, marks aggregates as outdated at most every two seconds,
 * rests while the tab is hidden, and tells the page how it is doing.
 */
import type { QueryClient } from '@tanstack/react-query'
import { create } from 'zustand'
import { keys } from '@/shared/api/queries'
import type { Sync } from '@/shared/api/types'

export type LineState = 'connecting' | 'open' | 'lost'

interface LiveStore {
  line: LineState
  lastHeard: number | null
}

export const useLive = create<LiveStore>()(() => ({ line: 'connecting', lastHeard: null }))

export interface LiveEvent {
  type: string
  entity?: { kind: string; id: string }
  data?: unknown
}

const TYPES = [
  'sync.progress',
  'sync.finished',
  'import.progress',
  'connection.changed',
  'orders.changed',
  'products.changed',
  'report.changed',
  'rates.changed',
  'costs.changed',
  'recost.progress',
  'recost.finished',
  'reconciliation.progress',
  'reconciliation.finished',
  'change_set.changed',
  'stops.changed',
  'agents.changed',
  'guardrails.changed',
  'runs.changed',
  'notices.changed',
  'channels.changed',
  'forecasts.progress',
  'forecasts.finished',
  'inventory.settings',
  'purchase_order.changed',
  'opportunities.changed',
  'analysis.changed',
  'ad_accounts.changed',
  'supplier_orders.changed',
  'suppliers.changed',
] as const

const AGGREGATE_EVERY_MS = 2_000
const POLL_EVERY_MS = 15_000
/** A stream that keeps failing is left alone for this long; polling covers the gap. */
const REOPEN_AFTER_MS = 5_000

function isSync(value: unknown): value is Sync {
  return typeof value === 'object' && value !== null && 'steps' in value && 'status' in value && 'id' in value
}

/** Which answers an event makes outdated. Exported for its test. */
export function outdatedBy(type: string): readonly (readonly string[])[] {
  switch (type) {
    case 'sync.finished':
      return [
        keys.stores,
        keys.connections,
        keys.syncs,
        keys.reports,
        keys.orders,
        keys.products,
        keys.customers,
        keys.inventory,
        keys.jobs,
      ]
    case 'sync.progress':
      return [keys.stores, keys.connections, keys.reports, keys.jobs]
    case 'import.progress':
      return [keys.imports, keys.jobs]
    case 'connection.changed':
      return [keys.connections, keys.stores]
    case 'orders.changed':
      return [keys.orders, keys.customers, keys.reports, keys.stores]
    case 'products.changed':
      return [keys.products, keys.inventory, keys.reports]
    case 'recost.progress':
      return [keys.costs, keys.jobs]
    case 'costs.changed':
    case 'recost.finished':
      return [keys.costs, keys.reports, keys.products, keys.orders, keys.jobs]
    case 'report.changed':
      return [keys.reports, keys.stores]
    case 'rates.changed':
      return [keys.rates, keys.workspace, keys.reports]
    case 'reconciliation.progress':
    case 'reconciliation.finished':
      return [keys.reconciliation, keys.jobs]
    case 'change_set.changed':
      return [keys.changeSets, keys.agents, keys.jobs]
    case 'stops.changed':
      return [keys.stops, keys.changeSets, keys.agents]
    case 'agents.changed':
      return [keys.agents]
    case 'guardrails.changed':
      return [['guardrails']]
    case 'runs.changed':
      return [keys.runs, keys.agents, keys.jobs]
    case 'notices.changed':
      return [keys.notices]
    case 'forecasts.progress':
      return [keys.forecasts, keys.jobs]
    case 'forecasts.finished':
      return [keys.forecasts, keys.inventory, keys.jobs]
    case 'inventory.settings':
      return [keys.inventorySettings, keys.inventory]
    case 'purchase_order.changed':
      return [keys.purchaseOrders, keys.inventory, keys.suppliers]
    case 'ad_accounts.changed':
      return [keys.campaigns, keys.jobs]
    case 'supplier_orders.changed':
      return [keys.orders]
    case 'suppliers.changed':
      return [keys.catalogues, keys.jobs, keys.opportunities]
    case 'analysis.changed':
      return [keys.analysis]
    case 'opportunities.changed':
      return [keys.opportunities]
    case 'channels.changed':
      return [keys.channels]
    default:
      return []
  }
}

export function startLive(client: QueryClient): () => void {
  let source: EventSource | undefined
  let lastId = ''
  let poll: ReturnType<typeof setInterval> | undefined
  let flush: ReturnType<typeof setTimeout> | undefined
  let reopen: ReturnType<typeof setTimeout> | undefined
  const pending = new Map<string, readonly string[]>()

  const outdate = (list: readonly (readonly string[])[]) => {
    for (const key of list) pending.set(key.join('/'), key)
    if (pending.size === 0) return
    flush ??= setTimeout(() => {
      flush = undefined
      const due = [...pending.values()]
      pending.clear()
      for (const key of due) void client.invalidateQueries({ queryKey: key })
    }, AGGREGATE_EVERY_MS)
  }

  const hear = (message: MessageEvent<string>) => {
    lastId = message.lastEventId || lastId
    useLive.setState({ line: 'open', lastHeard: Date.now() })
    const event = read(message.data)
    if (!event) return
    if (isSync(event.data)) client.setQueryData(keys.sync(event.data.id), event.data)
    else if (event.type.startsWith('sync.') && event.entity) outdate([keys.sync(event.entity.id)])
    outdate(outdatedBy(event.type))
  }

  const open = () => {
    if (source || document.hidden || typeof EventSource === 'undefined') return
    source = new EventSource(lastId ? `/v1/stream?last_event_id=${encodeURIComponent(lastId)}` : '/v1/stream')
    source.onopen = () => {
      clearInterval(poll)
      poll = undefined
      useLive.setState({ line: 'open', lastHeard: Date.now() })
    }
    source.onmessage = hear
    for (const type of TYPES) source.addEventListener(type, hear)
    source.onerror = () => {
      useLive.setState({ line: 'lost' })
      poll ??= setInterval(() => void client.invalidateQueries({ type: 'active' }), POLL_EVERY_MS)
      if (source?.readyState === EventSource.CLOSED) {
        close()
        reopen ??= setTimeout(() => {
          reopen = undefined
          open()
        }, REOPEN_AFTER_MS)
      }
    }
  }

  const close = () => {
    source?.close()
    source = undefined
  }

  const onVisibility = () => {
    if (document.hidden) close()
    else {
      open()
      outdate([keys.reports, keys.stores, keys.connections, keys.syncs])
    }
  }

  document.addEventListener('visibilitychange', onVisibility)
  open()
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    clearInterval(poll)
    clearTimeout(flush)
    clearTimeout(reopen)
    close()
  }
}

function read(text: string): LiveEvent | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string') {
      return value as LiveEvent
    }
  } catch {
    // A frame that is not ours says nothing about our data.
  }
  return undefined
}
