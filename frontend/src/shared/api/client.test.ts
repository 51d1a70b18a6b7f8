import { afterEach, expect, test, vi } from 'vitest'
import { api } from './client'

afterEach(() => vi.unstubAllGlobals())

/** The requests that are sent, answered with nothing. */
function sent() {
  const requests: Request[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    requests.push(request)
    return Promise.resolve(new Response(null, { status: 204 }))
  })
  return requests
}

test('each POST carries a key of its own, and nothing else does', async () => {
  const requests = sent()
  await api.POST('/v1/rates/refresh')
  await api.POST('/v1/rates/refresh')
  await api.GET('/v1/stores')
  await api.DELETE('/v1/auth/sessions')
  const [first, second, ...others] = requests.map(request => request.headers.get('Idempotency-Key'))
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(second).toMatch(/^[0-9a-f]{32}$/)
  expect(second).not.toBe(first)
  expect(others).toEqual([null, null])
})
