/**
 * The mock backend of second factors and other ways in. Somebody signs in in two steps: "samuel@hearth.example". The right
 * code is 123456; password "wrong password here" and every other code fail. A letter to "explode" is refused.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { SecondStep, Session } from '@/shared/api/types'

export const PROTECTED = 'samuel@hearth.example'

export function pendingStep(): SecondStep {
  return { pending: 'pending-of-the-mock', expires_at: new Date(Date.now() + 300_000).toISOString() }
}

function refusal(status: number, detail: string, field?: string) {
  return HttpResponse.json(
    {
      type: 'about:blank',
      title: `Status ${status}`,
      status,
      detail,
      request_id: 'req_mock',
      ...(field && { errors: [{ field, message: detail }] }),
    },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

const CODES = Array.from({ length: 10 }, (_, index) => `KR${index}N-7WQ${index}-XH${index}D`)
const WRONG_CODE = 'this code is wrong, too old, or was used before'

function refuse(proof: { current?: string; code?: string }) {
  if (proof.current === 'wrong password here') return refusal(422, 'the current password is wrong', 'current')
  if (proof.code !== undefined && proof.code !== '123456') return refusal(422, WRONG_CODE, 'code')
  return null
}

/** A pattern that looks like a code and leads nowhere. */
function pattern() {
  const size = 33
  const finder = (x: number, y: number) =>
    `M${x} ${y}h7v1h-7zM${x} ${y + 6}h7v1h-7zM${x} ${y + 1}h1v5h-1zM${x + 6} ${y + 1}h1v5h-1zM${x + 2} ${y + 2}h3v3h-3z`
  let path = finder(0, 0) + finder(size - 7, 0) + finder(0, size - 7)
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const corner = (x < 8 && (y < 8 || y > size - 9)) || (x > size - 9 && y < 8)
      if (!corner && (x * 7 + y * 11 + x * y) % 5 < 2) path += `M${x} ${y}h1v1h-1z`
    }
  }
  return { size, path }
}

export function secondFactorHandlers(enter: () => Session): RequestHandler[] {
  const state = { since: null as string | null, left: 0 }
  const on = () => {
    state.since ??= new Date().toISOString()
    state.left = CODES.length
    return HttpResponse.json({ recovery_codes: CODES })
  }
  return [
    http.get('*/v1/auth/methods', () =>
      HttpResponse.json({ forgot_password: true, elsewhere: 'Hearth ID', passkeys: true }),
    ),
    http.post('*/v1/auth/forgot', async ({ request }) => {
      const { email } = (await request.json()) as { email: string }
      if (email.startsWith('explode')) return refusal(429, 'too many tries; go on in 60 s')
      return new HttpResponse(null, { status: 202 })
    }),
    http.post('*/v1/auth/login/code', async ({ request }) => {
      const { code } = (await request.json()) as { code: string }
      return code === '123456' || code === CODES[0] ? HttpResponse.json(enter()) : refusal(401, WRONG_CODE)
    }),
    http.get('*/v1/auth/second-factor', () =>
      HttpResponse.json({
        enabled: state.since !== null,
        since: state.since,
        recovery_codes_left: state.left,
      }),
    ),
    http.post('*/v1/auth/second-factor', async ({ request }) => {
      const refused = refuse((await request.json()) as { current: string })
      return (
        refused ??
        HttpResponse.json(
          {
            uri: 'otpauth://totp/Royal%20Equips:olivia%40hearth.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Royal%20Equips',
            key: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
            qr: pattern(),
          },
          { status: 201 },
        )
      )
    }),
    http.post('*/v1/auth/second-factor/confirm', async ({ request }) => {
      return refuse((await request.json()) as { code: string }) ?? on()
    }),
    http.post('*/v1/auth/second-factor/recovery-codes', async ({ request }) => {
      return refuse((await request.json()) as { current: string; code: string }) ?? on()
    }),
    http.post('*/v1/auth/second-factor/remove', async ({ request }) => {
      const refused = refuse((await request.json()) as { current: string; code: string })
      if (refused) return refused
      state.since = null
      state.left = 0
      return new HttpResponse(null, { status: 204 })
    }),
  ]
}
