import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { syncQuery } from '@/shared/api/queries'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('first run', () => {
  it('leads from the set-up code to the profit', async () => {
    backend.start('fresh', 300)
    const { user } = renderApp(APP, '/setup?code=ABCD-EFGH')
    expect(await screen.findByLabelText('Set-up code', {}, SLOW)).toHaveProperty('value', 'ABCD-EFGH')
    await user.click(screen.getByRole('button', { name: 'Create the owner' }))
    expect(await screen.findByText('Give your business a name.')).toBeTruthy()
    await user.type(screen.getByLabelText('Name of your business'), 'Hearth & Harbour')
    await user.type(screen.getByLabelText('E-mail'), 'olivia@hearth.example')
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Create the owner' }))
    await user.click(await screen.findByRole('button', { name: 'Use the sandbox store' }, SLOW))
    expect(await screen.findByRole('heading', { name: 'What do your products cost?' }, SLOW)).toBeTruthy()
    expect(await screen.findByText(/2 variants lack a cost, most of all/, {}, SLOW)).toBeTruthy()
    expect(screen.getByLabelText('CSV file')).toBeTruthy()
    await user.type(
      await screen.findByLabelText('Where no cost is known, take this percent of the price', {}, SLOW),
      '35',
    )
    await user.click(screen.getByRole('button', { name: 'Preview' }))
    await user.click(await screen.findByRole('button', { name: 'Apply' }))
    await user.click(screen.getByRole('link', { name: 'Later: see the profit' }))
    expect(await screen.findByTestId('net-profit', {}, SLOW)).toBeTruthy()
    expect(screen.getByText('Sandbox')).toBeTruthy()
  })
  it('asks for the costs also where the sync was over before one looked', async () => {
    backend.start('ready')
    renderApp(APP, '/syncs/sync_1?first=1')
    expect(await screen.findByRole('heading', { name: 'What do your products cost?' }, SLOW)).toBeTruthy()
  })
  it('takes nobody along who is on the way elsewhere', async () => {
    backend.start('ready')
    const { client, router } = renderApp(APP, '/syncs/sync_1')
    expect(await screen.findByRole('heading', { name: 'Your store is here' }, SLOW)).toBeTruthy()
    const { queryKey } = syncQuery('sync_1')
    const over = client.getQueryData(queryKey)
    if (!over) throw new Error('the sync was not read')
    act(() => client.setQueryData(queryKey, { ...over, status: 'running' }))
    expect(await screen.findByRole('heading', { name: 'Fetching your store' })).toBeTruthy()
    act(() => {
      void router.navigate({ to: '/orders' })
      client.setQueryData(queryKey, over)
    })
    expect(await screen.findByRole('heading', { name: 'Orders' }, SLOW)).toBeTruthy()
  })
  it('says that the code is wrong where the code is', async () => {
    backend.start('fresh')
    const { user } = renderApp(APP, '/setup?code=WRONG')
    await user.type(await screen.findByLabelText('Name of your business', {}, SLOW), 'Hearth')
    await user.type(screen.getByLabelText('E-mail'), 'olivia@hearth.example')
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Create the owner' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/not the code/)
    expect(screen.getByLabelText('Set-up code').getAttribute('aria-invalid')).toBe('true')
  })
  it('names the field and the remedy when the shop or the token is refused', async () => {
    backend.start('fresh')
    const { user, router } = renderApp(APP, '/setup?code=X')
    await user.type(await screen.findByLabelText('Name of your business', {}, SLOW), 'Hearth')
    await user.type(screen.getByLabelText('E-mail'), 'olivia@hearth.example')
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Create the owner' }))
    await user.click(await screen.findByRole('button', { name: 'Connect Shopify' }, SLOW))
    await user.type(await screen.findByLabelText('Shop', {}, SLOW), 'acme')
    await user.type(
      screen.getByLabelText('Access token', { selector: 'input:not([type=radio])' }),
      'shpat_bad',
    )
    await user.click(screen.getByRole('button', { name: 'Connect and start the sync' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/Install the app again/)
    expect(router.state.location.pathname).toBe('/start')
  })
})

describe('signing in', () => {
  it('is asked for, and leads back to where one wanted to go', async () => {
    backend.start('ready')
    await fetch('http://localhost:3000/v1/auth/logout', { method: 'POST' })
    const { user, router } = renderApp(APP, '/orders?range=7d')
    await user.type(await screen.findByLabelText('E-mail', {}, SLOW), 'olivia@hearth.example')
    await user.type(screen.getByLabelText('Password'), 'wrong password here')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/wrong/)
    await user.clear(screen.getByLabelText('Password'))
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByRole('heading', { name: 'Orders' }, SLOW)).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ range: '7d' })
  })
})

