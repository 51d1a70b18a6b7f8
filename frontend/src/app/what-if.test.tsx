/** What if: a price is moved, told with its interval and proposed; what cannot be told says why. */
import { fireEvent, screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

const outcome = () => within(screen.getByRole('region', { name: 'What it would mean' }))

describe('what if', () => {
  it('tells another price with its interval, and makes it a change-set', async () => {
    backend.start('ready')
    let asked: unknown
    backend.server.use(
      http.post('*/v1/change-sets', async ({ request }) => {
        asked = await request.json()
        return HttpResponse.json(
          { title: 'Refused', status: 409, detail: 'the store has no connection' },
          { status: 409 },
        )
      }),
    )
    const { user } = renderApp(APP, '/what-if?variant=90021')
    const slider = await screen.findByRole('slider', { name: 'Price, slider' }, SLOW)
    expect(outcome().getByText(/Move something/)).toBeTruthy()
    fireEvent.change(slider, { target: { value: '2600' } })
    await outcome().findByText(/80 % of it lies from/, undefined, SLOW)
    expect(screen.getByRole('textbox', { name: 'Price' })).toHaveProperty('value', '26.00')
    expect(outcome().getByText('71 % sure')).toBeTruthy()
    fireEvent.change(slider, { target: { value: '3200' } })
    await outcome().findByText(/No price of this store was moved as far/, undefined, SLOW)
    await user.click(outcome().getByRole('button', { name: 'Make it a change-set' }))
    await screen.findByText('The store has no connection', undefined, SLOW)
    expect(asked).toMatchObject({ edits: [{ kind: 'price', variant_id: '90021', after: '32.00' }] })
  })

  it('says why nothing can be told, and of costs that no change-set writes them', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/what-if?variant=90055')
    await screen.findByText(/the unit cost is unknown/, undefined, SLOW)
    await user.selectOptions(screen.getByRole('combobox', { name: 'Product' }), '90021')
    const cost = await screen.findByRole('slider', { name: /Supplier's cost of a unit, slider/ }, SLOW)
    fireEvent.change(cost, { target: { value: '700' } })
    await outcome().findByText(/Costs are agreed with whoever is paid/, undefined, SLOW)
    expect(outcome().queryByRole('button', { name: 'Make it a change-set' })).toBeNull()
  })

  it('does not guess what more money for a campaign brings', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/what-if')
    const campaign = await screen.findByRole('combobox', { name: 'Campaign' }, SLOW)
    await user.selectOptions(campaign, screen.getByRole('option', { name: 'Spring, broad' }))
    const spend = await screen.findByRole('slider', { name: 'Spend' }, SLOW)
    fireEvent.change(spend, { target: { value: '20' } })
    await outcome().findByText(/what more money brings is not known/, undefined, SLOW)
    fireEvent.change(spend, { target: { value: '-50' } })
    await outcome().findByText(/80 % of it lies from/, undefined, SLOW)
    expect(outcome().getByRole('button', { name: 'Make it a change-set' })).toBeTruthy()
  })
})
