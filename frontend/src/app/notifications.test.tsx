import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const backend = mockBackend()
const open = (path: string) => renderApp({ makeQueryClient, makeRouter }, path)

describe('notices in the Inbox', () => {
  it('are read one by one and all at once', async () => {
    backend.start('ready')
    const { user } = open('/inbox')
    const list = await screen.findByRole('list', { name: 'Notices' })
    expect(within(list).getByText('All writes are stopped')).toBeTruthy()
    expect(within(list).getByText('12 times')).toBeTruthy()
    expect(screen.getByText('2 unread')).toBeTruthy()
    await user.click(within(list).getByRole('button', { name: 'Mark read: All writes are stopped' }))
    expect(await screen.findByText('1 unread')).toBeTruthy()
    await user.click(screen.getByRole('checkbox', { name: 'Only unread' }))
    await waitFor(() => expect(screen.queryByText('All writes are stopped')).toBeNull())
    await user.click(screen.getByRole('button', { name: 'Mark all as read' }))
    expect(await screen.findByText('You have read everything')).toBeTruthy()
  })

  it('lead to what they are about', async () => {
    backend.start('ready')
    const { user } = open('/inbox')
    const list = await screen.findByRole('list', { name: 'Notices' })
    await user.click(within(list).getByRole('link', { name: 'All writes are stopped' }))
    expect(await screen.findByRole('heading', { level: 1, name: 'Change-sets' })).toBeTruthy()
  })
})

describe('Settings → Notifications', () => {
  it('says what one is told by mail, with quiet hours and a digest', async () => {
    backend.start('ready')
    const { user } = open('/settings/notifications')
    const form = await screen.findByRole('form', { name: 'What you are told by mail' })
    await user.selectOptions(within(form).getByLabelText('For information'), 'digest')
    await user.click(within(form).getByRole('checkbox', { name: /Quiet hours/ }))
    expect(within(form).getByLabelText<HTMLInputElement>('Quiet from').value).toBe('22:00')
    await user.type(within(form).getByLabelText('Time zone'), 'Mars/Olympus')
    await user.click(within(form).getByRole('button', { name: 'Save' }))
    expect(await within(form).findByText(/no time zone; one is called/)).toBeTruthy()
    await user.clear(within(form).getByLabelText('Time zone'))
    await user.click(within(form).getByRole('button', { name: 'Save' }))
    expect(await within(form).findByText('Saved.')).toBeTruthy()
  })

  it('makes a signed channel, shows its secret once, and tries it', async () => {
    backend.start('ready')
    const { user } = open('/settings/notifications')
    expect(await screen.findByText('No channel yet')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Add a channel' }))
    const popup = await screen.findByRole('dialog')
    await user.selectOptions(within(popup).getByLabelText('Kind'), 'webhook')
    expect(within(popup).queryByText('Quiet hours')).toBeNull()
    await user.type(within(popup).getByLabelText('Name'), 'Ledger')
    await user.type(within(popup).getByLabelText('Address'), 'https://chat.internal/in')
    await user.click(within(popup).getByRole('button', { name: 'Add it' }))
    expect(await within(popup).findByText(/inside a network/)).toBeTruthy()
    await user.clear(within(popup).getByLabelText('Address'))
    await user.type(within(popup).getByLabelText('Address'), 'https://example.com/in')
    await user.click(within(popup).getByRole('button', { name: 'Add it' }))
    const secret = await screen.findByLabelText<HTMLInputElement>('Secret')
    expect(secret.value).toMatch(/^whsec_/)
    await user.click(screen.getByRole('button', { name: 'Done' }))
    expect(document.body.textContent).not.toContain('whsec_')
    await user.click(await screen.findByRole('button', { name: 'Send a test to Ledger' }))
    expect(await screen.findByText('The test was taken.')).toBeTruthy()
    const messages = await screen.findByRole('list', { name: 'Messages' })
    expect(within(messages).getByText('Sent')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Remove Ledger' }))
    await user.click(await screen.findByRole('button', { name: 'Remove' }))
    expect(await screen.findByText('No channel yet')).toBeTruthy()
  })

  it('says why a test did not arrive', async () => {
    backend.start('ready')
    const { user } = open('/settings/notifications')
    await user.click(await screen.findByRole('button', { name: 'Add a channel' }))
    const popup = await screen.findByRole('dialog')
    await user.type(within(popup).getByLabelText('Name'), 'Broken')
    await user.type(within(popup).getByLabelText('Address'), 'https://hooks.slack.com/services/x')
    await user.click(within(popup).getByRole('button', { name: 'Add it' }))
    await user.click(await screen.findByRole('button', { name: 'Send a test to Broken' }))
    expect(await screen.findByText(/The test did not arrive: it answers 500/)).toBeTruthy()
  })

  it('tells a failure instead of an empty list', async () => {
    backend.start('ready')
    const broken = { title: 'Broken', detail: 'the database does not answer', status: 503 }
    backend.server.use(
      http.get('*/v1/notification-channels', () => HttpResponse.json(broken, { status: 503 })),
    )
    open('/settings/notifications')
    expect(await screen.findByText(/The database does not answer/)).toBeTruthy()
  })
})
