import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('the passport of a figure', () => {
  it('leads from a figure to what it is made of, and back', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/')
    await user.click(await screen.findByRole('button', { name: 'Where this comes from' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'Net profit' }, SLOW))
    expect(panel.getByText('CM3 − fixed costs')).toBeTruthy()
    expect(panel.getByText(/^\d+ orders/)).toBeTruthy()
    expect(panel.getByText(/agrees with the shop’s own totals/)).toBeTruthy()
    expect(panel.getByRole('link', { name: 'costs_2026.csv' }).getAttribute('href')).toMatch(
      /\/imports\/import_1/,
    )
    await user.click(panel.getByRole('button', { name: 'Contribution margin (CM3)' }))
    expect(await screen.findByText('CM2 − ad spend', {}, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Back' }))
    expect(await screen.findByText('CM3 − fixed costs', {}, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull()
  })
  it('says why a figure is withheld', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/')
    await user.click(await screen.findByRole('button', { name: 'Where this comes from' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'Net profit' }, SLOW))
    await user.click(panel.getByRole('button', { name: 'Fixed costs' }))
    const own = within(await screen.findByRole('dialog', { name: 'Fixed costs' }, SLOW))
    expect(own.getAllByText('No fixed costs were entered.').length).toBeGreaterThan(0)
  })
  it('a passport that cannot be fetched says so and can be asked for again', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/figures/:name', () =>
        HttpResponse.json({ detail: 'The database did not answer.' }, { status: 500 }),
      ),
    )
    const { user } = renderApp(APP, '/')
    await user.click(await screen.findByRole('button', { name: 'Where this comes from' }, SLOW))
    expect((await screen.findByRole('alert', {}, SLOW)).textContent).toMatch(/database did not answer/)
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
  })
})
