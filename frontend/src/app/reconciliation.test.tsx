import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('the reconciliation', () => {
  it('says what it is for before it ever ran, and runs on demand', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/reconciliation')
    expect(await screen.findByText('Not compared yet', {}, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Compare now' }))
    expect(await screen.findByText(/2 of 30 days differ/, {}, SLOW)).toBeTruthy()
  })
  it('leads from a day to its causes and orders, and mends after a question', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/reconciliation')
    await user.click(await screen.findByRole('button', { name: 'Compare now' }, SLOW))
    expect(await screen.findByText('Deleted in the shop', { selector: 'h3' }, SLOW)).toBeTruthy()
    expect(screen.getByText('Not explained')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Mend 1 order' }))
    const dialog = within(await screen.findByRole('alertdialog', {}, SLOW))
    await user.click(dialog.getByRole('button', { name: 'Mend' }))
    expect(await screen.findByText(/removed: the shop deleted it/, {}, SLOW)).toBeTruthy()
    expect(await screen.findByText(/1 of 30 days differs/, {}, SLOW)).toBeTruthy()
  })
  it('says why it cannot be loaded', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/reconciliation', () => HttpResponse.json({ detail: 'broken' }, { status: 500 })),
    )
    renderApp(APP, '/reconciliation')
    expect(await screen.findByText('This could not be loaded', {}, SLOW)).toBeTruthy()
  })
})
