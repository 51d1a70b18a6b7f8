/**
 * The mock backend of people, tokens, sessions and the audit. Keeps state, and fails on purpose for these inputs: token
 * name "explode", e-mail "olivia@hearth.example" (taken), current password "wrong password here", link "spent".
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { ApiToken, AuditEntry, Invitation, Member, OpenSession } from '@/shared/api/types'

export const PERMISSIONS = [
  { name: 'profile:read', role: 'viewer' },
  { name: 'profile:write', role: 'viewer' },
  { name: 'reports:read', role: 'viewer' },
  { name: 'orders:read', role: 'viewer' },
  { name: 'products:read', role: 'viewer' },
  { name: 'connections:read', role: 'viewer' },
  { name: 'syncs:read', role: 'viewer' },
  { name: 'stream:read', role: 'viewer' },
  { name: 'health:read', role: 'viewer' },
  { name: 'imports:read', role: 'viewer' },
  { name: 'costs:read', role: 'viewer' },
  { name: 'reconciliation:read', role: 'viewer' },
  { name: 'changes:read', role: 'viewer' },
  { name: 'agents:read', role: 'viewer' },
  { name: 'jobs:read', role: 'viewer' },
  { name: 'inventory:read', role: 'viewer' },
  { name: 'assistant:use', role: 'viewer' },
  { name: 'assistant:read_all', role: 'admin' },
  { name: 'inventory:write', role: 'operator' },
  { name: 'inventory:configure', role: 'admin' },
  { name: 'notifications:read', role: 'viewer' },
  { name: 'notifications:write', role: 'viewer' },
  { name: 'channels:read', role: 'operator' },
  { name: 'channels:test', role: 'operator' },
  { name: 'channels:write', role: 'admin' },
  { name: 'agents:run', role: 'operator' },
  { name: 'agents:write', role: 'admin' },
  { name: 'changes:write', role: 'operator' },
  { name: 'stops:write', role: 'operator' },
  { name: 'stops:lift', role: 'admin' },
  { name: 'circuits:write', role: 'admin' },
  { name: 'opportunities:read', role: 'viewer' },
  { name: 'anomalies:write', role: 'operator' },
  { name: 'support:read', role: 'operator' },
  { name: 'support:write', role: 'operator' },
  { name: 'opportunities:write', role: 'operator' },
  { name: 'opportunities:configure', role: 'admin' },
  { name: 'guardrails:write', role: 'admin' },
  { name: 'customers:read', role: 'operator' },
  { name: 'privacy:read', role: 'operator' },
  { name: 'reconciliation:run', role: 'operator' },
  { name: 'syncs:run', role: 'operator' },
  { name: 'imports:write', role: 'operator' },
  { name: 'costs:write', role: 'operator' },
  { name: 'rates:write', role: 'operator' },
  { name: 'customers:configure', role: 'operator' },
  { name: 'customers:export', role: 'admin' },
  { name: 'segments:export', role: 'admin' },
  { name: 'privacy:answer', role: 'admin' },
  { name: 'workspace:write', role: 'admin' },
  { name: 'people:read', role: 'admin' },
  { name: 'people:write', role: 'admin' },
  { name: 'audit:read', role: 'admin' },
  { name: 'secrets:read', role: 'admin' },
  { name: 'secrets:write', role: 'admin' },
  { name: 'keys:rotate', role: 'owner' },
  { name: 'connections:write', role: 'admin' },
]

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const DAY = 1440
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile Safari/604.1'

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

function member(id: string, label: string, role: string, more: Partial<Member> = {}): Member {
  return {
    id,
    kind: 'person',
    label,
    email: label,
    role,
    created_at: ago(90 * DAY),
    disabled_at: null,
    last_seen_at: ago(200),
    has_second_factor: false,
    is_you: false,
    is_yours_to_change: true,
    ...more,
  }
}

function token(id: string, name: string, scopes: string[], more: Partial<ApiToken> = {}): ApiToken {
  return {
    id,
    name,
    user_id: 'user_1',
    user: 'olivia@hearth.example',
    scopes,
    created_at: ago(40 * DAY),
    expires_at: ago(-50 * DAY),
    is_expired: false,
    last_used_at: ago(3),
    ...more,
  }
}

function session(id: string, agent: string, more: Partial<OpenSession> = {}): OpenSession {
  return {
    id,
    is_current: false,
    created_at: ago(3 * DAY),
    last_seen_at: ago(30),
    expires_at: ago(-27 * DAY),
    address: '203.0.113.24',
    agent,
    ...more,
  }
}

function entry(seq: number, action: string, target: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    seq,
    at: ago((12 - seq) * 97),
    actor_kind: 'person',
    actor_id: 'user_1',
    actor: 'olivia@hearth.example',
    address: '203.0.113.24',
    action,
    outcome: 'done',
    target_kind: action.split('.')[0] ?? '',
    target_id: `t_${seq}`,
    target,
    before: null,
    after: null,
    reason: null,
    hash: String(seq % 10).repeat(64),
    ...more,
  }
}

function start() {
  return {
    members: [
      member('user_1', 'olivia@hearth.example', 'owner', { is_you: true, last_seen_at: ago(1) }),
      member('user_2', 'samuel.blackwood-harrington@hearth-and-harbour.example', 'operator', {
        has_second_factor: true,
      }),
      member('user_3', 'Warehouse display', 'viewer', { kind: 'service', email: null, last_seen_at: null }),
      member('user_4', 'former@hearth.example', 'analyst', { disabled_at: ago(9 * DAY) }),
    ],
    invitations: [
      {
        id: 'inv_1',
        email: 'accountant@ledger.example',
        role: 'analyst',
        created_at: ago(60),
        expires_at: ago(-7 * DAY),
      },
    ] as Invitation[],
    tokens: [
      token('tok_1', 'Nightly export', ['reports:read', 'orders:read']),
      token('tok_2', 'Migration of 2025', [], {
        is_expired: true,
        expires_at: ago(2 * DAY),
        last_used_at: null,
      }),
    ],
    sessions: [
      session('ses_1', FIREFOX, { is_current: true, last_seen_at: ago(0) }),
      session('ses_2', IPHONE, { address: '2001:db8:85a3::8a2e:370:7334', last_seen_at: ago(DAY) }),
    ],
    entries: [
      entry(1, 'user.create', 'olivia@hearth.example', { actor_kind: 'command_line', actor: 'command line' }),
      entry(2, 'session.begin', 'olivia@hearth.example'),
      entry(3, 'connection.create', 'Hearth & Harbour', {
        after: { domain: 'hearth-harbour.myshopify.com' },
      }),
      entry(4, 'user.role', 'samuel.blackwood-harrington@hearth-and-harbour.example', {
        before: { role: 'analyst' },
        after: { role: 'operator' },
      }),
      entry(5, 'session.begin', 'olivia@hearth.example', {
        outcome: 'refused',
        actor_kind: 'nobody',
        actor_id: null,
        address: '198.51.100.77',
        reason: 'the e-mail address or the password is wrong',
      }),
      entry(6, 'token.create', 'Nightly export', { after: { scopes: ['reports:read', 'orders:read'] } }),
    ].reverse(),
  }
}

type Access = ReturnType<typeof start>

const page = <T>(name: string, items: T[]) =>
  HttpResponse.json({ [name]: items, total: items.length, next_cursor: null })
const nothing = () => new HttpResponse(null, { status: 204 })

export function accessHandlers(): RequestHandler[] {
  const state = start()
  return [...memberHandlers(state), ...ownHandlers(state), ...auditHandlers(state)]
}

function memberHandlers(state: Access): RequestHandler[] {
  const link = (email: string, kind: string) =>
    HttpResponse.json(
      email.startsWith('mailed')
        ? { url: null, mail: 'sent', mail_failure: null, kind, email, expires_at: ago(-DAY) }
        : {
            url: 'https://royal.example/command-center/join#shown-once',
            mail: 'not_set_up',
            mail_failure: null,
            kind,
            email,
            expires_at: ago(-DAY),
          },
      { status: 201 },
    )
  return [
    http.get('*/v1/roles', () =>
      HttpResponse.json({
        roles: ['viewer', 'analyst', 'operator', 'admin', 'owner'],
        permissions: PERMISSIONS.map(permission => ({ ...permission, operations: [] })),
      }),
    ),
    http.get('*/v1/users', () => page('users', state.members)),
    http.patch('*/v1/users/:id', async ({ params, request }) => {
      const change = (await request.json()) as { role?: string; disabled?: boolean }
      const found = state.members.find(known => known.id === params.id)
      if (!found) return refusal(404, 'there is no such user here')
      if (found.is_you && change.role)
        return refusal(409, 'this is the last owner; make somebody else an owner first')
      if (change.role) found.role = change.role
      if (change.disabled !== undefined) found.disabled_at = change.disabled ? ago(0) : null
      return HttpResponse.json(found)
    }),
    http.post('*/v1/users/:id/reset-link', () => link('samuel@hearth.example', 'password_reset')),
    http.post('*/v1/service-accounts', async ({ request }) => {
      const input = (await request.json()) as { name: string; role: string }
      const made = member(`user_${state.members.length + 1}`, input.name, input.role, {
        kind: 'service',
        email: null,
        last_seen_at: null,
      })
      state.members.push(made)
      return HttpResponse.json(made, { status: 201 })
    }),
    http.delete('*/v1/users/:id/second-factor', ({ params }) => {
      const found = state.members.find(known => known.id === params.id)
      if (found) found.has_second_factor = false
      return nothing()
    }),
    http.get('*/v1/mail', () =>
      HttpResponse.json({
        sender: 'Royal Equips <royal@hearth.example>',
        last_failure: {
          at: ago(42),
          to: 'accountant@ledger.example',
          reason: 'the mail server mail.hearth.example refused the letter: 550 5.1.1 unknown user',
        },
      }),
    ),
    http.get('*/v1/invitations', () => page('invitations', state.invitations)),
    http.post('*/v1/invitations', async ({ request }) => {
      const input = (await request.json()) as { email: string; role: string }
      if (input.email === 'olivia@hearth.example')
        return refusal(409, 'the address belongs to a user already')
      state.invitations.push({
        id: `inv_${state.invitations.length + 1}`,
        ...input,
        created_at: ago(0),
        expires_at: ago(-7 * DAY),
      })
      return link(input.email, 'invitation')
    }),
    http.delete('*/v1/invitations/:id', ({ params }) => {
      state.invitations = state.invitations.filter(known => known.id !== params.id)
      return nothing()
    }),
    http.post('*/v1/auth/link', async ({ request }) => {
      const input = (await request.json()) as { link: string }
      if (input.link === 'spent')
        return refusal(404, 'the link was used, taken back, or has expired; ask for a new one')
      return HttpResponse.json({
        kind: input.link.startsWith('reset') ? 'password_reset' : 'invitation',
        email: 'accountant@ledger.example',
        workspace: 'Hearth & Harbour',
        role: 'analyst',
        expires_at: ago(-DAY),
      })
    }),
  ]
}

