/** The state of the machine: as a whole, by parts, and whose processes there are. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { healthAnswer } from '@/shared/testing/health'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('health', () => {
  it('says what works, what does not and since when', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/health')
    const overall = await screen.findByRole('region', { name: 'Overall' }, SLOW)
    expect(within(overall).getByText('Degraded')).toBeTruthy()
    expect(within(overall).getByText(/Backups: the newest one is older/)).toBeTruthy()
    const parts = screen.getByRole('region', { name: 'Parts' })
    expect(within(parts).getByText('Paused after failures')).toBeTruthy()
    expect(within(parts).getByText('required')).toBeTruthy()
    expect(within(parts).getByText('Shopify, files, reading')).toBeTruthy()
    expect(within(parts).getByText('Not used yet')).toBeTruthy()
    expect(within(parts).getByText('CJdropshipping, reading')).toBeTruthy()
    const ads = 'Meta ads, Northwind, prospecting, writing'
    expect(within(parts).getByText(ads)).toBeTruthy()
    expect(within(parts).getByRole('button', { name: `Stop calls: ${ads}` })).toBeTruthy()
    const processes = screen.getByRole('region', { name: 'Processes' })
    expect(within(processes).getByText('worker-1:10000')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Check the chain' }))
    expect(await screen.findByText('Whole', {}, SLOW)).toBeTruthy()
  })

  it('stops calls by hand with a reason, and begins anew', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/health')
    const parts = await screen.findByRole('region', { name: 'Parts' }, SLOW)
    const files = { name: 'Stop calls: Shopify, files, reading' }
    await user.click(within(parts).getByRole('button', files))
    const asked = await screen.findByRole('alertdialog', {}, SLOW)
    await user.click(within(asked).getByRole('button', { name: 'Stop calls' }))
    expect(within(asked).getByText('Say why: others will read it.')).toBeTruthy()
    await user.type(within(asked).getByLabelText('Why'), 'they asked for quiet')
    await user.click(within(asked).getByRole('button', { name: 'Stop calls' }))
    expect(await within(parts).findByText(/they asked for quiet/, {}, SLOW)).toBeTruthy()
    expect(within(parts).getByText('Switched off')).toBeTruthy()
    await user.click(within(parts).getByRole('button', { name: 'Begin anew: Shopify, files, reading' }))
    const again = await screen.findByRole('alertdialog', {}, SLOW)
    await user.type(within(again).getByLabelText('Why'), 'quiet is over')
    await user.click(within(again).getByRole('button', { name: 'Begin anew' }))
    await waitFor(() => expect(within(parts).queryByText('Switched off')).toBeNull(), SLOW)
  })

  it('shows what an unhealthy machine answers with 503', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/health', () =>
        HttpResponse.json({ ...healthAnswer(), status: 'unhealthy', replicas: null }, { status: 503 }),
      ),
    )
    renderApp(APP, '/health')
    expect(await screen.findByText('Unhealthy', {}, SLOW)).toBeTruthy()
    expect(screen.getByText(/They cannot see each other while Redis is away/)).toBeTruthy()
  })
})
