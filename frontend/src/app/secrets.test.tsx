import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const backend = mockBackend()
const open = () => renderApp({ makeQueryClient, makeRouter }, '/settings/secrets')

describe('Settings → Secrets', () => {
  it('adds, replaces and removes a secret, and shows no value', async () => {
    backend.start('ready')
    const { user } = open()
    expect(await screen.findByText('No secret is stored here')).toBeTruthy()
    await user.click(screen.getAllByRole('button', { name: 'Add a secret' })[0] as HTMLElement)
    const dialog = await screen.findByRole('dialog')
    await user.type(within(dialog).getByLabelText('Name'), 'lower')
    await user.click(within(dialog).getByRole('button', { name: 'Add the secret' }))
    expect(await within(dialog).findByText(/Capitals, digits/)).toBeTruthy()
    expect(within(dialog).getByText('The value is empty')).toBeTruthy()
    await user.clear(within(dialog).getByLabelText('Name'))
    await user.type(within(dialog).getByLabelText('Name'), 'META_ACCESS_TOKEN')
    await user.type(within(dialog).getByLabelText('Value'), 'very-secret')
    await user.click(within(dialog).getByRole('button', { name: 'Add the secret' }))
    const list = await screen.findByRole('list', { name: 'Stored secrets' })
    expect(await within(list).findByText('META_ACCESS_TOKEN')).toBeTruthy()
    expect(document.body.textContent).not.toContain('very-secret')

    await user.click(screen.getByRole('button', { name: 'Remove META_ACCESS_TOKEN' }))
    await user.click(await screen.findByRole('button', { name: 'Remove it' }))
    expect(await screen.findByText('No secret is stored here')).toBeTruthy()
  })

  it('says where values come from and which place could not be asked', async () => {
    backend.start('ready')
    open()
    expect(await screen.findByText('Environment')).toBeTruthy()
    expect(await screen.findByText('in none of the places')).toBeTruthy()
    expect(await screen.findByText(/Vault could not be asked: it is sealed/)).toBeTruthy()
  })

  it('rotates the key after asking', async () => {
    backend.start('ready')
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'Rotate the key' }))
    await user.click(await screen.findByRole('button', { name: 'Rotate' }))
    expect(await screen.findByText(/A new key seals now/)).toBeTruthy()
    expect(await screen.findByText('Opens only')).toBeTruthy()
  })

  it('tells a refusal instead of an empty list', async () => {
    backend.start('ready')
    const refusal = { title: 'Forbidden', detail: 'this needs secrets:read', status: 403 }
    backend.server.use(http.get('*/v1/secrets', () => HttpResponse.json(refusal, { status: 403 })))
    open()
    expect(await screen.findByText('This needs secrets:read')).toBeTruthy()
  })
})
