/** Rules from the list to one that is written, previewed, stored, and one that would go round. */
import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const card = async (name: string) => within(await screen.findByRole('article', { name }))

describe('rules', () => {
  it('say in words what they do, how they stand, and what they found', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/rules')
    const slow = await card('Mark slow movers')
    expect(
      slow.getByText(
        'Every day at 06:00, if stock is above 50 and units sold in 30 days is at most 2: add the tag slow.',
      ),
    ).toBeTruthy()
    expect(slow.getByText('3 of 42')).toBeTruthy()
    await user.click(slow.getByRole('button', { name: 'Switch off: Mark slow movers' }))
    expect(await slow.findByText('Off')).toBeTruthy()
  })

  it('are written with what they would do beside them; what is missing is said at its field', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/rules/new')
    await user.click(await screen.findByRole('button', { name: 'Save the rule' }))
    expect(await screen.findByText('Give it a name.')).toBeTruthy()
    expect(screen.getByText('This is no such number.')).toBeTruthy()
    await user.type(screen.getByLabelText('Name'), 'Dear ones')
    await user.type(screen.getAllByLabelText('Value')[1] as HTMLElement, '80')
    await user.type(screen.getByLabelText('Tags'), 'dear')
    expect(await screen.findByText('1 thing of 42 looked at', undefined, { timeout: 3_000 })).toBeTruthy()
    expect(screen.getByText(/2 of 42 could not be judged/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Save the rule' }))
    expect(await card('Dear ones')).toBeTruthy()
    expect(router.state.location.pathname).toBe('/rules')
  })

  it('signal GitHub with the figures that are chosen', async () => {
    backend.start('ready')
    const sent: unknown[] = []
    backend.server.use(
      http.post('*/v1/rules', async ({ request }) => {
        sent.push(await request.json())
        return HttpResponse.json({ title: 'Not stored', detail: 'seen' }, { status: 409 })
      }),
    )
    const { user } = renderApp(APP, '/rules/new')
    await user.type(await screen.findByLabelText('Name'), 'Tell')
    await user.type(screen.getAllByLabelText('Value')[1] as HTMLElement, '80')
    await user.selectOptions(screen.getByLabelText('What is proposed'), 'signal')
    await user.click(screen.getByRole('button', { name: 'Save the rule' }))
    expect(await screen.findByText('Name it, with at most 100 characters.')).toBeTruthy()
    await user.type(screen.getByLabelText('Event'), 'slow_stock')
    await user.click(screen.getByRole('checkbox', { name: 'Stock' }))
    await user.click(screen.getByRole('checkbox', { name: 'Units sold' }))
    await user.click(screen.getByRole('button', { name: 'Save the rule' }))
    await screen.findByText(/Nothing was stored/)
    expect(sent[0]).toMatchObject({
      rule: {
        // biome-ignore lint/suspicious/noThenProperty: the rule's own word
        then: {
          do: 'signal',
          event: 'slow_stock',
          figures: [{ figure: 'stock' }, { figure: 'units_sold', days: 30 }],
        },
      },
    })
  })

  it('that would go round are refused with the reason at what they do', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/rules/new')
    await user.type(await screen.findByLabelText('Name'), 'Unmark')
    await user.type(screen.getAllByLabelText('Value')[1] as HTMLElement, '80')
    await user.selectOptions(screen.getByLabelText('What is proposed'), 'remove_tags')
    await user.type(screen.getByLabelText('Tags'), 'slow')
    await user.click(screen.getByRole('button', { name: 'Save the rule' }))
    expect(await screen.findByText(/^Would go round with the rule “Mark slow movers”/)).toBeTruthy()
  })

  it('are only read by those who may not write them', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/auth/me', () =>
        HttpResponse.json({
          user: { id: 'user_9', email: 'vic@hearth.example', role: 'viewer' },
          workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
          permissions: ['agents:read'],
          csrf_token: 'csrf-of-the-mock',
        }),
      ),
    )
    renderApp(APP, '/rules/rule_1')
    expect(await screen.findByLabelText('Name')).toHaveProperty('value', 'Mark slow movers')
    expect(screen.queryByRole('button', { name: 'Save the rule' })).toBeNull()
  })
})
