import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('costs', () => {
  it('shows how far costs cover the sales, and leads to what is missing', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/costs?range=30d')
    const coverage = await screen.findByRole('region', { name: 'Coverage' }, SLOW)
    expect(within(coverage).getByText(/^92\s%$/)).toBeTruthy()
    await user.click(within(coverage).getAllByRole('button', { name: 'Fill in' })[0] as HTMLElement)
    expect(router.state.location.search).toMatchObject({ tab: 'shipping' })
    expect(await screen.findByText('No shipping costs yet', {}, SLOW)).toBeTruthy()
  })

  it('lists what is missing in place, the worst first, with its reason', async () => {
    backend.start('ready')
    renderApp(APP, '/costs?tab=shipping')
    const list = await screen.findByRole('list', { name: 'Countries without a shipping cost' }, SLOW)
    expect(within(list).getByText('United States')).toBeTruthy()
    expect(within(list).getByText(/no shipping table, or none for that day/)).toBeTruthy()
  })

  it('previews a shipping cost before it counts, and lists it then', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/costs?tab=shipping')
    await user.click(await screen.findByRole('button', { name: 'Add a shipping cost' }, SLOW))
    const dialog = await screen.findByRole('dialog')
    await user.click(within(dialog).getByRole('button', { name: 'Preview' }))
    expect(within(dialog).getByText('This is needed.')).toBeTruthy()
    await user.type(within(dialog).getByLabelText('Cost'), '4.90')
    await user.type(within(dialog).getByLabelText('Currency (optional)'), 'XBT')
    await user.click(within(dialog).getByRole('button', { name: 'Preview' }))
    expect(await within(dialog).findByText(/not a currency/)).toBeTruthy()
    await user.clear(within(dialog).getByLabelText('Currency (optional)'))
    await user.click(within(dialog).getByRole('button', { name: 'Preview' }))
    expect(await within(dialog).findByText(/12 orders with 24 entries on 9 days change/)).toBeTruthy()
    await user.click(within(dialog).getByRole('button', { name: 'Apply' }))
    expect(await screen.findByText('Rest of the world', {}, SLOW)).toBeTruthy()
  })

  it('takes a cost of a product where it is missing', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/costs?state=missing')
    const [first] = await screen.findAllByRole('button', { name: /missing. Change it/ }, SLOW)
    await user.click(first as HTMLElement)
    const dialog = await screen.findByRole('dialog')
    await user.type(within(dialog).getByLabelText('Cost of one unit'), '-3')
    await user.click(within(dialog).getByRole('button', { name: 'Preview' }))
    expect(within(dialog).getByText('This cannot be negative.')).toBeTruthy()
  })
})
