/** Inventory: from what runs out first to one variant with its forecast, and the states in which less is known. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

const STANDING = {
  items: [],
  total: 0,
  next_cursor: null,
  currency: 'USD',
  today: '2026-11-28',
  summary: {
    variants: 0,
    out: 0,
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    unknown: 0,
    reorder: 0,
    overstock: 0,
    dead: 0,
    slow: 0,
    without_cost: 0,
    stock_value: null,
    overstock_value: null,
    dead_value: null,
    unavailable: { stock_value: 'no variant has a cost' },
  },
  forecast: { as_of: null, learned_to: null, state: 'none', run_id: null, reason: null },
  stock_history: { since: null, reason: 'stock is written down from today on' },
}

function viewer() {
  return http.get('*/v1/auth/me', () =>
    HttpResponse.json({
      user: { id: 'user_9', email: 'vic@hearth.example', role: 'viewer' },
      workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
      permissions: ['inventory:read'],
      csrf_token: 'csrf-of-the-mock',
    }),
  )
}

describe('inventory', () => {
  it('draws what runs out first against its lead time, and says so in words', async () => {
    backend.start('ready')
    renderApp(APP, '/inventory')
    const drawing = within(await screen.findByRole('figure', { name: 'Cover against lead time' }, SLOW))
    expect(
      drawing.getByText(
        /1 of these 12 runs out before an order of today would arrive: Walnut desk organiser/,
      ),
    ).toBeTruthy()
    const first = drawing.getAllByRole('link')[0] as HTMLElement
    expect(first.textContent).toBe(
      'Walnut desk organiser: out of stock – an order of today takes 9 days, too late',
    )
    expect(
      within(screen.getByRole('table', { name: 'Inventory' })).getAllByRole('row').length,
    ).toBeGreaterThan(3)
  })

  it('is narrowed by a tile, by the fields, and set free again', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/inventory')
    await user.click(await screen.findByRole('button', { name: 'Out of stock' }, SLOW))
    expect(await screen.findByText('1 variant', {}, SLOW)).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ urgency: 'out' })
    expect(screen.getByRole('button', { name: 'Out of stock' }).getAttribute('aria-pressed')).toBe('true')
    await user.click(screen.getByRole('button', { name: 'Clear filters' }))
    expect(await screen.findByText('16 variants', {}, SLOW)).toBeTruthy()
  })

  it('says why a figure is not known', async () => {
    backend.start('ready')
    renderApp(APP, '/inventory?q=cork')
    const table = within(await screen.findByRole('table', { name: 'Inventory' }, SLOW))
    await waitFor(() => expect(table.getAllByRole('row').length).toBe(2))
    expect(table.getAllByRole('button', { name: 'Not known: The shop does not count it.' }).length).toBe(2)
    expect(table.getByText('Not counted')).toBeTruthy()
  })

  it('forecasts again on demand, with how far it is', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/inventory')
    const button = await screen.findByRole('button', { name: 'Forecast again' }, SLOW)
    await user.click(button)
    expect(await screen.findByRole('progressbar', { name: 'Variants forecast' }, SLOW)).toBeTruthy()
    expect(await screen.findByText(/\d+ of 16 variants/, {}, SLOW)).toBeTruthy()
    await waitFor(() => expect(screen.queryByRole('progressbar', { name: 'Variants forecast' })).toBeNull(), {
      timeout: 15_000,
    })
  })

  it('stops a forecast that is being made', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/inventory')
    await user.click(await screen.findByRole('button', { name: 'Forecast again' }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Stop' }, SLOW))
    await waitFor(() => expect(screen.queryByRole('progressbar', { name: 'Variants forecast' })).toBeNull())
    const again = screen.getByRole('button', { name: 'Forecast again' })
    await waitFor(() => expect(again).toHaveProperty('disabled', false))
  })

  it('without a forecast offers to make the first, to those who may', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/inventory', () => HttpResponse.json(STANDING)),
      http.get('*/v1/forecasts/runs', () => HttpResponse.json({ runs: [], total: 0, next_cursor: null })),
    )
    renderApp(APP, '/inventory')
    expect(await screen.findByText('There is no forecast yet', {}, SLOW)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Make the first forecast' })).toBeTruthy()
    expect(screen.getByText('Stock is written down from today on.')).toBeTruthy()
    expect(screen.getByText('No variants yet')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Not known: No variant has a cost.' })).toBeTruthy()
  })

  it('starts nothing for those who only read', async () => {
    backend.start('ready')
    backend.server.use(viewer())
    renderApp(APP, '/inventory')
    expect(await screen.findByText('16 variants', {}, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Forecast again' })).toBeNull()
  })

  it('tells of a forecast that failed, and of a page that could not be loaded', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/forecasts/runs', () =>
        HttpResponse.json({
          runs: [
            {
              id: 'frun_3',
              status: 'failed',
              created_at: new Date().toISOString(),
              done: 3,
              total: 16,
              error: { message: 'The database did not answer.', remedy: 'It is tried again tonight.' },
            },
          ],
        }),
      ),
    )
    renderApp(APP, '/inventory')
    expect(await screen.findByText(/It is tried again tonight\./, {}, SLOW)).toBeTruthy()
  })

  it('that cannot be loaded says so', async () => {
    backend.start('ready')
    renderApp(APP, '/inventory?q=explode')
    expect((await screen.findAllByText('The database did not answer.', {}, SLOW)).length).toBeGreaterThan(0)
  })
})

