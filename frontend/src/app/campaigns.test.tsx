/** Campaigns by profit: what loses is said, what is not known has its reason, and an account is connected. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function open(path = '/campaigns') {
  backend.start('ready')
  return renderApp(APP, path)
}

describe('campaigns', () => {
  it('says which lose money, and shows what each cost and left', async () => {
    open()
    const table = within(await screen.findByRole('table', { name: 'Campaigns' }, SLOW))
    const row = within(table.getByRole('row', { name: /Seasonal/ }))
    expect(row.getByText('$2,310.00')).toBeTruthy()
    expect(row.getByText(/^0\.44/)).toBeTruthy()
    expect(screen.getByText('2 of 6 campaigns cost more than they bring')).toBeTruthy()
    expect(screen.getByRole('figure', { name: 'Spend and profit on it' })).toBeTruthy()
    // One without spend has a reason in place of a ratio.
    const paused = within(table.getByRole('row', { name: /New arrivals/ }))
    expect(paused.getAllByRole('button', { name: /nothing was spent/ }).length).toBeGreaterThan(0)
  })

  it('says what was wasted, what the spend sold, and what is advertised without stock', async () => {
    open()
    const products = within(await screen.findByRole('table', { name: 'Products that ads sell' }, SLOW))
    expect(products.getByRole('row', { name: /Trekking tent.*No stock/ })).toBeTruthy()
    expect(screen.getByText('Wasted in all')).toBeTruthy()
    expect(screen.getByText('34 days')).toBeTruthy()
    expect(screen.getByRole('heading', { name: 'Ads for products without stock' })).toBeTruthy()
    const own = within(screen.getByRole('table', { name: 'Campaigns by our own orders' }))
    expect(own.getAllByRole('button', { name: /no order of these days names it/ }).length).toBeGreaterThan(0)
  })

  it('leads to one campaign with its days, ad sets and earlier name', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('link', { name: 'Seasonal' }, SLOW))
    expect(await screen.findByRole('heading', { level: 1, name: 'Seasonal' }, SLOW)).toBeTruthy()
    expect(screen.getByText('earlier: Spring sale')).toBeTruthy()
    expect(screen.getByText(/are provisional/)).toBeTruthy()
    expect(screen.getByRole('table', { name: 'Ad sets' })).toBeTruthy()
    const own = within(await screen.findByRole('table', { name: 'Our own orders by ad set' }, SLOW))
    expect(own.getByText('Not told: read before')).toBeTruthy()
    expect(own.getAllByRole('button', { name: /no link decides for it/ }).length).toBeGreaterThan(0)
  })

  it('proposes a new campaign, and puts the platform’s refusal at its field', async () => {
    const { user } = open()
    const sent: unknown[] = []
    backend.server.use(
      http.post('*/v1/change-sets', async ({ request }) => {
        sent.push(await request.json())
        const message = 'is refused by Meta: Your budget is too low'
        return HttpResponse.json(
          {
            type: 'about:blank',
            title: 'Unprocessable',
            status: 422,
            detail: 'it cannot be proposed',
            errors: [{ field: 'edits[0].daily_budget', message }],
          },
          { status: 422, headers: { 'content-type': 'application/problem+json' } },
        )
      }),
    )
    await user.click(await screen.findByRole('button', { name: 'New campaign' }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Propose it' }, SLOW))
    expect(await screen.findByText('Enter a name.')).toBeTruthy()
    await user.type(screen.getByLabelText('Name'), 'Winter tents')
    await user.type(screen.getByLabelText(/^Budget a day/), '0.10')
    await user.type(screen.getByLabelText('Why'), 'Winter comes')
    await user.click(screen.getByRole('button', { name: 'Propose it' }))
    expect(await screen.findByText(/Your budget is too low/)).toBeTruthy()
    expect(sent[0]).toMatchObject({
      edits: [{ kind: 'new_campaign', account_id: 'ads_1', name: 'Winter tents', daily_budget: '0.10' }],
    })
  })

  it('proposes a pause, which the platform is only asked about', async () => {
    const { user } = open()
    const sent: unknown[] = []
    backend.server.events.on('request:start', async ({ request }) => {
      if (request.method === 'POST' && request.url.endsWith('/v1/change-sets')) {
        sent.push(await request.clone().json())
      }
    })
    await user.click(await screen.findByRole('link', { name: 'Seasonal' }, SLOW))
    expect(await screen.findByText('100.00 USD a day to 75.00 USD a day', undefined, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Propose a change' }))
    await user.click(await screen.findByRole('button', { name: 'Propose it' }, SLOW))
    expect(await screen.findByText('Say why.')).toBeTruthy()
    await user.type(screen.getByLabelText('Why'), 'It loses money')
    await user.click(screen.getByRole('button', { name: 'Propose it' }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toMatchObject({
      reason: 'It loses money',
      edits: [{ kind: 'ad_status', level: 'campaign', after: 'paused' }],
    })
  })

  it('tells our own sales beside what platforms claim, by the visit that is chosen', async () => {
    const { user } = open('/campaigns/attribution')
    const table = within(await screen.findByRole('table', { name: 'Sales by source' }, SLOW))
    expect(table.getByText('Direct')).toBeTruthy()
    expect(table.getAllByText(/named by no order/)).toHaveLength(1)
    expect(screen.getByText(/no visits were read/)).toBeTruthy()
    const revenue = () => within(table.getByRole('row', { name: /Seasonal/ })).getAllByRole('cell')[2]
    const before = revenue()?.textContent
    await user.selectOptions(screen.getByLabelText('Which visit has the sale'), 'first')
    await waitFor(() => expect(revenue()?.textContent).not.toBe(before))
  })

  it('says so when they cannot be loaded', async () => {
    open()
    backend.server.use(
      http.get('*/v1/campaigns', () => HttpResponse.json({ title: 'No', status: 503 }, { status: 503 })),
    )
    expect(await screen.findByRole('alert', undefined, SLOW)).toBeTruthy()
  })

  it('connects an account where none is', async () => {
    const { user } = open()
    const nothing = {
      campaigns: [],
      total: 0,
      active: 0,
      total_budget: null,
      total_spent: '0.00',
      total_conversions: 0,
      average_roas: null,
      poas: null,
      break_even_roas: null,
      mer: null,
      spend_share: null,
      new_customer_cac: null,
      claimed_revenue: '0.00',
      pacing: { spent: '0.00', projected: null, limit: null, unknown: null },
      margin: { share: null, contribution_margin: null, net_revenue: null, reason: 'no sales' },
      currency: 'USD',
      from: '2026-01-01',
      to: '2026-01-30',
      ad_accounts: [],
      unavailable: {},
      timestamp: '2026-01-30T00:00:00Z',
    }
    backend.server.use(http.get('*/v1/campaigns', () => HttpResponse.json(nothing)))
    const sent: unknown[] = []
    backend.server.events.on('request:start', async ({ request }) => {
      if (request.method === 'POST' && request.url.endsWith('/v1/ad-accounts')) {
        sent.push(await request.clone().json())
      }
    })
    await user.click(await screen.findByRole('button', { name: 'Connect an ad account' }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Connect' }, SLOW))
    expect(screen.getAllByText('This is needed.').length).toBe(2)
    expect(sent).toEqual([])
    await user.type(screen.getByLabelText('Ad account'), 'act_1')
    await user.type(screen.getByLabelText('Token of a system user'), 'secret')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toMatchObject({ platform: 'meta', number: 'act_1', access_token: 'secret' })
  })
})
