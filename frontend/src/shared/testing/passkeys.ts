/**
 * The mock backend of passkeys, and a browser that has them. Current password "wrong password here" fails, and so does a
 * sign-in whose credential is "stranger".
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Passkey, Session } from '@/shared/api/types'

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

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

export function passkeyHandlers(enter: () => Session): RequestHandler[] {
  let passkeys: Passkey[] = [
    { id: 'pk_1', name: 'Safari on iOS', created_at: ago(20_000), last_used_at: ago(90) },
  ]
  return [
    http.get('*/v1/auth/passkeys', () => HttpResponse.json({ possible: true, passkeys })),
    http.post('*/v1/auth/passkeys/challenge', async ({ request }) => {
      const proof = (await request.json()) as { current: string }
      if (proof.current === 'wrong password here')
        return refusal(422, 'the current password is wrong', 'current')
      return HttpResponse.json({ options: { challenge: 'of-the-mock' } })
    }),
    http.post('*/v1/auth/passkeys', async ({ request }) => {
      const { name } = (await request.json()) as { name: string }
      const made = { id: `pk_${passkeys.length + 1}`, name, created_at: ago(0), last_used_at: null }
      passkeys = [...passkeys, made]
      return HttpResponse.json(made, { status: 201 })
    }),
    http.patch('*/v1/auth/passkeys/:id', async ({ params, request }) => {
      const { name } = (await request.json()) as { name: string }
      passkeys = passkeys.map(known => (known.id === params.id ? { ...known, name } : known))
      return HttpResponse.json(passkeys.find(known => known.id === params.id))
    }),
    http.delete('*/v1/auth/passkeys/:id', ({ params }) => {
      passkeys = passkeys.filter(known => known.id !== params.id)
      return new HttpResponse(null, { status: 204 })
    }),
    http.post('*/v1/auth/login/passkey/challenge', () =>
      HttpResponse.json({ options: { challenge: 'of-the-mock' } }),
    ),
    http.post('*/v1/auth/login/passkey', async ({ request }) => {
      const { credential } = (await request.json()) as { credential: { id: string } }
      if (credential.id === 'stranger')
        return refusal(401, 'the passkey was not accepted; try again, or sign in with your password')
      return HttpResponse.json(enter())
    }),
  ]
}
