import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

/** An authenticator that answers as it is told. */
function authenticator(answer: () => string) {
  class FakeCredential {
    constructor(private readonly id: string) {}
    static parseCreationOptionsFromJSON = (options: unknown) => options
    static parseRequestOptionsFromJSON = (options: unknown) => options
    toJSON() {
      return { id: this.id }
    }
  }
  vi.stubGlobal('PublicKeyCredential', FakeCredential)
  const act = () => Promise.resolve().then(() => new FakeCredential(answer()))
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { create: act, get: act } })
}

function refuse(name: string): never {
  throw Object.assign(new Error('of the browser'), { name })
}

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'credentials')
})

describe('signing in with a passkey', () => {
  it('leads to where one wanted to be', async () => {
    authenticator(() => 'mine')
    backend.start('ready')
    const { user, router } = renderApp(APP, '/login?next=%2Forders')
    await user.click(await screen.findByRole('button', { name: 'Sign in with a passkey' }, SLOW))
    expect(await screen.findByRole('heading', { name: 'Orders' }, SLOW)).toBeTruthy()
    expect(router.state.location.pathname).toBe('/orders')
  })
  it('says what the device and the server refuse', async () => {
    let answer = () => refuse('NotAllowedError') as string
    authenticator(() => answer())
    backend.start('ready')
    const { user } = renderApp(APP, '/login')
    await user.click(await screen.findByRole('button', { name: 'Sign in with a passkey' }, SLOW))
    expect((await screen.findByRole('alert')).textContent).toMatch(/Nothing came from your device/)
    answer = () => 'stranger'
    await user.click(screen.getByRole('button', { name: 'Sign in with a passkey' }))
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/was not accepted/))
  })
  it('is not offered by a browser without them', async () => {
    backend.start('ready')
    renderApp(APP, '/login')
    expect(await screen.findByRole('link', { name: /Continue with/ }, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Sign in with a passkey' })).toBeNull()
  })
})

describe('Security', () => {
  it('adds, renames and removes passkeys', async () => {
    authenticator(() => 'new')
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/security')
    await user.click(await screen.findByRole('button', { name: 'Add a passkey' }, SLOW))
    const name = await screen.findByLabelText('Name')
    await user.clear(name)
    await user.type(name, 'Work laptop')
    await user.type(screen.getByLabelText('Password'), 'wrong password here')
    await user.click(screen.getByRole('button', { name: 'Go on' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/password is wrong/)
    await user.clear(screen.getByLabelText('Password'))
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Go on' }))
    const list = await screen.findByRole('list', { name: 'Passkeys' })
    expect(await within(list).findByText('Work laptop')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Rename Work laptop' }))
    const other = await screen.findByLabelText('Name')
    await user.clear(other)
    await user.type(other, 'Old laptop')
    await user.click(screen.getByRole('button', { name: 'Rename it' }))
    await user.click(await screen.findByRole('button', { name: 'Remove Old laptop' }))
    const dialog = await screen.findByRole('alertdialog')
    await user.click(within(dialog).getByRole('button', { name: 'Remove' }))
    await waitFor(() => expect(screen.queryByText('Old laptop')).toBeNull())
    expect(screen.getByText('Safari on iOS')).toBeTruthy()
  })
  it('says that the device has one already', async () => {
    authenticator(() => refuse('InvalidStateError'))
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/security')
    await user.click(await screen.findByRole('button', { name: 'Add a passkey' }, SLOW))
    await user.type(await screen.findByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Go on' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/has a passkey for you already/)
  })
  it('says that this browser knows none', async () => {
    backend.start('ready')
    renderApp(APP, '/settings/security')
    expect(await screen.findByText(/does not know passkeys/, {}, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Add a passkey' })).toBeNull()
  })
})