describe('pages', () => {
  it('Pulse says the profit, its coverage and what is not in it', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/')
    const profit = await screen.findByTestId('net-profit', {}, SLOW)
    expect(profit.textContent).toMatch(/^\$[\d,]+\.\d\d$/)
    expect(screen.getByText(/Profit known for 9\d\s% of net sales/)).toBeTruthy()
    const before = screen.getByText(/^Before/)
    expect(before.textContent).toBe('Before shipping cost, ad spend and fixed costs: not told yet.')
    expect(within(before).getByRole('link', { name: 'ad spend' }).getAttribute('href')).toMatch(
      /\/costs\?.*tab=spend/,
    )
    const account = await screen.findByRole('table', { name: 'From gross sales to net profit' }, SLOW)
    expect(within(account).getAllByText(profit.textContent ?? '').length).toBeGreaterThan(0)
    await user.click(screen.getByRole('button', { name: 'Where this comes from' }))
    expect(await screen.findByText('CM3 − fixed costs', {}, SLOW)).toBeTruthy()
  })
  it('P&L has a column a period, and its export asks for the same days', async () => {
    backend.start('ready')
    renderApp(APP, '/pnl?from=2026-10-01&to=2026-10-05')
    expect(await screen.findByRole('columnheader', { name: /Oct 3/ }, SLOW)).toBeTruthy()
    const link = screen.getByRole('link', { name: 'Export CSV' })
    expect(link.getAttribute('href')).toMatch(/from=2026-10-01&to=2026-10-05&by=day&format=csv/)
  })
  it('Orders are found by name, and a search that fails says so', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/orders?range=all')
    const search = await screen.findByRole('searchbox', {}, SLOW)
    await user.type(search, '#1005')
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: '#1005', range: 'all' }))
    expect(await screen.findByText('1 order', {}, SLOW)).toBeTruthy()
    await user.clear(search)
    await user.type(search, 'explode')
    expect((await screen.findByRole('alert', {}, SLOW)).textContent).toMatch(/database did not answer/)
  })
  it('an order shows its ledger and that it agrees with the provider', async () => {
    backend.start('ready')
    renderApp(APP, '/orders/5001010')
    expect(await screen.findByText('Agree to the cent', {}, SLOW)).toBeTruthy()
    expect(screen.getByRole('table', { name: 'What the customer owes' })).toBeTruthy()
  })
  it('an order says which of its costs are missing and why, and by which rate one was converted', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/orders/5001010')
    const costs = await screen.findByRole('region', { name: 'How well its costs are known' }, SLOW)
    const missing = within(costs).getByRole('list', { name: 'What is missing' })
    expect(within(missing).getByText(/asks for a weight, and the order tells none/)).toBeTruthy()
    const link = within(missing).getAllByRole('link', { name: 'Tell it under Costs' }).at(-1)
    expect(link?.getAttribute('href')).toMatch(/\/costs\?tab=shipping/)
    const converted = within(costs).getByRole('list', { name: 'Costs in another currency' })
    expect(converted.textContent).toMatch(/1 EUR = 1\.1657 USD, published for/)
    await user.click(screen.getByRole('button', { name: 'Net sales' }))
    const panel = within(await screen.findByRole('dialog', { name: 'Net sales' }, SLOW))
    expect(panel.getByText(/Shopify Help Center/)).toBeTruthy()
  })
  it('Products say what of the costs behind a profit is missing, and lead to exactly that', async () => {
    backend.start('ready')
    renderApp(APP, '/products?cost=missing&range=all')
    const [link] = await screen.findAllByRole(
      'link',
      { name: /: 2 costs missing \(cost and shipping\)\. Open Costs/ },
      SLOW,
    )
    expect(link?.getAttribute('href')).toMatch(/\/costs\?.*state=missing.*q=90\d\d/)
  })
  it('Products flag a missing cost', async () => {
    backend.start('ready')
    renderApp(APP, '/products?cost=missing')
    expect(await screen.findByText('2 products', {}, SLOW)).toBeTruthy()
    expect(screen.getAllByText('No cost').length).toBe(2)
  })
  it('Products are sorted by what they earned, the unknown last', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/products?range=all')
    await user.click(await screen.findByRole('button', { name: 'Net profit' }, SLOW))
    await waitFor(() => expect(router.state.location.search).toMatchObject({ sort: '-net_profit' }))
    const header = screen.getByRole('columnheader', { name: 'Net profit' })
    expect(header.getAttribute('aria-sort')).toBe('descending')
    const profits = screen
      .getAllByRole('row')
      .slice(1)
      .map(row => within(row).getAllByRole('cell').at(-1)?.textContent ?? '')
      .filter(text => text.startsWith('$'))
      .map(text => Number(/^\$([\d,]+\.\d\d)/.exec(text)?.[1]?.replaceAll(',', '')))
    expect(profits.length).toBeGreaterThan(5)
    expect(profits).toEqual([...profits].sort((left, right) => right - left))
    await user.click(screen.getByRole('button', { name: 'Net profit' }))
    await waitFor(() => expect(header.getAttribute('aria-sort')).toBe('ascending'))
    const last = screen.getAllByRole('row').at(-1)
    expect(last?.textContent).toMatch(/—/)
  })
  it('Connections tell what a missing scope costs', async () => {
    backend.start('ready')
    renderApp(APP, '/connections')
    expect(await screen.findByText(/payouts are not reconciled/, {}, SLOW)).toBeTruthy()
  })
  it('Connections tell how their days stand against the shop’s own totals', async () => {
    backend.start('ready')
    renderApp(APP, '/connections')
    expect(await screen.findByText(/On 1 of 30 days \+?\$12\.00 has no known cause/, {}, SLOW)).toBeTruthy()
    const link = screen.getByRole('link', { name: 'Our days against the shop’s own' })
    expect(link.getAttribute('href')).toMatch(/\/reconciliation\?store=store_1/)
  })
  it('an address that leads nowhere says so', async () => {
    backend.start('ready')
    renderApp(APP, '/nowhere')
    expect(await screen.findByText('This address leads nowhere', {}, SLOW)).toBeTruthy()
  })
})
