/** Change-sets from the proposal to what the shop shows, and the stop over all of it. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const main = () => within(screen.getByRole('main'))

type User = ReturnType<typeof renderApp>['user']

async function propose(user: User, reason: string) {
  const boxes = await screen.findAllByRole('checkbox', { name: /^Select / })
  for (const box of boxes.slice(0, 3)) await user.click(box)
  await user.click(screen.getByRole('button', { name: 'Change prices' }))
  const panel = within(await screen.findByRole('dialog', { name: 'Change prices' }))
  await user.type(await panel.findByLabelText('Percent'), '10')
  await user.type(panel.getByLabelText('Why'), reason)
  await user.click(panel.getByRole('button', { name: 'Propose 3 prices' }))
  await screen.findByRole('heading', { name: 'Prices of 3 variants' })
}

async function approve(user: User) {
  await user.click(main().getByRole('button', { name: 'Approve' }))
  const sheet = within(await screen.findByRole('alertdialog'))
  await user.click(sheet.getByRole('button', { name: 'Approve' }))
}

describe('the inbox', () => {
  it('puts the most money with the least time first, and counts what waits beside its name', async () => {
    backend.start('ready')
    renderApp(APP, '/inbox')
    const table = await screen.findByRole('table', { name: 'Waiting' })
    const titles = within(table)
      .getAllByRole('link')
      .map(link => link.textContent)
    expect(titles).toEqual(['Clear the slow movers', 'Raise three prices by 6 %'])
    const counts = await screen.findAllByRole('link', { name: /^Inbox 2 waiting/ })
    expect(counts.length).toBeGreaterThan(0)
  })

  it('is worked by keyboard: j to a row, r rejects it after asking, until nothing waits', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/inbox')
    await screen.findByRole('table', { name: 'Waiting' })
    await user.keyboard('jj')
    expect(document.activeElement?.textContent).toBe('Raise three prices by 6 %')
    await user.keyboard('r')
    const sheet = await screen.findByRole('alertdialog', { name: /Reject “Raise three prices/ })
    await user.click(within(sheet).getByRole('button', { name: 'Reject' }))
    await waitFor(() => expect(screen.queryByText('Raise three prices by 6 %')).toBeNull())
    await user.keyboard('a')
    const approval = await screen.findByRole('alertdialog', { name: /Approve “Clear/ })
    expect(within(approval).getByText(/It can be undone/)).toBeTruthy()
    expect(approval.textContent).toMatch(/Money: \$[\d.,]+ → \$[\d.,]+ \(−30\.0/)
    await user.click(within(approval).getByRole('button', { name: 'Approve' }))
    expect(await screen.findByText('Nothing waits for you')).toBeTruthy()
  })
})

describe('a change-set', () => {
  it('is proposed from selected products, and is not called done before the shop shows it', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/products')
    await propose(user, 'New freight rates')
    expect(router.state.location.pathname).toMatch(/^\/change-sets\/set_/)
    expect(main().getAllByText(/\+10\.0.%/).length).toBeGreaterThan(0)
    await approve(user)
    expect(await screen.findByText(/Nothing counts as done before the shop was read again/)).toBeTruthy()
    expect(screen.queryByText('Applied and verified')).toBeNull()
    expect((await screen.findAllByText('Applied and verified')).length).toBeGreaterThan(0)
    expect(main().getAllByRole('cell', { name: 'Verified' }).length).toBe(3)
  }, 30_000)

  it('leaves out what was unticked, and sends the digest of what was looked at', async () => {
    backend.start('ready')
    let sent: unknown
    backend.server.events.on('request:start', async ({ request }) => {
      if (request.url.endsWith('/set_1/approve')) sent = await request.clone().json()
    })
    const { user } = renderApp(APP, '/change-sets/set_1')
    await user.click(await screen.findByRole('checkbox', { name: /Brass pen rest/ }))
    await approve(user)
    expect(await screen.findByRole('cell', { name: 'Left out' })).toBeTruthy()
    expect(sent).toMatchObject({ digest: 'digest-of-set_1', reject: [2] })
  })

  it('says in words why the third change failed, and proposes the undo of the others', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/products')
    await propose(user, 'fail')
    await approve(user)
    expect(await screen.findByText('The shop refused the price.')).toBeTruthy()
    expect(await screen.findByText('2 of 3 operations are in effect.')).toBeTruthy()
    await user.click(await main().findByRole('button', { name: 'Undo' }))
    const sheet = within(await screen.findByRole('alertdialog'))
    await user.click(sheet.getByRole('button', { name: 'Propose the undo' }))
    expect(await screen.findByRole('heading', { name: 'Undo: Prices of 3 variants' })).toBeTruthy()
    expect(main().getByText('Waits')).toBeTruthy()
  }, 30_000)

  it('shows evidence with its time, the expected effect and the risk with its reasons', async () => {
    backend.start('ready')
    renderApp(APP, '/change-sets/set_2')
    expect(await screen.findByText('231 days')).toBeTruthy()
    expect(screen.getByText('+$310.00')).toBeTruthy()
    expect(screen.getByText('medium risk')).toBeTruthy()
    expect(screen.getByText('One price falls below the cost of its product')).toBeTruthy()
  })

  it('says why the effect is not known, and keeps a refusal in the sheet', async () => {
    backend.start('ready')
    const refusal = { title: 'Conflict', detail: 'it is not what was looked at any more', status: 409 }
    backend.server.use(
      http.post('*/v1/change-sets/:id/approve', () => HttpResponse.json(refusal, { status: 409 })),
    )
    const { user } = renderApp(APP, '/change-sets/set_1')
    expect(await screen.findByText(/Not known\. No experiment has measured/)).toBeTruthy()
    await approve(user)
    expect(await screen.findByText('It is not what was looked at any more')).toBeTruthy()
    expect(screen.getByRole('alertdialog')).toBeTruthy()
  })

  it('asks a person what became of a write whose answer was lost, and how they know', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/change-sets/set_5')
    await user.click(await screen.findByRole('button', { name: 'Look again' }))
    await user.click(screen.getByRole('button', { name: 'Record it' }))
    expect(await screen.findByText('Say how you know.')).toBeTruthy()
    expect(screen.getByText(/Say of at least one change/)).toBeTruthy()
    await user.click(screen.getByRole('radio', { name: 'Not in effect' }))
    await user.type(screen.getByLabelText('How you know'), 'A colleague set it')
    await user.click(screen.getByRole('button', { name: 'Record it' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Look again' })).toBeNull())
    expect(main().getAllByText('Partly applied').length).toBeGreaterThan(0)
  })

  it('shows what was measured beside what was predicted, and why something cannot be told', async () => {
    backend.start('ready')
    renderApp(APP, '/change-sets/set_4')
    const table = within(await screen.findByRole('table', { name: 'Outcomes' }))
    expect(table.getByText('+$48.50')).toBeTruthy()
    expect(table.getByText('as predicted')).toBeTruthy()
    expect(table.getByText(/Cannot be told\. 4 units were sold/)).toBeTruthy()
  })

  it('the list is filtered by its address', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/change-sets?status=partly_applied')
    expect(await screen.findByText('Prices after the new freight rates')).toBeTruthy()
    expect(screen.queryByText('Back to the list price')).toBeNull()
    await user.selectOptions(screen.getByLabelText('Status'), 'applied')
    expect(await screen.findByText('Back to the list price')).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ status: 'applied' })
  })
})

describe('the emergency stop', () => {
  it('is pulled with a reason, says so on every page, and is lifted with a reason', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/change-sets')
    await user.click(await screen.findByRole('button', { name: 'Emergency stop' }))
    const sheet = within(await screen.findByRole('alertdialog', { name: 'Emergency stop' }))
    await user.click(sheet.getByRole('button', { name: 'Stop now' }))
    expect(await sheet.findByText('Say why: others will read it.')).toBeTruthy()
    await user.type(sheet.getByLabelText('Why'), 'Prices look wrong')
    await user.click(sheet.getByRole('button', { name: 'Stop now' }))
    expect(await screen.findByText('Emergency stop: nothing is written outside.')).toBeTruthy()
    await router.navigate({ to: '/orders' })
    await screen.findByRole('heading', { name: 'Orders' })
    expect(screen.getByText(/Prices look wrong/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Lift it' }))
    const lift = within(await screen.findByRole('alertdialog', { name: 'Lift the stop' }))
    await user.type(lift.getByLabelText('Why'), 'Checked')
    await user.click(lift.getByRole('button', { name: 'Lift it' }))
    await waitFor(() => expect(screen.queryByText(/Prices look wrong/)).toBeNull())
  }, 20_000)
})
