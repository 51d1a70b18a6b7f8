/** The state of the machine: as a whole, by parts, and whose processes there are. */
import { screen, within } from '@testing-library/react'
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
    const processes = screen.getByRole('region', { name: 'Processes' })
    expect(within(processes).getByText('worker-1:10000')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Check the chain' }))
    expect(await screen.findByText('Whole', {}, SLOW)).toBeTruthy()
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
