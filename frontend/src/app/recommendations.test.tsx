/** What is bought together: pairs with how sure they are, a tag that is proposed, and a bundle that is entered filled in. */
import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { recommendationsAnswer } from '@/shared/testing/recommendations'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('recommendations', () => {
  it('tell pairs and threes with their intervals, and propose a tag', async () => {
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
    const { user } = renderApp(APP, '/recommendations')
    const table = within(await screen.findByRole('table', { name: 'Pairs' }, SLOW))
    expect(table.getAllByRole('row').length).toBe(3)
    expect(table.getByText('3.8 × (3.4 – 4.3)')).toBeTruthy()
    expect(table.getByText(/38 % \(34 – 43 %\) of its 412 orders have the other/)).toBeTruthy()
    expect(table.getByText('Tagged')).toBeTruthy()
    expect(screen.getByText(/14 orders with 2.5 expected by chance/)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'CSV' }).getAttribute('href')).toMatch(
      /^\/v1\/recommendations\/export/,
    )
    await user.click(table.getByRole('button', { name: /goes-with:cork-trivet for Enamel kettle/ }))
    await screen.findByText('The store has no connection', undefined, SLOW)
    expect(asked).toMatchObject({
      edits: [{ kind: 'add_tags', product_id: '7001', tags: ['goes-with:cork-trivet'] }],
    })
  })

  it('lead to the bundles with the components filled in', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/recommendations')
    await user.click(
      await screen.findByRole('link', { name: /Enter as a bundle ?: Enamel kettle, Cork trivet/ }, SLOW),
    )
    const rows = await screen.findByRole('textbox', { name: 'Bundle, component, quantity' }, SLOW)
    expect((rows as HTMLTextAreaElement).value).toMatch(/,90001,1\n,90003,1$/)
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText(/a bundle’s number, a component’s number/)).toBeTruthy()
  })

  it('say what to do where nobody has looked, and that nothing stands out', async () => {
    backend.start('ready')
    const nothing = { ...recommendationsAnswer(), found: null, pairs: [], bundles: [] }
    backend.server.use(http.get('*/v1/recommendations', () => HttpResponse.json(nothing)))
    renderApp(APP, '/recommendations')
    await screen.findByText('Nobody has looked yet', undefined, SLOW)
    expect(screen.getByRole('button', { name: 'Look now' })).toBeTruthy()
  })
})
