/** Mornings: the brief with its causes and gaps, and unusual days with what is said about them. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('the brief', () => {
  it('tells what changed and why, what waits, and what is not known with its reason', async () => {
    backend.start('ready')
    renderApp(APP, '/brief')
    await screen.findByText(/Saturday brought a net profit of \$1,204\.18, \$310\.40 less/, undefined, SLOW)
    const causes = within(screen.getByRole('table', { name: /Causes of the change/ }))
    const rows = causes.getAllByRole('row').map(row => row.textContent)
    expect(rows[0]).toBe('Refunds−$590.10')
    expect(screen.getByText('18.2 %')).toBeTruthy()
    expect(screen.getByRole('link', { name: '2 change-sets wait for approval.' }).getAttribute('href')).toBe(
      '/command-center/inbox',
    )
    expect(screen.getByRole('button', { name: /Nobody told the spend of this day/ })).toBeTruthy()
    expect(screen.getByText(/conversion is not known/)).toBeTruthy()
  })
})

describe('the agent that writes it', () => {
  it('is the run behind a brief; a brief that was written again says which figures moved', async () => {
    backend.start('ready')
    const briefs = await firstBriefs()
    const again = {
      ...briefs[0],
      version: 2,
      moved: [{ key: 'orders', title: 'Orders', kind: 'count', from: '58', to: '61' }],
    }
    backend.server.use(
      http.get('*/v1/briefs', () =>
        HttpResponse.json({ briefs: [again, briefs[1]], total: 2, next_cursor: null }),
      ),
    )
    renderApp(APP, '/brief')
    const link = await screen.findByRole('link', { name: 'The run that wrote it' }, SLOW)
    expect(link.getAttribute('href')).toBe('/command-center/runs/run_brief')
    expect(screen.getByText(/Written again, version 2: these figures moved/)).toBeTruthy()
    const moved = within(screen.getByRole('list', { name: 'Figures that moved' }))
    expect(moved.getByText('Orders from 58 to 61')).toBeTruthy()
  })

  it('is said to be off, with the way to switch it on', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/agents/analytics', () =>
        HttpResponse.json({ id: 'analytics', enabled: false, stop: null, waits_for: null, health: 'ok' }),
      ),
    )
    renderApp(APP, '/brief')
    await screen.findByText('Analytics is switched off.', undefined, SLOW)
    expect(screen.getByRole('link', { name: 'Switch it on' }).getAttribute('href')).toBe(
      '/command-center/agents/analytics/settings',
    )
  })

  it('says what its next brief waits for, also beside the unusual days', async () => {
    backend.start('ready')
    const waits_for = 'a sync that begins after 2026-06-30 and succeeds'
    backend.server.use(
      http.get('*/v1/agents/analytics', () =>
        HttpResponse.json({ id: 'analytics', enabled: true, stop: null, waits_for, health: 'ok' }),
      ),
    )
    renderApp(APP, '/anomalies')
    await screen.findByText(/The next brief waits for a sync that begins after/, undefined, SLOW)
  })

  it('has nothing to be let do: its settings say so', async () => {
    backend.start('ready')
    renderApp(APP, '/agents/analytics/settings')
    await screen.findByText(/It proposes nothing, and changes nothing outside/, undefined, SLOW)
    expect(screen.queryByRole('radio')).toBeNull()
    expect(screen.queryByLabelText('Proposals a run')).toBeNull()
    expect(screen.getByLabelText('Runs a day')).toBeTruthy()
  })
})

async function firstBriefs(): Promise<object[]> {
  const answer = await fetch('http://localhost/v1/briefs')
  return ((await answer.json()) as { briefs: object[] }).briefs
}

describe('unusual days', () => {
  it('are marked as seen, and dismissed only with a reason', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/anomalies')
    const list = within(await screen.findByRole('list', { name: 'Unusual days' }, SLOW))
    expect(list.getAllByRole('article').length).toBe(2)
    expect(screen.getByText('2 unusual days')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: /^Seen ?: Net sales/ }))
    await waitFor(() => expect(screen.getByText('1 unusual day')).toBeTruthy())
    await user.click(screen.getByRole('button', { name: /^Dismiss ?: Refund rate/ }))
    const popup = within(await screen.findByRole('dialog', undefined, SLOW))
    await user.click(popup.getByRole('button', { name: 'Dismiss it' }))
    expect(popup.getByText('Say why.')).toBeTruthy()
    await user.type(popup.getByLabelText('Why'), 'a recall')
    await user.click(popup.getByRole('button', { name: 'Dismiss it' }))
    await screen.findByText('Nothing unusual waits for you', undefined, SLOW)
    await user.click(screen.getByRole('button', { name: 'Dismissed' }))
    await screen.findByText(/“a recall”/, undefined, SLOW)
    expect(screen.getByText(/closed for stocktaking/)).toBeTruthy()
  })
})
