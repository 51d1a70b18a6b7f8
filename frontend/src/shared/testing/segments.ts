/** The mock's segments: their exports are kept like the server does, and a webhook named "Refuses" takes nothing. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { OutreachSegment, SegmentExport, SegmentSettings } from '@/shared/api/types'

const SEGMENTS: OutreachSegment[] = [
  { id: 'new', members: 212, about: 'One order so far, within the last 30 days' },
  { id: 'repeat', members: 1_840, about: 'At least two orders' },
  { id: 'lapsed', members: 3_104, about: 'No order for more than 90 days' },
  { id: 'high_value', members: 0, about: 'More than 1000 USD of net revenue so far' },
  {
    id: 'abandoned_checkout',
    members: null,
    about: 'Left a checkout 4 hours to 14 days ago, and bought nothing since',
  },
  { id: 'bought', members: null, about: 'Bought one product, and kept it' },
]

const problem = (status: number, detail: string, errors?: { field: string; message: string }[]) =>
  HttpResponse.json(
    { type: 'about:blank', title: 'Refused', status, detail, ...(errors && { errors }) },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )

export function segmentHandlers(): RequestHandler[] {
  let settings: SegmentSettings = {
    store_id: 'store_1',
    version: 0,
    most: 1,
    within_days: 7,
    new_days: 30,
    checkout_hours: 4,
    checkout_days: 14,
    updated_at: null,
    updated_by: null,
  }
  const exports: SegmentExport[] = []
  const make = (segment: string, channel: SegmentExport['channel'], via: string): SegmentExport => {
    const made: SegmentExport = {
      id: `export_${exports.length + 1}`,
      segment,
      channel,
      via,
      at: new Date().toISOString(),
      by: 'Ann Example',
      members: 212,
      told: 120,
      left_out: { not_known: 0, no_address: 2, no_consent: 80, already_told: 6, too_often: 4, no_longer: 0 },
      taken_back: false,
      delivery: null,
    }
    exports.unshift(made)
    return made
  }
  return [
    http.get('*/v1/segments', () => HttpResponse.json({ segments: SEGMENTS, total: SEGMENTS.length })),
    http.get('*/v1/segment-exports', () => HttpResponse.json({ exports, total: exports.length })),
    http.get('*/v1/segment-settings', () => HttpResponse.json(settings)),
    http.put('*/v1/segment-settings', async ({ request }) => {
      const asked = (await request.json()) as SegmentSettings
      if (asked.most < 1 || asked.most > 30) {
        return problem(422, 'a value is out of its bounds', [{ field: 'most', message: 'lies from 1 to 30' }])
      }
      settings = { ...settings, ...asked, version: settings.version + 1, updated_by: 'Ann Example' }
      return HttpResponse.json(settings)
    }),
    http.post('*/v1/segments/:id/export', async ({ params, request }) => {
      const asked = (await request.json()) as { channel: SegmentExport['channel'] }
      make(String(params.id), asked.channel, 'csv')
      return new HttpResponse('customer_id,email\n7,ann@example.com\n', {
        headers: { 'content-type': 'text/csv' },
      })
    }),
    http.post('*/v1/segments/:id/send', async ({ params, request }) => {
      const asked = (await request.json()) as { channel: SegmentExport['channel'] }
      const made = make(String(params.id), asked.channel, 'Mail tool')
      made.delivery = {
        state: asked.channel === 'sms' ? 'unknown' : 'waiting',
        tries: 1,
        next_try_at: asked.channel === 'sms' ? null : new Date(Date.now() + 30_000).toISOString(),
        tried_at: made.at,
        reason: asked.channel === 'sms' ? 'it did not answer in time' : 'it answers 503 Service Unavailable',
        may_have_arrived: true,
      }
      return HttpResponse.json(made)
    }),
    http.post('*/v1/segment-exports/:id/retry', async ({ params, request }) => {
      const asked = (await request.json()) as { receiver_drops_repeats?: boolean }
      const found = exports.find(of => of.id === params.id)
      if (!found?.delivery) return problem(404, 'there is no such export')
      if (found.delivery.state === 'unknown' && !asked.receiver_drops_repeats) {
        return problem(409, 'it is `unknown`, in which this cannot be done')
      }
      found.delivery = { ...found.delivery, state: 'taken', tries: 2, next_try_at: null, reason: null }
      return HttpResponse.json(found)
    }),
    http.post('*/v1/segment-exports/:id/give-up', ({ params }) => {
      const found = exports.find(of => of.id === params.id)
      if (!found?.delivery) return problem(404, 'there is no such export')
      found.delivery = { ...found.delivery, state: 'given_up', next_try_at: null }
      return HttpResponse.json(found)
    }),
  ]
}
