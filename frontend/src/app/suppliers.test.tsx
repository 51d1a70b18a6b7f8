import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('suppliers', () => {
  it('stand with what they say and with how long it took', async () => {
    backend.start('ready')
    renderApp(APP, '/suppliers')
    const table = within(await screen.findByRole('table', { name: 'Suppliers' }, SLOW))
    const first = within(table.getByRole('row', { name: /Hearth & Co Workshop/ }))
    expect(first.getByText('9.2 ± 2.1 days')).toBeTruthy()
    expect(first.getByText('4 orders')).toBeTruthy()
    const second = within(table.getByRole('row', { name: /Nordlys Studio/ }))
    expect(
      second.getByRole('button', { name: 'Not known: It is learned from two received orders on.' }),
    ).toBeTruthy()
    expect(table.getByText('Archived')).toBeTruthy()
  })

  it('are rated by own orders, with what each factor found or why it is left out', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/suppliers')
    await user.click(await screen.findByRole('button', { name: /rating of Hearth & Co Workshop/ }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'Hearth & Co Workshop: rating' }, SLOW))
    expect(panel.getByText(/it lies between 50 and 80/)).toBeTruthy()
    expect(panel.getByText('3 of 4 orders in time, 1.2 days late on average')).toBeTruthy()
    expect(panel.getByText(/^Left out: what was charged/i)).toBeTruthy()
    await user.click(panel.getByRole('button', { name: 'Close' }))
    await user.click(await screen.findByRole('button', { name: /rating of Nordlys Studio/ }, SLOW))
    const other = within(await screen.findByRole('dialog', { name: 'Nordlys Studio: rating' }, SLOW))
    expect(other.getByText(/two orders at least have to come/)).toBeTruthy()
  })

  it('are added, and what is wrong stands at its field', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/suppliers')
    await user.click(await screen.findByRole('button', { name: 'Add a supplier' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'Add a supplier' }, SLOW))
    await user.click(panel.getByRole('button', { name: 'Add the supplier' }))
    expect(await panel.findByText('Name the supplier.')).toBeTruthy()
    await user.type(panel.getByLabelText('Name'), 'Nordlys Studio')
    await user.click(panel.getByRole('button', { name: 'Add the supplier' }))
    expect(await panel.findByText('Another supplier has this name', {}, SLOW)).toBeTruthy()
    await user.type(panel.getByLabelText('Name'), ' West')
    await user.type(panel.getByLabelText('Days until goods arrive (optional)'), '12')
    await user.click(panel.getByRole('button', { name: 'Add the supplier' }))
    expect(await screen.findByText('Nordlys Studio West', {}, SLOW)).toBeTruthy()
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), SLOW)
  })

  it('are changed and archived', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/suppliers')
    await user.click(await screen.findByRole('button', { name: 'Edit Nordlys Studio' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'Nordlys Studio' }, SLOW))
    expect(panel.getByLabelText('Currency')).toHaveProperty('value', 'EUR')
    await user.click(panel.getByLabelText(/Archived/))
    await user.click(panel.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.getAllByText('Archived').length).toBe(2), SLOW)
  })

  it('before there are any say what they are for; those who only read add none', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/suppliers', () => HttpResponse.json({ suppliers: [], total: 0, next_cursor: null })),
      http.get('*/v1/auth/me', () =>
        HttpResponse.json({
          user: { id: 'user_9', email: 'vic@hearth.example', role: 'viewer' },
          workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
          permissions: ['inventory:read'],
          csrf_token: 'csrf-of-the-mock',
        }),
      ),
    )
    renderApp(APP, '/suppliers')
    expect(await screen.findByText('There are no suppliers yet', {}, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Add a supplier' })).toBeNull()
  })
})
