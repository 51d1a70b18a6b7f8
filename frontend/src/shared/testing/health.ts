/** The mock's state of the machine: degraded, with a provider's circuit open and backups that are late. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Health } from '@/shared/api/types'

const AGO = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

export function healthAnswer(): Health {
  const check = { required: false, circuit_state: null, last_success_at: AGO(1) }
  return {
    status: 'degraded',
    version: '0.1.0',
    uptime: { startedAt: AGO(60 * 50), seconds: 180_000 },
    agents: { active: 3, total: 4, degraded: 1 },
    components: { database: 'healthy', backups: 'degraded', redis: 'healthy' },
    checks: [
      { ...check, name: 'database', healthy: true, required: true, message: 'ok', last_success_at: AGO(0) },
      { ...check, name: 'shopify/conn_1/read', healthy: true, message: 'closed', circuit_state: 'closed' },
      {
        ...check,
        name: 'shopify/conn_1/write',
        healthy: false,
        message: 'the shop answered 503 five times in a row',
        circuit_state: 'open',
        last_success_at: AGO(64),
      },
      {
        ...check,
        name: 'backups',
        healthy: false,
        message: 'the newest one is older than twice BACKUP_EVERY',
        last_success_at: AGO(60 * 60),
      },
      {
        ...check,
        name: 'shopify/conn_1/files/read',
        healthy: true,
        message: 'closed',
        circuit_state: 'closed',
        last_success_at: null,
      },
      {
        ...check,
        name: 'cjdropshipping/0190f4c2-0000-7000-8000-00000000c0de/read',
        account_name: 'CJdropshipping',
        healthy: true,
        message: 'closed',
        circuit_state: 'closed',
      },
      {
        ...check,
        name: 'meta-ads/1234567890/write',
        account_name: 'Northwind, prospecting',
        healthy: true,
        message: 'closed',
        circuit_state: 'closed',
      },
      { ...check, name: 'redis', healthy: true, message: '2 processes are there' },
    ],
    replicas: [
      { id: 'r1', name: 'web-1:10000', role: 'web', version: '0.1.0', started_at: AGO(60 * 50) },
      { id: 'r2', name: 'worker-1:10000', role: 'worker', version: '0.1.0', started_at: AGO(60 * 49) },
    ],
    budgets: [
      {
        account: 'shopify/conn_1',
        account_name: 'Northwind Supply',
        free: 1_812,
        most: 2_000,
        restored_per_second: 100,
        paused_until: null,
      },
      {
        account: 'cjdropshipping/0190f4c2-0000-7000-8000-00000000c0de',
        account_name: 'CJdropshipping',
        free: 0,
        most: 1,
        restored_per_second: 0.5,
        paused_until: AGO(-2),
      },
    ],
    backups: { kept: 7, newest_at: AGO(60 * 60), every_seconds: 86_400 },
    recommendations: [
      'shopify/conn_1/write: the shop answered 503 five times in a row',
      'backups: the newest one is older than twice BACKUP_EVERY',
    ],
    timestamp: AGO(0),
  }
}

/** What was decided on circuits by hand, by name. */
const decided = new Map<string, { action: string; reason: string }>()

function checksNow(health: Health): Health {
  const checks = health.checks.map(check => {
    const by = decided.get(check.name)
    if (!by) return check
    return by.action === 'reset'
      ? { ...check, healthy: true, circuit_state: 'closed', message: 'closed' }
      : { ...check, healthy: false, circuit_state: 'forced_open', message: `stopped by Ada: ${by.reason}` }
  })
  return { ...health, checks }
}

export function healthHandlers(): RequestHandler[] {
  decided.clear()
  return [
    http.get('*/v1/health', () => HttpResponse.json(checksNow(healthAnswer()))),
    http.post('*/v1/circuits', async ({ request }) => {
      const told = (await request.json()) as { name: string; action: string; reason: string }
      decided.set(told.name, told)
      return HttpResponse.json({ ...told, by: 'Ada', at: AGO(0) })
    }),
    http.get('*/v1/audit/check', () =>
      HttpResponse.json({ holds: true, entries: 12_480, checkpoints: 13, unsigned: 4, signed_at: AGO(20) }),
    ),
  ]
}
