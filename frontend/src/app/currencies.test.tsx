import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function open(path: string) {
  backend.start('ready')
  return renderApp({ makeQueryClient, makeRouter }, path)
}

describe('Settings, Currencies', () => {
  it('shows rates with their age, the series, and what is missing', async () => {
    open('/settings/currencies')
    const table = await screen.findByRole('table', { name: 'Exchange rates' }, SLOW)
    expect(within(table).getByText('EUR → USD')).toBeTruthy()
    expect(within(table).getAllByText('1 day').length).toBe(2)
    const missing = screen.getByRole('region', { name: 'Missing rates' })
    expect(within(missing).getByText('JPY → USD')).toBeTruthy()
    expect(within(missing).getByText(/12 days/)).toBeTruthy()
    expect(screen.getByText('European Central Bank', { selector: 'p' })).toBeTruthy()
  })

  it('removes a rate that a person entered, and none that is published', async () => {
    const { user } = open('/settings/currencies')
    await user.type(await screen.findByLabelText('One of'), 'EUR')
    await user.type(screen.getByLabelText('Is'), '1.25')
    await user.click(screen.getByRole('button', { name: 'Keep' }))
    const table = screen.getByRole('table', { name: 'Exchange rates' })
    const entered = await within(table).findByText('Entered')
    const row = entered.closest('tr') as HTMLElement
    await user.click(within(row).getByRole('button'))
    const panel = within(await screen.findByRole('dialog'))
    await user.click(await panel.findByRole('button', { name: /^Remove the rate of/ }))
    await user.click(panel.getByRole('button', { name: 'Remove it' }))
    await waitFor(() => expect(within(table).queryByText('Entered')).toBeNull())
  })

  it('sets the currency of the workspace', async () => {
    const { user } = open('/settings/currencies')
    const choice = await screen.findByLabelText('All stores are told in')
    await user.selectOptions(choice, 'EUR')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect((screen.getByLabelText('All stores are told in') as HTMLSelectElement).value).toBe('EUR'),
    )
  })

  it('refuses what is no rate, beside the form, and keeps what is one', async () => {
    const { user } = open('/settings/currencies')
    const value = await screen.findByLabelText('Is')
    await user.type(screen.getByLabelText('One of'), 'EUR')
    await user.type(value, '1,1')
    await user.click(screen.getByRole('button', { name: 'Keep' }))
    expect(await screen.findByText(/is not a decimal amount/)).toBeTruthy()
    await user.clear(value)
    await user.type(value, '1.1')
    await user.click(screen.getByRole('button', { name: 'Keep' }))
    expect(await screen.findByText(/1 EUR = 1.1 USD .* is kept/)).toBeTruthy()
    expect(await screen.findByText('Entered')).toBeTruthy()
  })

  it('says what to do when it cannot be loaded', async () => {
    backend.start('ready')
    backend.server.use(http.get('*/v1/rates/status', () => HttpResponse.json({}, { status: 500 })))
    renderApp({ makeQueryClient, makeRouter }, '/settings/currencies')
    expect(await screen.findByText('This could not be loaded')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
  })
})
