/** Segments of people who may be written to: exported once for a cause, with who was left out and why. */
import { screen, within } from '@testing-library/react'
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
})
