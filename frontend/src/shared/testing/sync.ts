/** A sync that goes by the clock: as far as the time since its start says. */
import type { Sync } from '@/shared/api/types'
import type { Shop } from './shop'

const STEPS = [
  ['shop', 'Shop'],
  ['products', 'Products and costs'],
  ['customers', 'Customers'],
  ['orders', 'Orders, refunds, transactions'],
  ['inventory', 'Stock'],
  ['ledger', 'Ledger'],
] as const

export class MockSync {
  readonly #id = 'sync_1'
  #startedAt = Date.now()
  #before = 0
  #status: Sync['status'] = 'running'
  #resumed = 0
  readonly #takesMs: number
  readonly #shop: Shop | null

  constructor(takesMs: number, shop: Shop | null) {
    this.#takesMs = takesMs
    this.#shop = shop
  }

  static finished(): MockSync {
    return new MockSync(0, null)
  }

  cancel(): Sync {
    this.#before = this.#share()
    this.#status = 'cancelled'
    return this.answer()
  }

  resume(): Sync {
    this.#startedAt = Date.now()
    this.#resumed += 1
    this.#status = 'running'
    return this.answer()
  }

  #share(): number {
    if (this.#status === 'cancelled') return this.#before
    if (this.#takesMs === 0) return 1
    return Math.min(1, this.#before + (Date.now() - this.#startedAt) / this.#takesMs)
  }

  answer(): Sync {
    const share = this.#share()
    if (share >= 1) this.#status = 'succeeded'
    const orders = this.#shop?.orders.length ?? 640
    const done = Math.round(orders * share)
    const at = share * STEPS.length
    const current = STEPS[Math.min(STEPS.length - 1, Math.floor(at))] ?? STEPS[0]
    const running = this.#status === 'running'
    return {
      id: this.#id,
      connection_id: 'con_1',
      kind: 'backfill',
      status: this.#status,
      phase: { key: current[0], label: current[1] },
      created_at: new Date(this.#startedAt).toISOString(),
      started_at: new Date(this.#startedAt).toISOString(),
      finished_at:
        this.#status === 'succeeded' ? new Date(this.#startedAt + this.#takesMs).toISOString() : null,
      resumed_times: this.#resumed,
      steps: STEPS.map(([key, label], index) => ({
        key,
        label,
        status: at >= index + 1 ? 'done' : at < index ? 'pending' : running ? 'running' : 'pending',
        done: at < index ? 0 : Math.round(Math.min(1, at - index) * (key === 'orders' ? orders : 80)),
        total: key === 'shop' ? null : key === 'orders' ? orders : 80,
        reason: null,
      })),
      progress: share,
      eta_seconds: running ? Math.ceil(((1 - share) * this.#takesMs) / 1000) : null,
      rows_per_second: running ? 1_840 : null,
      orders: { done, total: orders },
      newest_day: share > 0.3 ? (this.#shop?.lastDay ?? '2026-11-22') : null,
      oldest_day: share > 0.3 ? (this.#shop?.firstDay ?? '2026-06-01') : null,
      error: null,
      warnings: [],
    }
  }
}
