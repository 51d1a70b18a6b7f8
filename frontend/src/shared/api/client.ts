/** The generated client with what every call needs: the CSRF token, an idempotency key, errors as exceptions. */
import createClient, { type Middleware } from 'openapi-fetch'
import { ApiError, UnreachableError } from './problem'
import type { paths } from './schema.gen'
import type { Problem } from './types'

let csrfToken = ''

export function setCsrfToken(token: string) {
  csrfToken = token
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** 128 random bits; `crypto.randomUUID` is missing on pages that come over plain HTTP from another machine. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

const credentials: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) {
      if (csrfToken) request.headers.set('X-CSRF-Token', csrfToken)
      if (request.method === 'POST') request.headers.set('Idempotency-Key', newKey())
    }
    return request
  },
  onError({ error }) {
    return new UnreachableError(error)
  },
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  // Looked up at call time, so that tests can stand in for the network.
  fetch: request => globalThis.fetch(request),
})
api.use(credentials)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer's body, or the problem as an exception. */
export async function body<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw new ApiError(response.status, asProblem(error))
  return data as T
}

function asProblem(error: unknown): Partial<Problem> {
  return typeof error === 'object' && error !== null ? (error as Partial<Problem>) : {}
}
