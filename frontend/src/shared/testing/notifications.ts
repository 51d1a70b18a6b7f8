/**
 * The mock backend of notices and channels. Keeps state, and fails on purpose for these inputs: an address with "internal" in
 * it, a test to a channel named "Broken", the time zone "Mars/Olympus".
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  Delivery,
  NewChannel,
  Notice,
  NotificationChannel,
  NotificationPreferences,
} from '@/shared/api/types'

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function notice(number: number, more: Partial<Notice>): Notice {
  return {
    id: `0190b2f0-0000-7000-8000-0000000000${number}0`,
    kind: 'sync_failed',
    severity: 'warning',
    title: 'A sync failed',
    facts: [],
    link: '/connections',
    store_id: null,
    first_at: ago(number * 50),
    last_at: ago(number * 20),
    count: 1,
    is_read: false,
    ...more,
  }
}

const NOTICES: Notice[] = [
  notice(1, {
    kind: 'stop_set',
    severity: 'critical',
    title: 'All writes are stopped',
    facts: [{ label: 'Why', value: 'Prices look wrong' }],
    link: '/change-sets',
  }),
  notice(2, { count: 12, facts: [{ label: 'Why', value: 'hearth.myshopify.com does not answer' }] }),
  notice(3, {
    kind: 'proposal_waiting',
    severity: 'info',
    title: '3 prices waits for approval',
    is_read: true,
  }),
]

function refused(field: string, message: string) {
  return HttpResponse.json(
    { type: 'about:blank', title: 'Refused', status: 422, detail: message, errors: [{ field, message }] },
    { status: 422, headers: { 'content-type': 'application/problem+json' } },
  )
}

function unreadOf(notices: Notice[]) {
  const count = (severity: Notice['severity']) =>
    notices.filter(one => !one.is_read && one.severity === severity).length
  const [info, warning, critical] = [count('info'), count('warning'), count('critical')]
  return { total: info + warning + critical, info, warning, critical }
}

export function notificationHandlers(): RequestHandler[] {
  const notices = NOTICES.map(one => ({ ...one }))
  let preferences: NotificationPreferences = {
    info: 'off',
    warning: 'digest',
    critical: 'now',
    quiet: null,
    digest_at: '08:00',
    zone: null,
  }
  const own = () => ({
    preferences,
    default_zone: 'America/New_York',
    has_mail: true,
    address: 'olivia@hearth.example',
  })
  return [
    http.get('*/v1/notifications', ({ request }) => {
      const unread = new URL(request.url).searchParams.get('unread') === 'true'
      const shown = notices.filter(one => !(unread && one.is_read))
      return HttpResponse.json({
        notifications: shown,
        unread: unreadOf(notices),
        total: shown.length,
        next_cursor: null,
      })
    }),
    http.post('*/v1/notifications/read', async ({ request }) => {
      const { id } = (await request.json()) as { id: string | null }
      for (const one of notices) if (id === null || one.id === id) one.is_read = true
      return HttpResponse.json(unreadOf(notices))
    }),
    http.get('*/v1/notifications/preferences', () => HttpResponse.json(own())),
    http.put('*/v1/notifications/preferences', async ({ request }) => {
      const wanted = (await request.json()) as NotificationPreferences
      if (wanted.zone === 'Mars/Olympus')
        return refused('preferences.zone', 'is no time zone; one is called Europe/Berlin, for example')
      preferences = wanted
      return HttpResponse.json(own())
    }),
    ...channelHandlers(),
  ]
}

function channelHandlers(): RequestHandler[] {
  const channels: NotificationChannel[] = []
  const deliveries: Delivery[] = []
  const find = (id: unknown) => channels.find(one => one.id === id)
  const test = (channel: NotificationChannel): Delivery => {
    const fails = channel.name === 'Broken'
    channel.last_error = fails ? 'it answers 500 Internal Server Error' : null
    channel.last_sent_at = fails ? channel.last_sent_at : ago(0)
    return {
      id: `delivery-${deliveries.length + 1}`,
      recipient_kind: 'channel',
      recipient_id: channel.id,
      is_digest: false,
      is_test: true,
      state: fails ? 'dead' : 'sent',
      tries: 1,
      last_error: channel.last_error,
      created_at: ago(0),
      due_at: ago(0),
      finished_at: ago(0),
    }
  }
  return [
    http.get('*/v1/notification-channels', () => HttpResponse.json({ channels })),
    http.post('*/v1/notification-channels', async ({ request }) => {
      const { url, ...draft } = (await request.json()) as NewChannel
      if (!url || url.includes('internal'))
        return refused('url', 'chat.internal is an address inside a network')
      const channel: NotificationChannel = {
        id: `channel-${channels.length + 1}`,
        ...draft,
        is_enabled: draft.is_enabled ?? true,
        address: draft.kind === 'slack' ? new URL(url).host : url,
        off_reason: null,
        failing_since: null,
        last_error: null,
        last_sent_at: null,
        created_at: ago(0),
      }
      channels.push(channel)
      const secret = draft.kind === 'webhook' ? 'whsec_c2hvd24gb25jZQ==' : null
      return HttpResponse.json({ channel, secret }, { status: 201 })
    }),
    http.put('*/v1/notification-channels/:id', async ({ params, request }) => {
      const channel = find(params.id)
      if (!channel) return new HttpResponse(null, { status: 404 })
      const { url: _, ...draft } = (await request.json()) as NewChannel
      Object.assign(channel, draft, { off_reason: null })
      return HttpResponse.json(channel)
    }),
    http.delete('*/v1/notification-channels/:id', ({ params }) => {
      channels.splice(0, channels.length, ...channels.filter(one => one.id !== params.id))
      return new HttpResponse(null, { status: 204 })
    }),
    http.post('*/v1/notification-channels/:id/test', ({ params }) => {
      const channel = find(params.id)
      if (!channel) return new HttpResponse(null, { status: 404 })
      const delivery = test(channel)
      deliveries.unshift(delivery)
      return HttpResponse.json(delivery)
    }),
    http.post('*/v1/notification-channels/:id/secret', () =>
      HttpResponse.json({ secret: 'whsec_bmV3IG9uZQ==' }),
    ),
    http.get('*/v1/notification-deliveries', () =>
      HttpResponse.json({ deliveries, total: deliveries.length, next_cursor: null }),
    ),
  ]
}
