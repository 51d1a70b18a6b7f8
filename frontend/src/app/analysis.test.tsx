/** Mornings: the brief with its causes and gaps, and unusual days with what is said about them. */
import { screen, waitFor, within } from '@testing-library/react'
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
