import { act, screen, waitFor } from '@testing-library/react'
import { delay, HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('the limits of a store', () => {
  it('are set with a reason where more is let through', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/guardrails')
    const step = await screen.findByLabelText('One change of a price', {}, SLOW)
    expect((step as HTMLInputElement).value).toBe('20')
    expect(screen.getByText('Nobody changed anything yet: these are the defaults.')).toBeTruthy()
    const save = screen.getByRole('button', { name: 'Save the limits' })
    expect(save).toHaveProperty('disabled', true)
    await user.clear(step)
    await user.type(step, '51')
    await user.click(save)
    expect(await screen.findByText('From 1 to 50 %.')).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(step))
    await user.clear(step)
    await user.type(step, '22.5')
    await user.click(save)
    expect(await screen.findByText('Is needed where more is let through than before')).toBeTruthy()
    await user.type(screen.getByLabelText('Why'), 'The spring sale')
    await user.click(save)
    expect(await screen.findByText(/^Version 1, set by olivia.*“The spring sale”$/)).toBeTruthy()
    expect((screen.getByLabelText('One change of a price') as HTMLInputElement).value).toBe('22.5')
  })

  it('say what one person gives back alone, and nothing where that is left empty', async () => {
    backend.start('ready')
    const sent: { limits: Record<string, unknown> }[] = []
    backend.server.use(
      http.put('*/v1/guardrails', async ({ request }) => {
        sent.push((await request.json()) as (typeof sent)[number])
        const errors = [{ field: 'limits.refund_day', message: 'cannot be less than what one refund may be' }]
        return HttpResponse.json({ title: 'Not stored', errors }, { status: 422 })
      }),
    )
    const { user } = renderApp(APP, '/settings/guardrails')
    const alone = await screen.findByLabelText('One refund (EUR)', {}, SLOW)
    expect((alone as HTMLInputElement).value).toBe('')
    await user.type(alone, '200.00')
    await user.click(screen.getByRole('button', { name: 'Save the limits' }))
    expect(await screen.findByText('Cannot be less than what one refund may be')).toBeTruthy()
    expect(sent[0]?.limits).toMatchObject({ refund_alone: '200.00', refund_day: null })
  })

  it('are nobody else’s while one’s own saving is under way', async () => {
    backend.start('ready')
    const { user, client } = renderApp(APP, '/settings/guardrails')
    const step = await screen.findByLabelText('One change of a price', {}, SLOW)
    await user.clear(step)
    await user.type(step, '15')
    const before = await (await fetch('http://localhost/v1/guardrails')).json()
    const mine = {
      ...before,
      version: 1,
      limits: { ...before.limits, price_step: 1500 },
      updated_by: 'olivia@hearth.example',
    }
    let answer = () => {}
    const held = new Promise<void>(resolve => {
      answer = resolve
    })
    // What was stored is read before the answer to the saving is there.
    backend.server.use(
      http.get('*/v1/guardrails', () => HttpResponse.json(mine)),
      http.put('*/v1/guardrails', async () => {
        await held
        return HttpResponse.json(mine)
      }),
    )
    await user.click(screen.getByRole('button', { name: 'Save the limits' }))
    await act(async () => {
      await client.refetchQueries({ queryKey: ['guardrails'] })
      await delay(1)
    })
    expect(screen.queryByText(/set other limits meanwhile/)).toBeNull()
    answer()
    expect(await screen.findByText(/^Version 1, set by olivia/, {}, SLOW)).toBeTruthy()
    expect(screen.getByText('Nothing is changed.')).toBeTruthy()
    expect(screen.queryByText(/set other limits meanwhile/)).toBeNull()
  })

  it('have hours in which agents may act', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/guardrails')
    await user.click(await screen.findByLabelText(/^Only within these hours/, {}, SLOW))
    await user.selectOptions(screen.getByLabelText('Until'), '08:00')
    const save = screen.getByRole('button', { name: 'Save the limits' })
    await user.click(save)
    expect(await screen.findByText('The first and the last hour differ.')).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('Until'), '06:00')
    await user.click(save)
    expect(await screen.findByText(/^Version 1, set by/)).toBeTruthy()
    expect((screen.getByLabelText('Until') as HTMLSelectElement).value).toBe('6')
  })
})
