/** From a supplier's product to a draft in the shop, a sale, an order at the supplier, its parcel in the shop, and what is left of the sale. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { axe } from './browser.mjs'
import { answered, asOwner } from './owner.mjs'

const owner = asOwner({ sandboxArgs: ['--size', '600', '--days', '90'] })
const { read, ask, send, sound, approve } = owner

async function outside(path, data) {
  const answer = await fetch(owner.servers.sandboxUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${path}: ${text}`)
  return JSON.parse(text)
}

describe('a product of a supplier', () => {
  let account
  let mapping
  let order

  test('is read, drafted in the shop, and mapped by itself', async () => {
    const { page } = owner.view
    account = await send('POST', '/v1/supplier-accounts', {
      platform: 'cjdropshipping',
      sandbox: true,
      watch: { searches: ['camping lantern', 'mug'], most_products: 12 },
    })
    await answered(async () => {
      const told = await read(`/v1/supplier-accounts/${account.id}`)
      return told.last_sync?.status === 'succeeded'
    }, 'the reading of the supplier')
    const { opportunities } = await read('/v1/opportunities?limit=100')
    let set
    for (const one of opportunities) {
      const answer = await ask('POST', `/v1/opportunities/${one.id}/approve`, {
        version: one.version,
        price: '249.00',
      })
      if (!answer.ok()) continue
      set = (await answer.json()).decision.change_set_id
      break
    }
    assert.ok(set, 'a draft can be made of one of them')
    await page.goto(`${owner.servers.base}/change-sets/${set}`)
    await approve()
    mapping = await answered(async () => (await read('/v1/supplier-mappings')).mappings[0], 'the mapping')
    assert.equal(mapping.origin, 'draft')
    await page.goto(`${owner.servers.base}/catalogues`)
    await page.getByRole('table', { name: 'Mappings' }).waitFor()
    await page.getByText('Drafted from the offer').first().waitFor()
    await page.waitForFunction(() => {
      const pictures = document.querySelectorAll('table[aria-label="Products of suppliers"] img')
      return [...pictures].some(one => one.naturalWidth > 0)
    })
    await sound('catalogues with a mapping')
    await page
      .getByRole('button', { name: /^Change the mapping of/ })
      .first()
      .click()
    await page.getByRole('dialog').getByLabel('Pieces a unit needs').waitFor()
    assert.deepEqual(await axe(page), [], 'the panel of a mapping')
    await page.keyboard.press('Escape')
  })

  test('is sold, and ordered at the supplier once that is approved', async () => {
    const { page } = owner.view
    const sale = await outside('/__events', {
      kind: 'order_create',
      variant: `gid://shopify/ProductVariant/${mapping.variant_id}`,
      units: 2,
    })
    order = sale.id.split('/').pop()
    const { connections } = await read('/v1/connections')
    await send('POST', '/v1/syncs', { connection_id: connections[0].id })
    await answered(async () => {
      const answer = await page.request.get(`${owner.servers.url}/v1/orders/${order}`)
      return answer.status() === 200
    }, 'the sale')
    await page.goto(`${owner.servers.base}/orders/${order}`)
    await page.getByRole('button', { name: 'Order at a supplier' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByText('ranked first').waitFor()
    await sound('the ways of an order')
    await panel.getByRole('button', { name: /^Propose the order of 1 line/ }).click()
    await page.waitForURL('**/change-sets/**')
    await page.getByText('Sold for, without tax').first().waitFor()
    await sound('the proposal of an order at a supplier')
    await approve()
    const told = await (await fetch(`${owner.servers.sandboxUrl}/__cj`)).json()
    assert.equal(told.payments.length, 1)
    const placed = await answered(async () => {
      const { supplier_orders: orders } = await read(`/v1/supplier-orders?order_id=${order}`)
      return orders[0]?.booked && orders[0]
    }, 'the cost at the sale')
    assert.equal(Math.round(Number(placed.total.amount) * 100), told.payments[0].cents)
  })

  test('is sent, the shop is told of the parcel once, and what is left of the sale is shown', async () => {
    const { page } = owner.view
    const { supplier_orders: before } = await read(`/v1/supplier-orders?order_id=${order}`)
    await outside('/__cj', { webhook: `${owner.servers.url}/v1/webhooks/cjdropshipping/${account.id}` })
    await outside('/__cj', { ship: before[0].our_ref })
    const sent = await answered(async () => {
      const { supplier_orders: orders } = await read(`/v1/supplier-orders?order_id=${order}`)
      return orders[0].parcels[0]?.told && orders[0]
    }, 'the parcel')
    await answered(async () => {
      const answer = await read(`/v1/orders/${order}`)
      return answer.order.fulfillment_status === 'fulfilled'
    }, 'the shipment in the shop')
    const { writes } = await (await fetch(`${owner.servers.sandboxUrl}/__writes`)).json()
    assert.equal(writes.filter(write => write.kind === 'fulfillmentCreate').length, 1)
    const cents = Math.round(Number(sent.total.amount) * 100)
    const totals = await answered(async () => {
      const { ledger_totals: of } = await read(`/v1/orders/${order}`)
      const cost = Math.abs(Number(of.cost_of_goods)) + Math.abs(Number(of.shipping_cost))
      return Math.round(cost * 100) === cents && of
    }, 'its true cost')
    assert.ok(totals.cm2 !== null, JSON.stringify(totals))
    await page.goto(`${owner.servers.base}/orders/${order}`)
    await page.getByRole('heading', { name: 'At suppliers' }).waitFor()
    await page.getByText(sent.parcels[0].number).first().waitFor()
    await sound('an order that a supplier sent')
  })
})
