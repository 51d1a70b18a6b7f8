/** Secrets and keys of the mock backend: kept without their values, as the server answers them. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Secret } from '@/shared/api/types'

const KEY = '5f0c2d9ab1e84736a0d1c2b3e4f50617'

export function secretHandlers(): RequestHandler[] {
  const secrets = new Map<string, Secret>()
  const keys = [{ id: KEY, primary: true, uses: 12, secrets: 3 }]
  return [
    http.get('*/v1/secrets', () => {
      const all = [...secrets.values()].sort((a, b) => a.name.localeCompare(b.name))
      return HttpResponse.json({
        secrets: all,
        total: all.length,
        next_cursor: null,
        looked_up: ['SHOPIFY_ACCESS_TOKEN', 'SHOPIFY_API_SECRET'],
      })
    }),
    http.put('*/v1/secrets/:name', ({ params }) => {
      const name = String(params.name)
      const secret: Secret = {
        name,
        version: (secrets.get(name)?.version ?? 0) + 1,
        created_at: new Date().toISOString(),
        last_used_at: null,
        fingerprint: '0f1e2d3c4b5a6978',
        key_id: KEY,
        managed: false,
      }
      secrets.set(name, secret)
      return HttpResponse.json(secret)
    }),
    http.delete('*/v1/secrets/:name', ({ params }) => {
      secrets.delete(String(params.name))
      return new HttpResponse(null, { status: 204 })
    }),
    http.get('*/v1/secrets/:name/source', ({ params }) => {
      const name = String(params.name)
      const found = name === 'SHOPIFY_ACCESS_TOKEN'
      return HttpResponse.json({
        name,
        found: found
          ? {
              source: 'environment',
              whereabouts: 'the environment of this process',
              obtained_at: new Date().toISOString(),
              age_seconds: 0,
              stale: false,
            }
          : null,
        tried: found ? [] : [{ source: 'vault', whereabouts: 'secret/royal', failure: 'it is sealed' }],
      })
    }),
    http.get('*/v1/secret-keys', () => HttpResponse.json({ keys, damaged: 0 })),
    http.post('*/v1/secret-keys/rotate', () => {
      keys[0] = { id: KEY, primary: false, uses: 12, secrets: 0 }
      keys.unshift({ id: 'c0ffee00c0ffee00c0ffee00c0ffee00', primary: true, uses: 3, secrets: 3 })
      return HttpResponse.json({ key_id: keys[0]?.id, rewrapped: 3, damaged: 0 })
    }),
  ]
}
