/** The assistant: a question and its answer with sources, what is asked back, and what was said before. */
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

async function open(path = '/assistant') {
  backend.start('ready')
  const app = renderApp(APP, path)
  await screen.findByRole('heading', { name: 'Assistant' }, SLOW)
  return app
}

const said = () => within(screen.getByRole('list', { name: 'What was said' }))

describe('the assistant', () => {
  it('answers a question with figures, their sources and their days as a chart', async () => {
    const { user, router } = await open()
    await user.type(
      await screen.findByRole('textbox', { name: 'Your question' }),
      'Net profit last week{Enter}',
    )
    await screen.findByText(/12.3 %/, undefined, SLOW)
    expect(router.state.location.pathname).toBe('/assistant/chat_1')
    // The server's grouping is written as the reader's language does it.
    expect(said().getByText(/\$1,204\.50\. 12\.3 % \(\$132\.10\) more/)).toBeTruthy()
    expect(said().getByRole('link', { name: 'Where it comes from' }).getAttribute('href')).toMatch(
      /\/command-center\/\?from=.*to=/,
    )
    expect(screen.getByRole('figure', { name: /Net profit by day/i })).toBeTruthy()
    const list = within(screen.getByRole('navigation', { name: 'Conversations' }))
    expect(
      (await list.findByRole('link', { name: /Net profit last week/ })).getAttribute('aria-current'),
    ).toBe('page')
  })

  it('finds conversations by what stands in them', async () => {
    const { user } = await open()
    const box = await screen.findByRole('textbox', { name: 'Your question' })
    await user.type(box, 'Net profit last week{Enter}')
    await screen.findByText(/12.3 %/, undefined, SLOW)
    const list = within(screen.getByRole('navigation', { name: 'Conversations' }))
    const search = await list.findByRole('searchbox', { name: 'Search what was said' })
    await user.type(search, 'nobody said this')
    await list.findByText('In none of the conversations does this stand.', undefined, SLOW)
    expect(list.queryByRole('link')).toBeNull()
    await user.clear(search)
    await user.type(search, 'PROFIT LAST')
    expect(await list.findByRole('link', { name: /Net profit last week/ }, SLOW)).toBeTruthy()
  })

  it('is asked over any page, and its sources lead to the page below', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/orders')
    await user.click(await screen.findByRole('button', { name: 'Ask the assistant' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'Assistant' }, SLOW))
    expect(await panel.findByText(/No model is configured/, undefined, SLOW)).toBeTruthy()
    await user.type(panel.getByRole('textbox', { name: 'Your question' }), 'Net profit last week{Enter}')
    await panel.findByText(/12.3 %/, undefined, SLOW)
    expect(router.state.location.pathname).toBe('/orders')
    await user.click(panel.getByRole('link', { name: 'Where it comes from' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/'))
    expect(screen.queryByRole('dialog', { name: 'Assistant' })).toBeNull()
    // It goes on where it was, until another one is begun.
    await user.click(await screen.findByRole('button', { name: 'Ask the assistant' }, SLOW))
    expect(await screen.findByRole('list', { name: 'What was said' }, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'New conversation' }))
    expect(await screen.findByText(/No model is configured/, undefined, SLOW)).toBeTruthy()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Assistant' })).toBeNull())
  })

  it('shows rows as a table with links, and how many are left out', async () => {
    const { user } = await open()
    await user.click(await screen.findByRole('button', { name: 'Which products lose money?' }))
    const table = within(await screen.findByRole('table', undefined, SLOW))
    expect(table.getByRole('link', { name: 'Walnut pen tray' }).getAttribute('href')).toBe(
      '/command-center/products/1',
    )
    expect(table.getByText('\u2212$112.40')).toBeTruthy()
    expect(screen.getByText('3 more are not shown.')).toBeTruthy()
  })

  it('asks back what it does not understand, and asks what it suggested', async () => {
    const { user } = await open()
    await user.type(await screen.findByRole('textbox', { name: 'Your question' }), 'Weather in Berlin{Enter}')
    expect(await screen.findByText(/I do not understand “Weather”/, undefined, SLOW)).toBeTruthy()
    const suggested = within(screen.getByRole('list', { name: 'Questions to ask' }))
    await user.click(suggested.getByRole('button', { name: 'What must I order?' }))
    await screen.findByText(/I do not understand “What”/, undefined, SLOW)
    // Of older answers nothing is offered any more.
    expect(screen.getAllByRole('list', { name: 'Questions to ask' }).length).toBe(1)
  })

  it('keeps what was written when it cannot be said', async () => {
    const { user } = await open()
    const field = await screen.findByRole('textbox', { name: 'Your question' })
    await user.type(field, 'a broken line{Enter}')
    expect(await screen.findByText(/cannot be reached|could not/i, undefined, SLOW)).toBeTruthy()
    await waitFor(() => expect((field as HTMLTextAreaElement).value).toBe('a broken line'))
  })

  it('says when a conversation is not there, and forgets one', async () => {
    const { user, router } = await open('/assistant/gone')
    expect(await screen.findByText(/Session not found/, undefined, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('link', { name: 'New conversation' }))
    await user.click(await screen.findByRole('button', { name: 'Which products lose money?' }))
    await screen.findByRole('table', undefined, SLOW)
    await user.click(screen.getByRole('button', { name: 'Forget this conversation' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/assistant'), SLOW)
    expect(await screen.findByText(/What you ask is kept here/)).toBeTruthy()
  })

  it('counts down near the longest question and refuses a longer one', async () => {
    const { user } = await open()
    const field = await screen.findByRole('textbox', { name: 'Your question' })
    await user.click(field)
    await user.paste('x'.repeat(3_990))
    expect(screen.getByText('10 characters are left')).toBeTruthy()
    await user.paste('y'.repeat(11))
    expect(screen.getByText('1 characters too many')).toBeTruthy()
    expect((screen.getByRole('button', { name: 'Ask' }) as HTMLButtonElement).disabled).toBe(true)
  })
})
