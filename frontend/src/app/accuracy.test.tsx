import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('the accuracy of forecasts', () => {
  it('stands by how far ahead, by model and day by day', async () => {
    backend.start('ready')
    renderApp(APP, '/accuracy')
    const ahead = within(await screen.findByRole('table', { name: 'By how far ahead' }, SLOW))
    const furthest = within(ahead.getByRole('row', { name: /15 – 28/ }))
    expect(furthest.getByText('1.06').className).toContain('text-bad')
    const models = within(screen.getByRole('table', { name: 'By model' }))
    expect(
      within(models.getByRole('row', { name: /TSB/ })).getByRole('button', {
        name: 'Not known: Nothing was sold on these days.',
      }),
    ).toBeTruthy()
    expect(screen.getByRole('figure', { name: 'MASE per day' })).toBeTruthy()
    expect(screen.getByText('Steady')).toBeTruthy()
  })

  it('says when forecasts grow worse, and keeps what is chosen in the address', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/accuracy')
    await user.selectOptions(await screen.findByLabelText('Last', {}, SLOW), '90')
    expect(await screen.findByText('Drifting', {}, SLOW)).toBeTruthy()
    expect(screen.getByText(/MASE 1\.12 lately, 0\.9 before · p 0\.004/)).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ days: '90' })
  })

  it('before anything was scored says when it will be', async () => {
    backend.start('ready')
    renderApp(APP, '/accuracy?days=7&level=product')
    expect(await screen.findByText('Nothing to compare yet', {}, SLOW)).toBeTruthy()
    expect(screen.getByText(/the first is scored the night after it was made\./)).toBeTruthy()
  })

  it('says why it cannot be loaded', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/forecasts/accuracy', () => HttpResponse.json({ detail: 'broken' }, { status: 500 })),
    )
    renderApp(APP, '/accuracy')
    expect(await screen.findByText('This could not be loaded', {}, SLOW)).toBeTruthy()
  })
})
