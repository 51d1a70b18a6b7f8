import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const backend = mockBackend()
const SLOW = { timeout: 8_000 }
const parts = { makeQueryClient, makeRouter }

async function choose(name: string) {
  backend.start('ready')
  const { user, router } = renderApp(parts, '/settings/imports')
  const input = await screen.findByLabelText('CSV file', {}, SLOW)
  await user.upload(input, new File(['SKU;Cost\nA;1\n'], name, { type: 'text/csv' }))
  return { user, router }
}

describe('imports', () => {
  it('lists what became of earlier files', async () => {
    backend.start('ready')
    renderApp(parts, '/settings/imports')
    const list = await screen.findByRole('list', { name: 'Imports' }, SLOW)
    const done = within(list).getByRole('link', { name: /orders_export_2026_11/ })
    expect(done.textContent).toContain('846 written')
    expect(within(list).getByText('Undone')).toBeTruthy()
  })

  it('keeps chosen columns until they are forgotten', async () => {
    backend.start('ready')
    const { user } = renderApp(parts, '/settings/imports')
    const list = await screen.findByRole('list', { name: 'Kept columns' }, SLOW)
    expect(within(list).getByText(/Product costs · 2 columns/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Forget the columns of supplier_prices.csv' }))
    await user.click(screen.getByRole('button', { name: 'Forget it' }))
    await waitFor(() => expect(screen.queryByText('supplier_prices.csv')).toBeNull())
  })

  it('takes a file from its columns over the check to its result, and back', async () => {
    const { user } = await choose('costs.csv')
    expect(await screen.findByText('MUG-RED costs 4.20 EUR from 2026-01-01')).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: 'Check the file' }))
    await user.click(await screen.findByRole('button', { name: 'Import 1,204' }))
    expect(await screen.findByRole('link', { name: 'See the profit' })).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Undo this import' }))
    await user.click(screen.getByRole('button', { name: 'Undo it' }))
    expect(await screen.findByText(/1,204 things are what they were before it/)).toBeTruthy()
  })

  it('asks what only a person knows before it goes on', async () => {
    const { user } = await choose('ambiguous.csv')
    await user.click(await screen.findByRole('button', { name: 'Check the file' }))
    const go = await screen.findByRole('button', { name: 'Go on with the check' })
    expect(go).toHaveProperty('disabled', true)
    await user.click(screen.getByLabelText('10 November 2024 (month first)'))
    await user.click(go)
    expect(await screen.findByRole('button', { name: 'Import 1,204' })).toBeTruthy()
  })

  it('imports nothing of a file with refused rows unless the good ones are chosen', async () => {
    const { user } = await choose('bad.csv')
    await user.click(await screen.findByRole('button', { name: 'Check the file' }))
    expect(await screen.findByText('row 203')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Import the 1,201 good ones only' }))
    expect(await screen.findByText('Left out')).toBeTruthy()
  })

  it('says what a file is that is no table', async () => {
    await choose('workbook.xlsx.csv')
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Excel workbook'))
  })

  it('says which column is missing', async () => {
    const { user } = await choose('costs.csv')
    await user.selectOptions(await screen.findByLabelText('Cost of a unit'), '')
    await user.click(screen.getByRole('button', { name: 'Check the file' }))
    expect(await screen.findByText('no column is chosen for Cost of a unit')).toBeTruthy()
  })
})
