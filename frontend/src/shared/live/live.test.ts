import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keys } from '@/shared/api/queries'
import { outdatedBy, startLive, useLive } from './live'

class FakeSource extends EventTarget {
  static last: FakeSource | undefined
  static readonly CLOSED = 2
  readyState = 1
  onopen: (() => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    super()
    FakeSource.last = this
  }
  close() {
    this.readyState = FakeSource.CLOSED
  }
  say(type: string, data: unknown, id: string) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId: id }))
  }
}

const SYNC = { id: 'sync_1', status: 'running', steps: [], progress: 0.5 }

describe('the live stream', () => {
  let client: QueryClient
  let stop: () => void
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', FakeSource)
    client = new QueryClient()
    stop = startLive(client)
  })
  afterEach(() => {
    stop()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('patches a sync that it carries whole', () => {
    FakeSource.last?.say('sync.progress', { type: 'sync.progress', data: SYNC }, '7')
    expect(client.getQueryData(keys.sync('sync_1'))).toMatchObject({ progress: 0.5 })
  })
  it('refetches aggregates once for a burst, two seconds after it began', () => {
    const outdate = vi.spyOn(client, 'invalidateQueries')
    for (let index = 0; index < 50; index += 1) {
      FakeSource.last?.say(
        'orders.changed',
        { type: 'orders.changed', entity: { kind: 'order', id: String(index) } },
        String(index),
      )
    }
    expect(outdate).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2_000)
    expect(outdate.mock.calls.map(([filter]) => filter?.queryKey?.[0]).sort()).toEqual([
      'customers',
      'orders',
      'reports',
      'stores',
    ])
  })
  it('says when the line is cut, and asks by itself meanwhile', () => {
    const outdate = vi.spyOn(client, 'invalidateQueries')
    FakeSource.last?.onerror?.()
    expect(useLive.getState().line).toBe('lost')
    vi.advanceTimersByTime(15_000)
    expect(outdate).toHaveBeenCalledWith({ type: 'active' })
    FakeSource.last?.onopen?.()
    expect(useLive.getState().line).toBe('open')
  })
  it('goes on after the last event that it heard', () => {
    FakeSource.last?.say('report.changed', { type: 'report.changed' }, '41')
    const first = FakeSource.last
    if (first) first.readyState = FakeSource.CLOSED
    first?.onerror?.()
    vi.advanceTimersByTime(5_000)
    expect(FakeSource.last?.url).toBe('/v1/stream?last_event_id=41')
  })
  it('survives a frame that is not ours', () => {
    FakeSource.last?.dispatchEvent(new MessageEvent('report.changed', { data: 'nonsense' }))
    expect(useLive.getState().line).toBe('open')
  })
  it('a forecast that is made, and an order of goods, make the inventory outdated', () => {
    expect(outdatedBy('forecasts.progress')).not.toContainEqual(keys.inventory)
    expect(outdatedBy('forecasts.finished')).toContainEqual(keys.inventory)
    expect(outdatedBy('purchase_order.changed')).toContainEqual(keys.inventory)
    expect(outdatedBy('inventory.settings')).toContainEqual(keys.inventory)
    expect(outdatedBy('analysis.changed')).toEqual([keys.analysis])
    expect(outdatedBy('opportunities.changed')).toEqual([keys.opportunities])
  })
  it('knows nothing of unknown events', () => {
    expect(outdatedBy('weather.changed')).toEqual([])
  })
})
