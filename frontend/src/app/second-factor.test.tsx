import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('signing in', () => {
  it('asks for the code of whoever has a second factor', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/login?next=%2Forders')
    await user.type(await screen.findByLabelText('E-mail', {}, SLOW), 'samuel@hearth.example')
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByRole('heading', { name: 'Enter the code' })).toBeTruthy()
    await user.type(screen.getByLabelText('Code'), '000000')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/wrong, too old, or was used/)
    await user.type(screen.getByLabelText('Code'), '123456')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByRole('heading', { name: 'Orders' }, SLOW)).toBeTruthy()
    expect(router.state.location.pathname).toBe('/orders')
  })
  it('takes a recovery code instead', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/login')
    await user.type(await screen.findByLabelText('E-mail', {}, SLOW), 'samuel@hearth.example')
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    await user.click(await screen.findByRole('button', { name: 'Use a recovery code' }))
    await user.type(screen.getByLabelText('Recovery code'), 'KR0N-7WQ0-XH0D')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByTestId('net-profit', {}, SLOW)).toBeTruthy()
  })
  it('leads elsewhere and says why it led back', async () => {
    backend.start('ready')
    renderApp(APP, '/login?refused=no-role&next=%2Fcommand-center%2Forders')
    const link = await screen.findByRole('link', { name: 'Continue with Hearth ID' }, SLOW)
    expect(link.getAttribute('href')).toBe('/v1/auth/oidc?next=%2Forders')
    expect(screen.getByRole('alert').textContent).toMatch(/None of your groups/)
  })
  it('offers neither a letter nor another way where there is none', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/auth/methods', () =>
        HttpResponse.json({ forgot_password: false, elsewhere: null, passkeys: false }),
      ),
    )
    renderApp(APP, '/login')
    expect(await screen.findByLabelText('E-mail', {}, SLOW)).toBeTruthy()
    expect(screen.queryByRole('link')).toBeNull()
  })
})

describe('a forgotten password', () => {
  it('is answered the same for every address', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/login')
    await user.click(await screen.findByRole('link', { name: 'Forgot your password?' }, SLOW))
    await user.type(await screen.findByLabelText('E-mail', {}, SLOW), 'explode@hearth.example')
    await user.click(screen.getByRole('button', { name: 'Send the letter' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/too many tries/i)
    await user.clear(screen.getByLabelText('E-mail'))
    await user.type(screen.getByLabelText('E-mail'), 'nobody@hearth.example')
    await user.click(screen.getByRole('button', { name: 'Send the letter' }))
    expect((await screen.findByRole('status')).textContent).toMatch(/If somebody here has the address/)
  })
})

describe('Security', () => {
  it('turns the second factor on with a code, shows the recovery codes once, and turns it off', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/security')
    await user.click(await screen.findByRole('button', { name: 'Turn on' }, SLOW))
    await user.type(await screen.findByLabelText('Password'), 'wrong password here')
    await user.click(screen.getByRole('button', { name: 'Go on' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/password is wrong/)
    await user.clear(screen.getByLabelText('Password'))
    await user.type(screen.getByLabelText('Password'), 'a long and quiet sentence')
    await user.click(screen.getByRole('button', { name: 'Go on' }))
    expect(await screen.findByRole('img', { name: /QR code/ })).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Type the key instead' }))
    expect(screen.getByLabelText('Key')).toHaveProperty('value', expect.stringMatching(/^GEZD GNBV /))
    await user.type(screen.getByLabelText('Code'), '654321')
    await user.click(screen.getByRole('button', { name: 'Turn it on' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/wrong, too old/)
    await user.clear(screen.getByLabelText('Code'))
    await user.type(screen.getByLabelText('Code'), '123456')
    await user.click(screen.getByRole('button', { name: 'Turn it on' }))
    const codes = await screen.findByRole('list', { name: 'Recovery codes' })
    expect(within(codes).getAllByRole('listitem')).toHaveLength(10)
    await user.click(screen.getByRole('button', { name: 'I have them' }))
    expect(await screen.findByText(/10 of 10 recovery codes left/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Turn off' }))
    await user.type(await screen.findByLabelText('Password'), 'a long and quiet sentence')
    await user.type(screen.getByLabelText('Code'), '123456')
    await user.click(screen.getByRole('button', { name: 'Turn it off' }))
    expect(await screen.findByRole('button', { name: 'Turn on' })).toBeTruthy()
  })
})

describe('People', () => {
  it('lose a second factor to an admin, and letters that failed are told', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/people')
    expect(await screen.findByText(/550 5\.1\.1 unknown user/, {}, SLOW)).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: /^Change samuel/ }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Take it away' }))
    await waitFor(() => expect(screen.queryByText('Second factor')).toBeNull())
  })
  it('are invited by mail without showing the link', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/people')
    await user.click(await screen.findByRole('button', { name: 'Invite somebody' }, SLOW))
    await user.type(await screen.findByLabelText('E-mail'), 'mailed@hearth.example')
    await user.click(screen.getByRole('button', { name: 'Make the invitation' }))
    expect(await screen.findByText(/A letter is on its way/)).toBeTruthy()
    expect(screen.queryByLabelText('Link')).toBeNull()
  })
})