describe('a variant', () => {
  it('shows history and forecast, stock ahead with arrivals, and how figures come about', async () => {
    backend.start('ready')
    renderApp(APP, '/inventory/90021')
    expect(await screen.findByRole('heading', { level: 1, name: 'Linen notebook A5' }, SLOW)).toBeTruthy()
    const fan = within(screen.getByRole('figure', { name: 'Demand for Linen notebook A5 per day' }))
    expect(fan.getByText(/each day’s interval holds four of five days/)).toBeTruthy()
    const stock = within(screen.getByRole('figure', { name: 'Stock of Linen notebook A5' }))
    expect(
      stock.getByText(/PO-0007: 24 units until .*PO-0008: 6 units, nobody told when\..*PO-0007: 24 come/),
    ).toBeTruthy()
    expect(
      screen.getByText('theta 0.40 + seasonal naive 0.30 + weekly median of 8 weeks 0.20 + 2 more'),
    ).toBeTruthy()
    expect(screen.getByText('TSB 0.06 + Croston SBA 0.04')).toBeTruthy()
    expect(screen.getByText('demand over the lead time + safety stock')).toBeTruthy()
    expect(
      screen.getAllByRole('button', {
        name: 'Not known: No lead time is set for this variant, its vendor or the store.',
      }).length,
    ).toBeGreaterThan(3)
  })

  it('with too little history says what it was borrowed from', async () => {
    backend.start('ready')
    renderApp(APP, '/inventory/90141')
    expect(
      await screen.findByText('There is too little history for a forecast of its own.', {}, SLOW),
    ).toBeTruthy()
    expect(screen.getByText(/Too little history: 20 of 28 days; the level is borrowed/)).toBeTruthy()
    expect(screen.getByText('Desk', { exact: true })).toBeTruthy()
  })

  it('before its first forecast says that there is none, and no more', async () => {
    backend.start('ready')
    const answer = await (await fetch('http://localhost/v1/inventory/90021')).json()
    const forecast = {
      ...answer.forecast,
      state: 'none',
      steps: [],
      history: 'none',
      unavailable: { steps: 'none was made yet' },
    }
    backend.server.use(
      http.get('*/v1/inventory/:variant', () => HttpResponse.json({ ...answer, forecast, cover: [] })),
    )
    renderApp(APP, '/inventory/90021')
    expect(await screen.findByText('None was made yet.', {}, SLOW)).toBeTruthy()
    expect(screen.queryByText(/has not sold/)).toBeNull()
  })

  it('that was out of stock says so of those days', async () => {
    backend.start('ready')
    renderApp(APP, '/inventory/90001')
    expect(await screen.findByText(/of which it was out of stock on 3/, {}, SLOW)).toBeTruthy()
    expect(screen.getByText(/Nothing is left now\./)).toBeTruthy()
  })

  it('that does not exist leads back', async () => {
    backend.start('ready')
    renderApp(APP, '/inventory/404')
    expect(await screen.findByText('There is no such variant', {}, SLOW)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'All of the inventory' })).toBeTruthy()
  })
})
