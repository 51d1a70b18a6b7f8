/** Tickets: what is owed, a draft that is sent only by somebody, and a ticket by hand. */
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('support', () => {
  it('shows what is owed and what is late, and answers from the draft', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/support')
    const list = within(await screen.findByRole('list', { name: 'Tickets' }, SLOW))
    expect(list.getAllByRole('listitem').length).toBe(2)
    expect(list.getByText('Urgent')).toBeTruthy()
    await user.click(list.getByRole('link', { name: 'Where is my order?' }))
    const messages = within(await screen.findByRole('list', { name: 'Messages' }, SLOW))
    expect(messages.getByText(/I need it by Friday/)).toBeTruthy()
    expect(screen.getByText('This one')).toBeTruthy()
    const box = screen.getByRole('textbox', { name: 'Text' })
    expect(box).toHaveProperty('value', '')
    await user.click(screen.getByRole('button', { name: 'Take the draft' }))
    expect((box as HTMLTextAreaElement).value).toMatch(/it has not been sent yet/)
    await user.click(screen.getByRole('button', { name: 'Send it to ada@example.com' }))
    await messages.findByText('Sent', undefined, SLOW)
    expect(screen.getByText('Waits for the buyer')).toBeTruthy()
  })

  it('has a model draft an answer, and says who wrote what stands there', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/support/0190b2f0-0000-7000-8000-000000000511')
    await screen.findByText(/would be told what is recorded/, undefined, SLOW)
    await user.click(screen.getByRole('button', { name: 'Have a model draft it' }))
    await screen.findByText(/Drafted by stand-in at localhost/, undefined, SLOW)
    const box = screen.getByRole('textbox', { name: 'Text' }) as HTMLTextAreaElement
    expect(box.value).toMatch(/sorry that you had to ask/)
    await user.click(screen.getByRole('button', { name: 'Take the draft' }))
    expect(box.value).toMatch(/thank you for writing/)
    expect(screen.queryByText(/Drafted by/)).toBeNull()
  })

  it('says why a draft is the template’s', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/support/0190b2f0-0000-7000-8000-000000000512')
    await user.click(await screen.findByRole('button', { name: 'Have a model draft it' }, SLOW))
    await screen.findByText(/template’s: what stand-in at localhost wrote was left/, undefined, SLOW)
  })

  it('says that a reply did not go out and why', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/support/0190b2f0-0000-7000-8000-000000000511')
    await user.type(await screen.findByRole('textbox', { name: 'Text' }, SLOW), 'refused')
    await user.click(screen.getByRole('button', { name: /^Send it/ }))
    await screen.findByText('Did not go out', undefined, SLOW)
    expect(screen.getByText('the relay does not know this address')).toBeTruthy()
    expect(screen.getByText('Open')).toBeTruthy()
  })

  it('takes a ticket by hand, and says where nothing can be sent', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/support')
    await user.click(await screen.findByRole('button', { name: 'New ticket' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'New ticket' }, SLOW))
    await user.type(panel.getByLabelText('Subject'), 'A call')
    await user.type(panel.getByLabelText('Order'), '#9')
    await user.click(panel.getByRole('button', { name: 'Open the ticket' }))
    expect(panel.getByText('Write down what was asked.')).toBeTruthy()
    await user.type(panel.getByLabelText('What was asked'), 'When will it come?')
    await user.click(panel.getByRole('button', { name: 'Open the ticket' }))
    await panel.findByText(/is not an order of this store/i, undefined, SLOW)
    await user.clear(panel.getByLabelText('Order'))
    await user.click(panel.getByRole('button', { name: 'Open the ticket' }))
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/support\/0190/), SLOW)
    await screen.findByText('When will it come?', undefined, SLOW)
  })
})
