/** Segments of people who may be written to: exported once for a cause, with who was left out and why. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function open() {
  backend.start('ready')
  return renderApp(APP, '/customers/segments')
}

describe('segments', () => {
  it('exports who agreed, and says who was left out', async () => {
    const create = vi.fn(() => 'blob:x')
    Object.assign(URL, { createObjectURL: create, revokeObjectURL: vi.fn() })
    const { user } = open()
    expect(await screen.findByText('Nothing was exported yet', undefined, SLOW)).toBeTruthy()
    expect(screen.getByText(/more than 1 time in 7 days/)).toBeTruthy()
    // Nobody is in it.
    const nobody = screen.getByRole('button', { name: 'Export High value' })
    expect(nobody.hasAttribute('disabled')).toBe(true)
    await user.click(screen.getByRole('button', { name: 'Export New customers' }))
    await user.click(await screen.findByRole('button', { name: 'Export it' }, SLOW))
    const table = within(await screen.findByRole('table', { name: 'Exports of segments' }, SLOW))
    expect(table.getByText('120 of 212')).toBeTruthy()
    expect(table.getByText(/80 did not agree/)).toBeTruthy()
    expect(create).toHaveBeenCalledOnce()
  })

  it('asks for the product, and keeps limits within their bounds', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'Export Bought a product' }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Export it' }, SLOW))
    expect(await screen.findByText('Enter a product’s number.')).toBeTruthy()
    await user.keyboard('{Escape}')
    await user.click(await screen.findByRole('button', { name: 'Limits' }))
    const most = await screen.findByLabelText('Exports that may name a person', undefined, SLOW)
    await user.clear(most)
    await user.type(most, '31')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText(/lies from 1 to 30/i)).toBeTruthy()
  })

  it('says why an export did not arrive, tries it at once, and asks before it may be there twice', async () => {
    const { user } = open()
    const channel = { id: 'channel_1', kind: 'webhook', name: 'Mail tool', is_enabled: true }
    backend.server.use(
      http.get('*/v1/notification-channels', () => HttpResponse.json({ channels: [channel], total: 1 })),
    )
    const send = async (channel: string) => {
      await user.click(await screen.findByRole('button', { name: 'Export New customers' }, SLOW))
      await user.selectOptions(await screen.findByLabelText('Written to by', undefined, SLOW), channel)
      const to = await screen.findByLabelText('Where to')
      await waitFor(() => expect(within(to).getAllByRole('option').length).toBeGreaterThan(1))
      const webhook = within(to).getAllByRole('option').at(-1) as HTMLElement
      await user.selectOptions(to, webhook)
      await user.click(screen.getByRole('button', { name: 'Send it' }))
    }
    await send('email')
    expect(await screen.findByText(/1 try: it answers 503/, undefined, SLOW)).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: 'Try now' }))
    expect(await screen.findByText('Taken', undefined, SLOW)).toBeTruthy()
    await send('sms')
    expect(await screen.findByText('May have arrived', undefined, SLOW)).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: 'Try now' }))
    expect(await screen.findByText(/people may be written to twice/, undefined, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    await user.click(screen.getByRole('button', { name: 'Let it go' }))
    const asked = within(await screen.findByRole('alertdialog', undefined, SLOW))
    await user.click(asked.getByRole('button', { name: 'Let it go' }))
    expect(await screen.findByText('Given up', undefined, SLOW)).toBeTruthy()
  })
})
