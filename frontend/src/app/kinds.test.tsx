/** Changes that make or call off whole things, from where a person expects them to the proposal. */
import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { addDays, dayText, todayIn } from '@/shared/format/time'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()

describe('cancelling an order', () => {
  it('is proposed from its page with what becomes of money and goods, and says that nothing takes it back', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/orders/5001007')
    await user.click(await screen.findByRole('button', { name: 'Cancel the order' }))
    const panel = within(await screen.findByRole('dialog', { name: /^Cancel order/ }))
    const send = panel.getByRole('button', { name: 'Propose the cancellation' })
    await user.click(send)
    expect(panel.getByText('Say why.')).toBeTruthy()
    await user.click(panel.getByRole('checkbox', { name: 'Sell its goods again' }))
    await user.type(panel.getByLabelText('Why'), 'asked by mail')
    await user.click(send)
    const table = within(await screen.findByRole('table', { name: 'Changes' }))
    expect(table.getByText('Cancel the order')).toBeTruthy()
    expect(table.getByText('stays set aside')).toBeTruthy()
    expect(table.getByText('not told')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Approve' }))
    const sheet = await screen.findByRole('alertdialog')
    expect(sheet.textContent).toContain('open → cancelled')
  })

  it('is not offered for what was sent', async () => {
    backend.start('ready')
    renderApp(APP, '/orders/5001010')
    await screen.findByRole('heading', { name: /^Order/ })
    expect(screen.queryByRole('button', { name: 'Cancel the order' })).toBeNull()
  })
})

describe('refunding an order', () => {
  it('is proposed with units and says that nothing takes it back', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/orders/5001010')
    await user.click(await screen.findByRole('button', { name: 'Refund' }))
    const panel = within(await screen.findByRole('dialog', { name: /^Refund order/ }))
    expect(panel.getByText(/Nothing takes a refund back/)).toBeTruthy()
    const send = panel.getByRole('button', { name: 'Propose the refund' })
    await user.click(send)
    expect(panel.getByText('Choose units, or the shipping.')).toBeTruthy()
    const [units] = panel.getAllByRole('spinbutton')
    await user.clear(units as HTMLElement)
    await user.type(units as HTMLElement, '1')
    await user.type(panel.getByLabelText('Why'), 'arrived broken')
    await user.click(send)
    const table = within(await screen.findByRole('table', { name: 'Changes' }))
    expect(table.getByText('Refund')).toBeTruthy()
    expect(table.getByText('nothing takes it back')).toBeTruthy()
  })

  it('tells before anything is sent what one person gives back alone', async () => {
    backend.start('ready')
    const allowance = {
      currency: 'USD',
      alone: '50.00',
      day: '80.00',
      used: '40.00',
      left: '40.00',
      others: 1,
    }
    backend.server.use(http.get('*/v1/refund-allowance', () => HttpResponse.json(allowance)))
    const { user } = renderApp(APP, '/orders/5001010')
    await user.click(await screen.findByRole('button', { name: 'Refund' }))
    const panel = within(await screen.findByRole('dialog', { name: /^Refund order/ }))
    expect(await panel.findByText(/up to \$50\.00 at once and \$80\.00 within 24 hours/)).toBeTruthy()
    expect(panel.queryByText(/a second person has to approve it/)).toBeNull()
    const [units] = panel.getAllByRole('spinbutton')
    await user.clear(units as HTMLElement)
    await user.type(units as HTMLElement, '9')
    expect(await panel.findByText(/a second person has to approve it/)).toBeTruthy()
  })
})

describe('a discount', () => {
  it('is proposed on the products that were chosen', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/products')
    const boxes = await screen.findAllByRole('checkbox', { name: /^Select / })
    for (const box of boxes.slice(0, 2)) await user.click(box)
    await user.click(screen.getByRole('button', { name: 'Give a discount' }))
    const panel = within(await screen.findByRole('dialog', { name: 'Discount' }))
    const send = panel.getByRole('button', { name: 'Propose the discount' })
    await user.type(panel.getByLabelText('Percent off'), '12.5')
    await user.type(panel.getByLabelText('Why'), 'the season ends')
    const today = todayIn('America/New_York')
    const last = panel.getByLabelText('Last day')
    expect(last).toHaveProperty('value', addDays(today, 6))
    await user.clear(last)
    await user.type(last, addDays(today, -1))
    await user.click(send)
    expect(panel.getByText('That day is over.')).toBeTruthy()
    await user.clear(last)
    await user.type(last, addDays(today, 3))
    expect(
      panel.getByText(
        `It holds through ${dayText(addDays(today, 3))}, to the end of that day in America/New York.`,
      ),
    ).toBeTruthy()
    expect(panel.getByText('Without a code it needs a name.')).toBeTruthy()
    await user.type(panel.getByLabelText('Code'), 'SPRING')
    await user.click(send)
    const table = within(await screen.findByRole('table', { name: 'Changes' }))
    expect(table.getByText('12.5 % off')).toBeTruthy()
    expect(table.getByText('with the code SPRING')).toBeTruthy()
    expect(table.getByText('2 products')).toBeTruthy()
    // The day itself is part of it.
    expect(table.getByText(`the end of ${dayText(addDays(today, 3))}`)).toBeTruthy()
  })
})

describe('the budget of an agent', () => {
  it('has money and calls, and asks what becomes of what nobody can tell', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/agents/pricing_optimizer/settings')
    const moneyField = await screen.findByLabelText(/^Money a day/)
    expect(screen.queryByLabelText('What nobody can tell')).toBeNull()
    await user.type(moneyField, 'much')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText('Enter an amount.')).toBeTruthy()
    await user.clear(moneyField)
    await user.type(moneyField, '150.00')
    await user.selectOptions(screen.getByLabelText('What nobody can tell'), 'free')
    await user.type(screen.getByLabelText('Calls of the shop a day'), '60')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText(/^Version 4/)).toBeTruthy()
  })
})
