import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

/** Somebody of a lesser role than the owner. */
function signInAs(role: string, permissions: string[]) {
  backend.server.use(
    http.get('*/v1/auth/me', () =>
      HttpResponse.json({
        user: { id: 'user_9', email: 'vic@hearth.example', role },
        workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
        permissions,
        csrf_token: 'csrf-of-the-mock',
      }),
    ),
  )
}

describe('API tokens', () => {
  it('are shown once when they are made', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/tokens')
    const [open] = await screen.findAllByRole('button', { name: 'Create a token' }, SLOW)
    if (open) await user.click(open)
    await user.click(await screen.findByRole('button', { name: 'Create the token' }))
    expect(screen.getByText('Give it a name.')).toBeTruthy()
    await user.type(screen.getByLabelText('What it is for'), 'Warehouse')
    await user.click(screen.getByRole('button', { name: 'Create the token' }))
    expect(await screen.findByLabelText('Token')).toHaveProperty('value', 'royal_shown-once')
    await user.click(screen.getByRole('button', { name: 'I have it' }))
    const list = screen.getByRole('list', { name: 'API tokens' })
    expect(await within(list).findByText('Warehouse')).toBeTruthy()
    expect(screen.queryByDisplayValue('royal_shown-once')).toBeNull()
  })
  it('are taken back after a question', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/tokens')
    await user.click(await screen.findByRole('button', { name: 'Revoke Nightly export' }, SLOW))
    const dialog = await screen.findByRole('alertdialog')
    await user.click(within(dialog).getByRole('button', { name: 'Revoke' }))
    await waitFor(() => expect(screen.queryByText('Nightly export')).toBeNull())
  })
  it('say when they cannot be made', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/tokens')
    const [open] = await screen.findAllByRole('button', { name: 'Create a token' }, SLOW)
    if (open) await user.click(open)
    await user.type(await screen.findByLabelText('What it is for'), 'explode')
    await user.click(screen.getByRole('button', { name: 'Create the token' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/database did not answer/)
  })
})

describe('People', () => {
  it('are invited with a link that is shown once', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/people')
    await user.click(await screen.findByRole('button', { name: 'Invite somebody' }, SLOW))
    await user.type(await screen.findByLabelText('E-mail'), 'olivia@hearth.example')
    await user.click(screen.getByRole('button', { name: 'Make the invitation' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/belongs to a user already/)
    await user.clear(screen.getByLabelText('E-mail'))
    await user.type(screen.getByLabelText('E-mail'), 'bob@hearth.example')
    await user.click(screen.getByRole('button', { name: 'Make the invitation' }))
    expect(await screen.findByLabelText('Link')).toHaveProperty(
      'value',
      'https://royal.example/command-center/join#shown-once',
    )
    await user.click(screen.getByRole('button', { name: 'Done' }))
    expect(await screen.findByText('bob@hearth.example')).toBeTruthy()
  })
  it('cannot leave a workspace without an owner', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/people')
    await user.click(await screen.findByRole('button', { name: 'Change olivia@hearth.example' }, SLOW))
    await user.selectOptions(await screen.findByLabelText('Role'), 'admin')
    await user.click(screen.getByRole('button', { name: 'Change the role' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/last owner/)
  })
  it('are not shown to a viewer, who is told whom to ask', async () => {
    backend.start('ready')
    signInAs('viewer', ['profile:read', 'reports:read'])
    renderApp(APP, '/settings/people')
    expect(await screen.findByText('Only admins see who belongs here', {}, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Invite somebody' })).toBeNull()
  })
})

describe('Sessions', () => {
  it('are ended from here, and the password needs the old one', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/sessions')
    expect(await screen.findByText('Safari on iOS', {}, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Sign out everywhere else' }))
    await waitFor(() => expect(screen.queryByText('Safari on iOS')).toBeNull())
    expect(screen.getByText('Firefox on Linux')).toBeTruthy()
    await user.type(screen.getByLabelText('Current password'), 'wrong password here')
    await user.type(screen.getByLabelText('New password'), 'a new and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Change' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/current password is wrong/)
  })
})

describe('Roles', () => {
  it('are the table of the server', async () => {
    backend.start('ready')
    renderApp(APP, '/settings/roles')
    const row = (await screen.findByText('connections:write', {}, SLOW)).closest('tr') as HTMLElement
    const cells = within(row).getAllByRole('cell')
    expect(cells.map(cell => /yes/.test(cell.textContent ?? ''))).toEqual([false, false, false, true, true])
  })
})

describe('Audit', () => {
  it('says that the chain holds, and filters what is in it', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/settings/audit')
    expect(await screen.findByText('Unbroken.', {}, SLOW)).toBeTruthy()
    await user.selectOptions(await screen.findByLabelText('Outcome'), 'refused')
    expect(await screen.findByText('1 entry')).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ outcome: 'refused' })
    const row = screen.getByRole('button', { name: /Sign-in/ })
    await user.click(row)
    expect(await screen.findByText('the e-mail address or the password is wrong')).toBeTruthy()
  })
  it('names the first entry that does not hold', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/audit/check', () =>
        HttpResponse.json({
          holds: false,
          entries: 3,
          checkpoints: 0,
          signed_at: null,
          unsigned: 3,
          broken_at: 4,
          fault: 'entry 4 is missing',
        }),
      ),
    )
    renderApp(APP, '/settings/audit')
    expect((await screen.findByRole('alert', {}, SLOW)).textContent).toMatch(/entry 4 is missing/)
  })
})

describe('One-time links', () => {
  it('lead to joining, and say when they are spent', async () => {
    backend.start('ready')
    window.location.hash = '#invitation'
    renderApp(APP, '/join')
    expect(await screen.findByRole('heading', { name: 'Join Hearth & Harbour' }, SLOW)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Join' })).toHaveProperty('disabled', true)
  })
  it('say when they are spent', async () => {
    backend.start('ready')
    window.location.hash = '#spent'
    renderApp(APP, '/join')
    expect(await screen.findByText(/used, taken back, or has expired/, {}, SLOW)).toBeTruthy()
    window.location.hash = ''
  })
})
