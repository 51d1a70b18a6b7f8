/** Orders of goods: from chosen rows of the inventory to a draft, its approval, its way to the supplier, and what came. */
import { screen, waitFor, within } from '@testing-library/react'
import { delay, HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { momentText } from '@/shared/format/time'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { ABROAD, twoStores } from '@/shared/testing/stores'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function viewer() {
  return http.get('*/v1/auth/me', () =>
    HttpResponse.json({
      user: { id: 'user_9', email: 'vic@hearth.example', role: 'viewer' },
      workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
      permissions: ['inventory:read'],
      csrf_token: 'csrf-of-the-mock',
    }),
  )
}

describe('purchase orders', () => {
  it('stand with the cash that they take', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/purchase-orders')
    const cash = within(await screen.findByRole('figure', { name: 'Cash that orders take, added up' }, SLOW))
    expect(cash.getByText(/Orders take \$3,529\.68 until/)).toBeTruthy()
    expect(cash.getByText(/\$2,227\.20 of 1 order has no day yet/)).toBeTruthy()
    const table = within(screen.getByRole('table', { name: 'Purchase orders' }))
    expect(within(table.getByRole('row', { name: /PO-0006/ })).getByText('Received in part')).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('Status'), 'approved')
    await waitFor(() => expect(table.getAllByRole('row').length).toBe(2), SLOW)
  })

  it('are written from chosen rows of the inventory, with what is suggested and what it does to the cash', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/inventory')
    await user.click(await screen.findByRole('checkbox', { name: 'Select Walnut desk organiser' }, SLOW))
    await user.click(screen.getByRole('checkbox', { name: 'Select Brass pen rest' }))
    await user.click(screen.getByRole('link', { name: 'Order these' }))
    const quantity = await screen.findByLabelText('Quantity of Walnut desk organiser', {}, SLOW)
    expect(quantity).toHaveProperty('value', '42')
    await user.click(screen.getByRole('button', { name: 'Write the draft' }))
    expect(await screen.findByText('Choose a supplier.')).toBeTruthy()
    expect(screen.getByText('A whole number from 1.')).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('Supplier'), 'sup_1')
    expect((screen.getByLabelText('Goods expected on') as HTMLInputElement).value).toMatch(
      /^\d{4}-\d\d-\d\d$/,
    )
    await user.type(screen.getByLabelText('Quantity of Brass pen rest'), '10')
    // 42 × 22.49 + 10 × 37.12 beside the 3 529.68 of orders that are open.
    expect(screen.getByText('$1,315.78')).toBeTruthy()
    expect(
      await screen.findByText(/Orders take \$4,845\.46 until .*, this one included\./, {}, SLOW),
    ).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Write the draft' }))
    expect(await screen.findByRole('heading', { level: 1, name: 'PO-0010' }, SLOW)).toBeTruthy()
    expect(router.state.location.pathname).toBe('/purchase-orders/po_10')
  })

  it('never take a cost of one currency for one of another, and say so at the line', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/purchase-orders/new?variants=90001,90011')
    const supplier = await screen.findByLabelText('Supplier', {}, SLOW)
    await screen.findByRole('option', { name: 'Nordlys Studio (EUR)' }, SLOW)
    await user.type(screen.getByLabelText('Quantity of Brass pen rest'), '10')
    const desk = screen.getByLabelText('Cost of one of Walnut desk organiser')
    expect(desk).toHaveProperty('value', '22.49')
    await user.selectOptions(supplier, 'sup_2')
    const lines = within(screen.getByRole('list', { name: 'Lines of the order' }))
    expect(desk).toHaveProperty('value', '')
    expect(lines.getByText(/USD 22\.49 each\. Enter what one costs in EUR\./)).toBeTruthy()
    expect(lines.getAllByText('not counted').length).toBe(2)
    expect(screen.getByText('€0.00')).toBeTruthy()
    await user.type(desk, '20.50')
    expect(lines.queryByText(/USD 22\.49 each/)).toBeNull()
    // 42 × 20.50 alone: the other line is not there in euros.
    expect(screen.getAllByText('€861.00').length).toBe(2)
    expect(screen.getByText('Without 1 line whose cost in EUR is not entered.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Write the draft' }))
    expect(await screen.findByText('What one costs, in EUR.')).toBeTruthy()
    await user.selectOptions(supplier, 'sup_1')
    expect(desk).toHaveProperty('value', '22.49')
    expect(screen.getByText('$1,315.78')).toBeTruthy()
  })

  it('get further lines from what is to reorder and from a search', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/purchase-orders/new')
    await user.click(await screen.findByRole('button', { name: 'Add what is to reorder' }, SLOW))
    expect(await screen.findByText('2 lines added.', {}, SLOW)).toBeTruthy()
    await user.type(screen.getByLabelText('Find a variant to add'), 'copper')
    await user.click(await screen.findByRole('button', { name: 'Add Copper bottle 750 ml' }, SLOW))
    const lines = within(screen.getByRole('list', { name: 'Lines of the order' }))
    expect(lines.getAllByRole('listitem').length).toBe(3)
    await user.click(lines.getByRole('button', { name: 'Take away Copper bottle 750 ml' }))
    expect(lines.getAllByRole('listitem').length).toBe(2)
  })

  it('are approved, sent and received in parts, and closed with their difference', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/purchase-orders/po_9')
    await user.click(await screen.findByRole('button', { name: 'Approve' }, SLOW))
    const approve = within(await screen.findByRole('dialog', { name: 'Approve PO-0009' }, SLOW))
    expect(approve.getByText(/\$1,790\.22 to Hearth & Co Workshop/)).toBeTruthy()
    await user.click(approve.getByRole('button', { name: 'Approve' }))
    await user.click(await screen.findByRole('button', { name: 'Send by mail' }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Send it' }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Receive' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'What came of PO-0009' }, SLOW))
    const [first, second] = panel.getAllByLabelText('Came now') as [HTMLElement, HTMLElement]
    await user.clear(first)
    await user.clear(second)
    await user.click(panel.getByRole('button', { name: 'Write it down' }))
    expect(await panel.findByText('Say what came.')).toBeTruthy()
    await user.type(first, '40')
    await user.type(second, '20')
    await user.type(panel.getAllByLabelText('What was wrong (optional)')[0] as HTMLElement, '2 broken')
    const damaged = panel.getAllByLabelText('Damaged (optional)')[0] as HTMLElement
    await user.type(damaged, '41')
    await user.type(panel.getAllByLabelText('Charged each (optional)')[0] as HTMLElement, '23,10')
    await user.click(panel.getByRole('button', { name: 'Write it down' }))
    expect(await panel.findByText('A whole number, at most what came.')).toBeTruthy()
    await user.clear(damaged)
    await user.type(damaged, '3')
    await user.click(panel.getByRole('button', { name: 'Write it down' }))
    expect(await screen.findByText('Received in part', {}, SLOW)).toBeTruthy()
    expect(screen.getByText('2 to come')).toBeTruthy()
    expect(screen.getByText('2 too many')).toBeTruthy()
    expect(screen.getByText('(2 broken)')).toBeTruthy()
    expect(screen.getByText('3 damaged')).toBeTruthy()
    expect(screen.getByText('charged at $23.10 each')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Close' }))
    const close = within(await screen.findByRole('dialog', { name: 'Close PO-0009' }, SLOW))
    expect(close.getByText(/2 units did not come/)).toBeTruthy()
    await user.click(close.getByRole('button', { name: 'Close it' }))
    expect(await screen.findByText('2 missing', {}, SLOW)).toBeTruthy()
    expect(screen.getByText('Nothing more comes of this order.')).toBeTruthy()
  })

  it('that are large are not approved by who wrote them; cancelling needs a reason', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/purchase-orders/po_8')
    expect(
      await screen.findByText(
        'Orders of this size are approved by somebody else than who wrote them.',
        {},
        SLOW,
      ),
    ).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Cancel it' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Cancel PO-0008' }, SLOW))
    await user.click(dialog.getByRole('button', { name: 'Cancel the order' }))
    expect(await dialog.findByText('Say why.')).toBeTruthy()
    await user.type(dialog.getByLabelText('Why'), 'ordered twice')
    await user.click(dialog.getByRole('button', { name: 'Cancel the order' }))
    expect(await screen.findByText(/This order was cancelled/, {}, SLOW)).toBeTruthy()
    expect(screen.getByText('ordered twice')).toBeTruthy()
  })

  it('that the server refuses say so at the line', async () => {
    backend.start('ready')
    backend.server.use(
      http.put('*/v1/purchase-orders/:id', () =>
        HttpResponse.json(
          {
            title: 'Refused',
            status: 422,
            detail: 'the order cannot be written so',
            errors: [
              { field: 'lines[0].quantity', message: 'is no multiple of its pack' },
              { field: 'lines[1].variant_id', message: 'is not of this store' },
            ],
          },
          { status: 422, headers: { 'content-type': 'application/problem+json' } },
        ),
      ),
    )
    const { user } = renderApp(APP, '/purchase-orders/po_9?edit=yes')
    await user.click(await screen.findByRole('button', { name: 'Save the draft' }, SLOW))
    expect(await screen.findByText('Is no multiple of its pack', {}, SLOW)).toBeTruthy()
    expect(screen.getByText('Is not of this store')).toBeTruthy()
    const quantity = screen.getByLabelText('Quantity of Walnut desk organiser')
    expect(quantity.getAttribute('aria-invalid')).toBe('true')
    await waitFor(() => expect(document.activeElement).toBe(quantity))
  })

  it('that are drafts are changed', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/purchase-orders/po_9?edit=yes')
    const quantity = await screen.findByLabelText('Quantity of Walnut desk organiser', {}, SLOW)
    await user.clear(quantity)
    await user.type(quantity, '50')
    backend.server.use(http.get('*/v1/purchase-orders/:id', () => delay('infinite')))
    await user.click(screen.getByRole('button', { name: 'Save the draft' }))
    const table = within(await screen.findByRole('table', { name: 'Lines of the order' }, SLOW))
    expect(table.getByText('50')).toBeTruthy()
  })

  it('are given as PDF and CSV, also to those who only read', async () => {
    backend.start('ready')
    backend.server.use(viewer())
    renderApp(APP, '/purchase-orders/po_1')
    const pdf = await screen.findByRole('link', { name: 'PDF' }, SLOW)
    expect(pdf.getAttribute('href')).toBe('/v1/purchase-orders/po_1/file?format=pdf')
    expect(screen.getByRole('link', { name: 'CSV' }).hasAttribute('download')).toBe(true)
    expect(screen.queryByRole('button', { name: 'Receive' })).toBeNull()
    expect(screen.getByText('Operators may do this.')).toBeTruthy()
  })

  it('are their own store’s, whichever is chosen in the head', async () => {
    backend.start('ready')
    backend.server.use(twoStores)
    const asked: string[] = []
    backend.server.events.on('request:start', ({ request }) => {
      if (request.url.includes('/outlook'))
        asked.push(new URL(request.url).searchParams.get('store_id') ?? '')
    })
    const { user } = renderApp(APP, `/purchase-orders/po_9?store=${ABROAD.id}`)
    expect(await screen.findByText('for Hearth & Harbour', {}, SLOW)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Store: Hearth Auckland' })).toBeTruthy()
    const order = await (await fetch('http://localhost/v1/purchase-orders/po_9')).json()
    const done = within(screen.getByRole('region', { name: 'What was done' }))
    expect(done.getByText(momentText(order.created_at, 'America/New_York'))).toBeTruthy()
    for (const name of ['Walnut desk organiser', 'All purchase orders'])
      expect(screen.getByRole('link', { name }).getAttribute('href')).toContain('store=store_1')
    await user.click(screen.getByRole('button', { name: 'Change the draft' }))
    expect(await screen.findByText('2 lines, costs in USD', {}, SLOW)).toBeTruthy()
    expect(screen.queryByText(/This supplier is paid in/)).toBeNull()
    await waitFor(() => expect(asked).toEqual(['store_1']), SLOW)
    backend.server.events.removeAllListeners()
  })

  it('before there are any say where to begin', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/purchase-orders', () =>
        HttpResponse.json({ purchase_orders: [], total: 0, next_cursor: null }),
      ),
    )
    renderApp(APP, '/purchase-orders')
    expect(await screen.findByText('Nothing was ordered yet', {}, SLOW)).toBeTruthy()
    expect(screen.getAllByRole('link', { name: 'New purchase order' }).length).toBe(1)
  })
})
