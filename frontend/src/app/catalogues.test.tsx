/** Catalogues of connected suppliers: how they stand is said, what changed is told, and one is connected, set and taken away. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function open() {
  backend.start('ready')
  return renderApp(APP, '/catalogues')
}

describe('catalogues', () => {
  it('says how a supplier stands, what is left of its points, and what changed', async () => {
    const { user } = open()
    expect(await screen.findByText('2,000 of 50,000 left', undefined, SLOW)).toBeTruthy()
    expect(screen.getByText('1 supplier needs a look')).toBeTruthy()
    expect(screen.getByText(/kept for orders/)).toBeTruthy()
    const feed = within(await screen.findByRole('table', { name: 'What changed' }, SLOW))
    expect(feed.getByText('$9.50 → $11,234.90')).toBeTruthy()
    expect(feed.getByText('12,912 → 0')).toBeTruthy()
    await user.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'gone')
    await waitFor(() => expect(screen.queryByText('12,912 → 0')).toBeNull(), SLOW)
  })

  it('opens a product with its stock by country and its prices over time', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'Folding Camping Lantern 2' }, SLOW))
    const panel = within(await screen.findByRole('dialog', undefined, SLOW))
    expect(await panel.findAllByText(/China: not counted, United States: 212/, undefined, SLOW)).toBeTruthy()
    expect(panel.getByText('$8.90')).toBeTruthy()
  })

  it('shows pictures of products, and how far they are looked at', async () => {
    open()
    const table = within(await screen.findByRole('table', { name: 'Products of suppliers' }, SLOW))
    const picture = table.getByRole('img', { name: /^Ultralight/ })
    expect(picture.getAttribute('src')).toBe('/v1/supplier-products/offer_1/image')
    expect(table.getByRole('img', { name: 'No picture of Folding Camping Lantern 2' })).toBeTruthy()
    expect(await screen.findByText(/^106 of 118 pictures are looked at/, undefined, SLOW)).toBeTruthy()
    expect(screen.getByText('6 of them could not be shown and are tried again')).toBeTruthy()
    expect(screen.getByText("The supplier's host answers 404 Not Found. (4)")).toBeTruthy()
  })

  it('does not make up a cost that nobody told', async () => {
    open()
    const table = within(await screen.findByRole('table', { name: 'Products of suppliers' }, SLOW))
    const row = within(table.getByRole('row', { name: /Lantern 3/ }))
    expect(row.getByText('not told')).toBeTruthy()
    expect(row.getByText('not known')).toBeTruthy()
  })

  it('connects one where none is, and says at its field what is refused', async () => {
    const { user } = open()
    backend.server.use(
      http.get('*/v1/supplier-accounts', () => HttpResponse.json({ supplier_accounts: [], total: 0 }), {
        once: true,
      }),
    )
    await user.click(await screen.findByRole('button', { name: 'Connect a supplier' }, SLOW))
    await user.click(await screen.findByRole('button', { name: 'Connect' }, SLOW))
    expect(screen.getByText('Enter at least one search.')).toBeTruthy()
    await user.type(screen.getByLabelText('API key'), 'wrong')
    await user.type(screen.getByLabelText('Searches'), 'tent')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(
      await screen.findByText('CJdropshipping does not accept the API key', undefined, SLOW),
    ).toBeTruthy()
    await user.clear(screen.getByLabelText('API key'))
    await user.type(screen.getByLabelText('API key'), 'right')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(await screen.findByText(/looks for tent/, undefined, SLOW)).toBeTruthy()
  })

  it('takes designs for Printful, one a line, and says where one is none', async () => {
    const { user } = open()
    let sent: { platform?: string; watch?: { designs?: unknown } } = {}
    backend.server.use(
      http.post('*/v1/supplier-accounts', async ({ request }) => {
        sent = (await request.json()) as typeof sent
        return HttpResponse.json({ title: 'refused', status: 422 }, { status: 422 })
      }),
    )
    await user.click(await screen.findByRole('button', { name: 'Connect a supplier' }, SLOW))
    await user.selectOptions(await screen.findByLabelText('Supplier', undefined, SLOW), 'printful')
    await user.type(screen.getByLabelText('Private token'), 'token')
    await user.type(screen.getByLabelText('Searches'), 'hoodie')
    const designs = screen.getByLabelText('Designs (optional)')
    await user.type(designs, 'Wolf 71')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(screen.getByText(/One a line: a name of its own/)).toBeTruthy()
    await user.clear(designs)
    await user.type(designs, 'wolf 71 12345')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    await waitFor(() => expect(sent.platform).toBe('printful'))
    expect(sent.watch?.designs).toEqual([{ name: 'wolf', product: '71', template: '12345' }])
  })

  it('logs in at AutoDS, and sends the address at which the browser ended', async () => {
    const { user } = open()
    let sent: { login?: unknown; api_key?: string } = {}
    backend.server.use(
      http.post('*/v1/supplier-accounts', async ({ request }) => {
        sent = (await request.json()) as typeof sent
        const errors = [{ field: 'came_to', message: 'this login is over; begin again' }]
        return HttpResponse.json(
          { type: 'about:blank', title: 'Refused', status: 422, errors },
          { status: 422, headers: { 'content-type': 'application/problem+json' } },
        )
      }),
    )
    await user.click(await screen.findByRole('button', { name: 'Connect a supplier' }, SLOW))
    await user.selectOptions(await screen.findByLabelText('Supplier', undefined, SLOW), 'autods')
    await user.type(screen.getByLabelText('Searches'), 'tent')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(screen.getByText('Log in first.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Log in at AutoDS' }))
    const link = await screen.findByRole('link', { name: /login in a new tab/ }, SLOW)
    expect(link.getAttribute('href')).toContain('https://auth.example.com/authorize')
    await user.type(
      screen.getByLabelText('Address at which the browser ended'),
      'http://localhost:2048/callback?code=c&state=x',
    )
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(await screen.findByText(/login is over; begin again/, undefined, SLOW)).toBeTruthy()
    expect(sent.login).toEqual({ id: 'login_1', came_to: 'http://localhost:2048/callback?code=c&state=x' })
    expect(sent.api_key).toBeUndefined()
  })

  it('tries a contract of one’s own, shows what each pointer found, and connects by it', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'Connect a supplier' }, SLOW))
    await user.selectOptions(await screen.findByLabelText('Supplier', undefined, SLOW), 'spocket')
    expect(screen.getByText('Unverified, bring your own contract.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Log in at Spocket' })).toBeNull()
    await waitFor(() =>
      expect((screen.getByLabelText('Address') as HTMLInputElement).value).toBe(
        'https://spocket.example.com/v1',
      ),
    )
    await user.click(screen.getByRole('button', { name: 'Fill in an example' }))
    await user.type(screen.getByLabelText('Look for'), 'mug')
    await user.click(screen.getByRole('button', { name: 'Test' }))
    const table = within(
      await screen.findByRole('table', { name: 'What was read of the first product' }, SLOW),
    )
    expect(within(table.getByRole('row', { name: /Variant: Cost/ })).getByText('12.5 USD')).toBeTruthy()
    const missing = within(table.getByRole('row', { name: /Variant: Barcode/ }))
    expect(missing.getByText('Nothing: it finds nothing')).toBeTruthy()
    expect(screen.getByText('1 pointer found nothing that can be kept.')).toBeTruthy()
    await user.clear(screen.getByLabelText('Look for'))
    await user.type(screen.getByLabelText('Look for'), 'nothing')
    await user.click(screen.getByRole('button', { name: 'Test' }))
    expect(await screen.findByText(/It went no further: the list is empty/, undefined, SLOW)).toBeTruthy()

    await user.type(screen.getByLabelText('Searches'), 'mug')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(await screen.findByText('Own contract, unverified', undefined, SLOW)).toBeTruthy()
    expect(screen.getByText(/^https:\/\/spocket.example.com\/v1$/)).toBeTruthy()
  })

  it('says at its field what of a contract is wrong, and asks AutoDS’s login only where it is used', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'Connect a supplier' }, SLOW))
    await user.selectOptions(await screen.findByLabelText('Supplier', undefined, SLOW), 'autods')
    expect(screen.getByRole('button', { name: 'Log in at AutoDS' })).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('By'), 'contract')
    expect(screen.queryByRole('button', { name: 'Log in at AutoDS' })).toBeNull()
    await user.type(screen.getByLabelText('Searches'), 'mug')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(await screen.findByText('This is needed.')).toBeTruthy()
    await user.type(screen.getByLabelText('Address'), 'ftp://x')
    await user.click(screen.getByRole('button', { name: 'Test' }))
    expect(await screen.findByText('Is no address that begins with https://', undefined, SLOW)).toBeTruthy()
    const product = within(screen.getByRole('group', { name: 'In a product' }))
    await user.type(product.getByLabelText('Cost'), '/moved')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(await screen.findByText(/pointer \/moved of cost finds nothing/, undefined, SLOW)).toBeTruthy()
  })

  it('sets what is looked for, and disconnects', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'What is looked for' }, SLOW))
    const most = await screen.findByLabelText('Products to keep', undefined, SLOW)
    await user.clear(most)
    await user.type(most, '40')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText(/keeps 40/, undefined, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Disconnect' }))
    await user.click(
      within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Disconnect' }),
    )
    expect(await screen.findByText('No supplier is connected yet', undefined, SLOW)).toBeTruthy()
  })

  it('tells what a dearer supplier means for a listing, and proposes the price that leaves enough', async () => {
    const { user } = open()
    const list = within(await screen.findByRole('list', { name: 'Listings that are touched' }, SLOW))
    expect(list.getByText('Costs more than it sells for')).toBeTruthy()
    expect(list.getByText(/^118.2\s% dearer than before$/)).toBeTruthy()
    expect(list.getByText(/^[-−]\$2\.10$/)).toBeTruthy()
    expect(list.getByRole('button', { name: 'Also have it of Acme at $9.10' })).toBeTruthy()
    let sent: { edits?: unknown } = {}
    backend.server.use(
      http.post('*/v1/change-sets', async ({ request }) => {
        sent = (await request.json()) as typeof sent
        return HttpResponse.json({ title: 'No', status: 409 }, { status: 409 })
      }),
    )
    await user.click(list.getByRole('button', { name: 'Propose $32.90' }))
    await waitFor(() =>
      expect(sent.edits).toEqual([{ kind: 'price', variant_id: '44000000000001', after: '32.90' }]),
    )
  })

  it('names the campaigns that sell what is touched, and proposes to pause one', async () => {
    const { user } = open()
    const name = 'Campaigns that sell Camping lantern · Black'
    const list = within(await screen.findByRole('list', { name }, SLOW))
    expect(list.getByText(/^Runs at Meta; sold 44 of the product in 41 orders/)).toBeTruthy()
    expect(list.getByText(/^Runs at Google Ads; sold 1 of the product in 1 order of/)).toBeTruthy()
    let sent: { edits?: unknown; reason?: string } = {}
    backend.server.use(
      http.post('*/v1/change-sets', async ({ request }) => {
        sent = (await request.json()) as typeof sent
        return HttpResponse.json({ title: 'No', status: 409 }, { status: 409 })
      }),
    )
    await user.click(list.getByRole('button', { name: 'Propose to pause Lanterns · Prospecting' }))
    await waitFor(() =>
      expect(sent.edits).toEqual([
        {
          kind: 'ad_status',
          account_id: 'ad_1',
          level: 'campaign',
          ad_id: '23850001',
          after: 'paused',
        },
      ]),
    )
    expect(sent.reason).toMatch(/^Camping lantern · Black of CJdropshipping: Costs more than it sells for/)
    expect(await list.findByRole('alert', undefined, SLOW)).toBeTruthy()
  })

  it('shows why a variant looks like a supplier’s, and says what could not be mapped any more', async () => {
    const { user } = open()
    const list = within(await screen.findByRole('list', { name: 'What looks the same' }, SLOW))
    expect(list.getByText('Same barcode 04006381333931 and same SKU CJSB000002-Green')).toBeTruthy()
    expect(list.getByText('Same SKU CJSB000003-Black')).toBeTruthy()
    const asked: unknown[] = []
    backend.server.events.on('request:start', async ({ request }) => {
      if (request.url.endsWith('/accept')) asked.push(await request.clone().json())
    })
    await user.click(list.getByRole('button', { name: 'Map it: Camping mug · Green' }))
    await waitFor(() =>
      expect(asked).toEqual([
        {
          suggestions: [
            {
              variant_id: '44000000000007',
              supplier_product_id: 'offer_2',
              supplier_variant: 'CJSB000002-Green',
            },
          ],
          store_id: 'store_1',
        },
      ]),
    )
    await waitFor(
      () => expect(screen.getByRole('button', { name: 'Map all 2' })).toHaveProperty('disabled', false),
      SLOW,
    )
    await user.click(screen.getByRole('button', { name: 'Map all 2' }))
    expect(await screen.findByText(/^1 was not mapped/, undefined, SLOW)).toBeTruthy()
  })

  it('looks at a file of mappings before it takes it over', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'Import a CSV' }, SLOW))
    const panel = within(await screen.findByRole('dialog', { name: 'Import mappings' }, SLOW))
    const file = new File(['sku,supplier_external_id\nA,B\n'], 'map.csv', { type: 'text/csv' })
    await user.upload(panel.getByLabelText('CSV file'), file)
    expect(await panel.findByText('1 new, 0 changed, 0 as they are, 1 left out')).toBeTruthy()
    expect(panel.getByText('No variant has this sku.')).toBeTruthy()
    await user.click(panel.getByRole('button', { name: 'Take 1 over' }))
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Import mappings' })).toBeNull(), SLOW)
  })
})