function ownHandlers(state: Access): RequestHandler[] {
  return [
    http.get('*/v1/tokens', () => page('tokens', state.tokens)),
    http.post('*/v1/tokens', async ({ request }) => {
      const input = (await request.json()) as { name: string; scopes: string[]; expires_in_days?: number }
      if (input.name === 'explode') return refusal(500, 'the database did not answer')
      const made = token(`tok_${state.tokens.length + 1}`, input.name, input.scopes, {
        created_at: ago(0),
        expires_at: input.expires_in_days ? ago(-input.expires_in_days * DAY) : null,
        last_used_at: null,
      })
      state.tokens.unshift(made)
      return HttpResponse.json({ secret: 'royal_shown-once', token: made }, { status: 201 })
    }),
    http.delete('*/v1/tokens/:id', ({ params }) => {
      state.tokens = state.tokens.filter(known => known.id !== params.id)
      return nothing()
    }),
    http.get('*/v1/auth/sessions', () => page('sessions', state.sessions)),
    http.delete('*/v1/auth/sessions/:id', ({ params }) => {
      state.sessions = state.sessions.filter(known => known.id !== params.id)
      return nothing()
    }),
    http.delete('*/v1/auth/sessions', () => {
      const ended = state.sessions.filter(known => !known.is_current).length
      state.sessions = state.sessions.filter(known => known.is_current)
      return HttpResponse.json({ ended })
    }),
    http.post('*/v1/auth/password', async ({ request }) => {
      const input = (await request.json()) as { current: string }
      if (input.current === 'wrong password here')
        return refusal(422, 'the current password is wrong', 'current')
      return nothing()
    }),
  ]
}

function auditHandlers(state: Access): RequestHandler[] {
  return [
    http.get('*/v1/audit/check', () =>
      HttpResponse.json({
        holds: true,
        entries: state.entries.length,
        checkpoints: 1,
        signed_at: ago(300),
        unsigned: 2,
        broken_at: null,
        fault: null,
      }),
    ),
    http.get('*/v1/audit', ({ request }) => {
      const get = (name: string) => new URL(request.url).searchParams.get(name)
      const text = get('q') ?? ''
      if (text === 'explode') return refusal(500, 'the database did not answer')
      const found = state.entries
        .filter(known => known.actor.includes(text) || known.target.includes(text))
        .filter(known => !get('outcome') || known.outcome === get('outcome'))
        .filter(known => !get('action') || known.action.startsWith(`${get('action')}.`))
      return page('entries', found)
    }),
  ]
}
