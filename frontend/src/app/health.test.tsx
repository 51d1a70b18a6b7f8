/** The state of the machine: as a whole, by parts, and whose processes there are. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import type { Connection } from '@/shared/api/types'
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

  it('says how far each source was read, and what goes on behind it', async () => {
    backend.start('ready')
    renderApp(APP, '/health')
    const data = await screen.findByRole('region', { name: 'Data' }, SLOW)
    expect(await within(data).findByText(/^Read just now, its days up to /, {}, SLOW)).toBeTruthy()
    expect(await within(data).findByText('CJdropshipping', {}, SLOW)).toBeTruthy()
    const budgets = screen.getByRole('region', { name: 'Provider budgets' })
    const shop = within(budgets).getByRole('progressbar', { name: 'Left at Shopify, Northwind Supply' })
    expect(shop.getAttribute('aria-valuenow')).toBe('91')
    expect(within(budgets).getByText('1,812 of 2,000')).toBeTruthy()
    expect(within(budgets).getByText(/points, 100 come back each second/)).toBeTruthy()
    expect(within(budgets).getByText(/0\.5 come back each second; it asked for quiet until/)).toBeTruthy()
    const reconciled = screen.getByRole('region', { name: 'Reconciliation' })
    expect(await within(reconciled).findByText('Our days against the shop’s own', {}, SLOW)).toBeTruthy()
    const backups = screen.getByRole('region', { name: 'Backups' })
    expect(within(backups).getByText('The newest was made 3 days ago; 7 are kept.')).toBeTruthy()
    expect(within(backups).getByText('One is made every 24 h.')).toBeTruthy()
    expect(within(backups).getByText(/older than twice BACKUP_EVERY/)).toBeTruthy()
    const parts = screen.getByRole('region', { name: 'Parts' })
    expect(within(parts).queryByText('Backups')).toBeNull()
  })

  it('says what is not there yet, instead of nothing', async () => {
    backend.start('ready')
    const checks = healthAnswer().checks.filter(({ name }) => name !== 'backups')
    const first = { ...healthAnswer(), checks, budgets: [], backups: null }
    backend.server.use(
      http.get('*/v1/health', () => HttpResponse.json(first)),
      http.get('*/v1/ad-accounts', () => new HttpResponse(null, { status: 503 })),
    )
    renderApp(APP, '/health')
    expect(await screen.findByText(/None are made by themselves/, {}, SLOW)).toBeTruthy()
    expect(screen.getByText(/No provider told of a budget yet/)).toBeTruthy()
    const data = screen.getByRole('region', { name: 'Data' })
    expect(await within(data).findByRole('alert', {}, SLOW)).toBeTruthy()
  })

  it('does not say that there is no backup where nobody could look', async () => {
    backend.start('ready')
    const backups = { kept: null, newest_at: null, every_seconds: 86_400 }
    backend.server.use(http.get('*/v1/health', () => HttpResponse.json({ ...healthAnswer(), backups })))
    renderApp(APP, '/health')
    expect(await screen.findByText('How many there are is not known.', {}, SLOW)).toBeTruthy()
    expect(screen.queryByText('There is none yet.')).toBeNull()
  })

  it('does not call everything well while a shop refuses what it is asked', async () => {
    backend.start('ready')
    const answer = await fetch(new URL('/v1/connections', location.href))
    const { connections } = (await answer.json()) as { connections: Connection[] }
    const refused = { state: 'down', state_reason: 'the shop does not know the token any more' }
    const machine = { ...healthAnswer(), status: 'healthy', recommendations: [] }
    backend.server.use(
      http.get('*/v1/health', () => HttpResponse.json(machine)),
      http.get('*/v1/connections', () =>
        HttpResponse.json({ connections: connections.map(one => ({ ...one, ...refused })) }),
      ),
    )
    renderApp(APP, '/health')
    const overall = await screen.findByRole('region', { name: 'Overall' }, SLOW)
    expect(await within(overall).findByText('Degraded', {}, SLOW)).toBeTruthy()
    expect(within(overall).getByText(/: the shop does not know the token any more$/)).toBeTruthy()
    expect(within(overall).queryByText('Everything works.')).toBeNull()
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
