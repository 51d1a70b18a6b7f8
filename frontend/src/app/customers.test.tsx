import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { customerHandlers, type People } from '@/shared/testing/customers'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function start(people: People) {
  backend.start('ready')
  backend.server.use(...customerHandlers(people))
}

describe('customers', () => {
  it('shows who is new, what they are worth with its interval, and when that pays', async () => {
    start('many')
    renderApp(APP, '/customers')
    const tiles = await screen.findByRole('list', { name: 'Key figures' }, SLOW)
    expect(within(tiles).getByText(/95.%.*800 customers, costs known for 94/)).toBeTruthy()
    expect(await screen.findByText('$31.40', {}, SLOW)).toBeTruthy()
    expect(screen.getByText('27')).toBeTruthy()
    const values = screen.getByRole('region', { name: 'Lifetime value by cohort' })
    expect(within(values).getAllByText(/≈/).length).toBeGreaterThan(3)
    expect(within(values).getAllByRole('button', { name: /days observed/ }).length).toBeGreaterThan(0)
  })
  it('follows cohorts by another measure, which the address remembers', async () => {
    start('many')
    const { user, router } = renderApp(APP, '/customers')
    await user.selectOptions(await screen.findByLabelText('Show', {}, SLOW), 'margin')
    await waitFor(() => expect(router.state.location.search).toMatchObject({ measure: 'margin' }))
    expect(await screen.findByRole('figure', { name: 'Cohorts: Contribution margin' }, SLOW)).toBeTruthy()
  })
  it('narrows the list to a segment and exports it', async () => {
    start('many')
    const { user, router } = renderApp(APP, '/customers')
    const table = await screen.findByRole('table', { name: 'Segments by fifths' }, SLOW)
    await user.click(within(table).getByRole('button', { name: 'Champions' }))
    await waitFor(() => expect(router.state.location.search).toMatchObject({ segment: 'champions' }))
    const link = screen.getByRole('link', { name: 'Export Champions as CSV' })
    expect(link.getAttribute('href')).toMatch(/segments\/champions\/export\?store_id=store_1/)
  })
  it('changes the thresholds of segments, and opens the passport of a figure', async () => {
    start('many')
    const { user } = renderApp(APP, '/customers')
    const vip = await screen.findByLabelText(/^VIP: net revenue above/, {}, SLOW)
    await user.clear(vip)
    await user.type(vip, '0')
    expect(screen.getByText(/A whole number from 1 to 1,000,000,000/)).toBeTruthy()
    await user.clear(vip)
    await user.type(vip, '750')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect((screen.getByLabelText(/^VIP: net revenue above/) as HTMLInputElement).value).toBe('750'),
    )
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true)
    expect(screen.getByRole('button', { name: 'LTV after 90 days' })).toBeTruthy()
  })
  it('says why a young store has no curve beyond its days, and no fifths', async () => {
    start('young')
    renderApp(APP, '/customers')
    expect((await screen.findAllByText(/12 of 90 days observed/, {}, SLOW)).length).toBeGreaterThan(0)
    expect(await screen.findByText(/quintiles need at least 25 customers/, {}, SLOW)).toBeTruthy()
    expect(await screen.findByText(/still in its first month/, {}, SLOW)).toBeTruthy()
  })
  it('has nobody to follow when all are guests', async () => {
    start('guests')
    renderApp(APP, '/customers')
    expect(await screen.findByText('Only guests so far', {}, SLOW)).toBeTruthy()
  })
  it('shows numbers where names are not granted, and says so', async () => {
    start('no_scope')
    renderApp(APP, '/customers')
    expect(await screen.findByText(/not allowed to read customers/, {}, SLOW)).toBeTruthy()
    expect((await screen.findAllByText('Customer 7200000000001', {}, SLOW)).length).toBeGreaterThan(0)
  })
  it('shows a forgotten customer by number, with the amounts that stay', async () => {
    start('many')
    renderApp(APP, '/customers/7200000000003')
    expect(await screen.findByRole('heading', { name: 'Forgotten customer' }, SLOW)).toBeTruthy()
    expect(screen.getByText(/amounts stay by number/)).toBeTruthy()
  })
  it('lists requests about personal data with their deadline', async () => {
    start('many')
    renderApp(APP, '/connections')
    expect(await screen.findByText(/due by Dec 20, 2026/, {}, SLOW)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Download the answer' })).toBeTruthy()
  })
})
