/** From a stock that shrinks to goods that came: forecast, order, a second person's approval, receipt, and the cover after each of them. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  axe,
  createOwner,
  drawn,
  launch,
  OWNER,
  openPage,
  scrollsSideways,
  until,
  withSandbox,
} from './browser.mjs'
import { startServers } from './servers.mjs'

const DAYS_AGO = 24
const DAY_MS = 86_400_000
const LEAD = { days: '30', spread: '5' }
const MISSING = 2

let servers
let owner
let otto
const browsers = []
/** What is ordered: the variant that runs out first. */
const ordered = {}

async function view(options = { width: 1280 }) {
  const browser = await launch()
  browsers.push(browser)
  return openPage(browser, options)
}

before(async () => {
  const began = new Date(Date.now() - DAYS_AGO * DAY_MS).toISOString()
  servers = await startServers({ sandboxArgs: ['--size', '4000', '--days', '300', '--now', began] })
  owner = await view()
  const { page } = owner
  await createOwner(page, servers.code, servers.base)
  await withSandbox(page)
})
after(async () => {
  await Promise.all(browsers.map(browser => browser.close()))
  await servers?.stop()
})

async function read({ page }, path) {
  const answer = await page.request.get(servers.url + path)
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`)
  return answer.json()
}

async function sandbox(path, body, headers = {}) {
  const answer = await fetch(servers.sandboxUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const told = await answer.json()
  assert.ok(answer.ok && !told.errors, `${path}: ${JSON.stringify(told)}`)
  return told
}

async function settled({ page }) {
  await page.locator('main h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('main [role="status"][aria-label^="Loading"]'))
}

/** Fetches by hand what is new in the shop. */
async function fetchNow() {
  const { page } = owner
  const { syncs } = await read(owner, '/v1/syncs?limit=1')
  await page.goto(`${servers.base}/connections`)
  await page.getByRole('button', { name: 'Sync now' }).click()
  await until(
    page,
    `fetch('/v1/syncs?limit=1').then(answer => answer.json())
      .then(({ syncs: [last] }) => last.id !== '${syncs[0].id}' && last.status === 'succeeded')`,
    120_000,
  )
}

/** Nothing wrong with the page, at the width of a desk and of a phone. */
async function sound(seen, where) {
  const { page } = seen
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await settled(seen)
    await drawn(page)
    assert.equal(await scrollsSideways(page), false, `${where} at ${width}: scrolls sideways`)
    assert.deepEqual(await axe(page), [], `${where} at ${width}: axe`)
  }
  assert.deepEqual(await seen.violations(), [], `${where}: content security policy`)
  assert.deepEqual(seen.faults, [], `${where}: console`)
  await page.setViewportSize({ width: 1280, height: 900 })
}

const stockOf = list => list.items.reduce((sum, item) => sum + (item.available ?? 0), 0)
const detail = () => read(owner, `/v1/inventory/${ordered.id}`)
/** What is left in stock after each of the days ahead, together: it grows with every unit that comes. */
const ahead = variant => variant.cover.reduce((sum, day) => sum + day.expected, 0)

describe('a stock that shrinks', () => {
  test('is seen to do so, and has no cover before there is a forecast', async () => {
    const { page } = owner
    const before = stockOf(await read(owner, '/v1/inventory?limit=250'))
    const passed = await sandbox('/__clock', { now: new Date().toISOString(), live: true })
    assert.ok(passed.orders > 100, JSON.stringify(passed))
    await fetchNow()
    const now = await read(owner, '/v1/inventory?limit=250')
    assert.ok(stockOf(now) < before, `${before} → ${stockOf(now)}`)
    await page.goto(`${servers.base}/inventory`)
    await page.getByText('There is no forecast yet').waitFor()
    await sound(owner, 'the inventory without a forecast')
  })

  test('is forecast by hand: the list says when what runs out, and between which days', async () => {
    const { page } = owner
    await page.getByRole('button', { name: 'Make the first forecast' }).click()
    await page.getByRole('button', { name: 'Forecast again', disabled: false }).waitFor({ timeout: 120_000 })
    await settled(owner)
    const { items } = await read(owner, '/v1/inventory?limit=250')
    const [soonest] = items.filter(item => item.stock_out?.earliest && item.urgency !== 'out')
    assert.ok(soonest, 'something runs out')
    const { earliest, latest, expected } = soonest.stock_out
    assert.ok(earliest <= expected && (!latest || expected <= latest), JSON.stringify(soonest.stock_out))
    const shown = day =>
      new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
        new Date(`${day}T00:00:00Z`),
      )
    const row = page
      .getByRole('table', { name: 'Inventory' })
      .getByRole('row')
      .filter({ hasText: soonest.title })
    const interval = latest ? `${shown(earliest)} – ${shown(latest)}` : `${shown(earliest)} or later`
    await row.getByText(interval).first().waitFor()
    await page.getByRole('figure', { name: 'Cover against lead time' }).waitFor()
    await sound(owner, 'the inventory with a forecast')
    await page.goto(`${servers.base}/accuracy`)
    await sound(owner, 'the accuracy')
  })

  test('is to be ordered again once somebody said how long goods take', async () => {
    const { page } = owner
    await page.goto(`${servers.base}/settings/inventory`)
    await page.getByLabel('Of the store').fill(LEAD.days)
    await page.getByLabel('Give or take').first().fill(LEAD.spread)
    await page.getByLabel('Above this, somebody else').fill('1')
    await page.getByRole('button', { name: 'Save the settings' }).click()
    await page.getByText(`Version 1, set by ${OWNER.email}`).waitFor()
    assert.equal(await page.getByText('set something else meanwhile').count(), 0)
    await sound(owner, 'the settings of the inventory')
    const { summary } = await read(owner, '/v1/inventory?limit=1')
    assert.ok(summary.reorder > 0, JSON.stringify(summary))
  })
})

describe('an order of goods', () => {
  test('is written from the list, with what is suggested', async () => {
    const { page } = owner
    await page.goto(`${servers.base}/suppliers`)
    await page.getByRole('button', { name: 'Add a supplier' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByLabel('Name').fill('Hearth & Co Workshop')
    await panel.getByRole('button', { name: 'Add the supplier' }).click()
    await page.getByRole('table', { name: 'Suppliers' }).getByText('Hearth & Co Workshop').waitFor()
    await sound(owner, 'the suppliers')

    await page.goto(`${servers.base}/inventory`)
    await page.getByRole('button', { name: 'To reorder' }).click()
    const rows = page.getByRole('table', { name: 'Inventory' })
    await page.waitForURL('**state=reorder**')
    await settled(owner)
    const { items } = await read(owner, '/v1/inventory?state=reorder&limit=50')
    const [first] = items.filter(item => item.reorder.unit_cost && item.reorder.quantity > MISSING)
    ordered.id = first.variant_id
    ordered.title = first.title
    ordered.quantity = first.reorder.quantity
    await rows
      .getByRole('checkbox', { name: `Select ${ordered.title}`, exact: true })
      .first()
      .check()
    await page.getByRole('link', { name: 'Order these' }).click()
    const quantity = page.getByLabel(`Quantity of ${ordered.title}`)
    await quantity.waitFor()
    assert.equal(await quantity.inputValue(), String(ordered.quantity))
    assert.equal(Number(await page.getByLabel('Cost of one').inputValue()), Number(first.reorder.unit_cost))
    await page.getByLabel('Supplier').selectOption({ label: 'Hearth & Co Workshop (USD)' })
    const { today } = await detail()
    await page.getByLabel('Goods expected on').fill(today)
    await page.getByRole('figure', { name: 'Cash that orders take, added up' }).waitFor()
    await sound(owner, 'an order that is being written')
    await page.getByRole('button', { name: 'Write the draft' }).click()
    await page.getByRole('heading', { level: 1, name: 'PO-0001' }).waitFor()
    ordered.order = new URL(page.url()).pathname.split('/').at(-1)
    assert.equal((await detail()).on_order, 0, 'a draft orders nothing')
  })

  test('is approved by somebody else than who wrote it, and lengthens the cover', async () => {
    const { page } = owner
    await page.getByText('Orders of this size are approved by somebody else than who wrote them.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Approve' }).count(), 0)
    await sound(owner, 'a draft')

    await page.goto(`${servers.base}/settings/people`)
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill('otto@hearth.example')
    await dialog.getByLabel('Role').selectOption('operator')
    await dialog.getByRole('button', { name: 'Make the invitation' }).click()
    const link = new URL(await dialog.getByLabel('Link').inputValue())
    otto = await view({ width: 390, scheme: 'dark' })
    await otto.page.goto(servers.url + link.pathname + link.hash)
    await otto.page.getByLabel('Password').fill(OWNER.password)
    await otto.page.getByRole('button', { name: 'Join', exact: true }).click()
    await otto.page.getByRole('heading', { name: 'Pulse', exact: true }).waitFor()

    const before = await detail()
    await otto.page.goto(`${servers.base}/purchase-orders`)
    await settled(otto)
    await otto.page.getByRole('link', { name: 'PO-0001' }).click()
    await otto.page.getByRole('button', { name: 'Approve' }).click()
    await otto.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await otto.page.getByText('Approved', { exact: true }).first().waitFor()
    const now = await detail()
    assert.equal(now.on_order, ordered.quantity)
    assert.ok(ahead(now) > ahead(before), `${ahead(before)} → ${ahead(now)}`)
    assert.ok((now.cover_days ?? 365) > before.cover_days, `${before.cover_days} → ${now.cover_days}`)
    await sound(otto, 'an approved order, on a phone in the dark')
  })

  test('goes to the supplier as a file', async () => {
    const { page } = owner
    await page.goto(`${servers.base}/purchase-orders/${ordered.order}`)
    for (const [name, begins] of [
      ['PDF', '%PDF'],
      ['CSV', ''],
    ]) {
      const waiting = page.waitForEvent('download')
      await page.getByRole('link', { name, exact: true }).click()
      const file = await (await waiting).createReadStream()
      const text = (await file.toArray()).join('')
      assert.ok(text.startsWith(begins), name)
      if (name === 'CSV') assert.match(text, /PO-0001,Hearth & Co Workshop/)
    }
    await page.getByRole('button', { name: 'I sent the file' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'I sent it' }).click()
    await page.getByText('Sent as a file').waitFor()
    await sound(owner, 'an order that was sent')
  })

  test('is received with a difference, which is closed with it', async () => {
    const { page } = owner
    await page.getByRole('button', { name: 'Receive' }).click()
    const panel = page.getByRole('dialog')
    assert.equal(await panel.getByLabel('Came now').inputValue(), String(ordered.quantity))
    await panel.getByLabel('Came now').fill(String(ordered.quantity - MISSING))
    await panel.getByLabel('What was wrong (optional)').fill('two broken')
    await panel.getByLabel('Damaged (optional)').fill('0')
    await panel.getByLabel('Charged each (optional)').fill('1.00')
    assert.deepEqual(await axe(page), [], 'what came')
    const { cover_days: covered, position } = await detail()
    await panel.getByRole('button', { name: 'Write it down' }).click()
    await page.getByText('Received in part', { exact: true }).waitFor()
    await page.getByText(`${MISSING} to come`).waitFor()
    const came = await detail()
    assert.equal(came.on_order, MISSING)
    assert.equal(came.uncounted, ordered.quantity - MISSING)
    assert.equal(came.position, position)
    const dip = (covered ?? 365) - (came.cover_days ?? 365)
    assert.ok(dip <= 1, `the cover dips by ${dip} days before the shop counts`)
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close it' }).click()
    await page.getByText(`${MISSING} missing`).waitFor()
    await sound(owner, 'an order that is closed')
    await page.goto(`${servers.base}/purchase-orders`)
    await sound(owner, 'the purchase orders')
  })

  test('is there once when the shop has counted what came', async () => {
    const { page } = owner
    const before = await detail()
    assert.equal(before.on_order, 0)
    const [place] = before.locations
    const came = ordered.quantity - MISSING
    const item = await shopItem(before)
    const input = {
      name: 'available',
      reason: 'received',
      quantities: [
        {
          inventoryItemId: item,
          locationId: `gid://shopify/Location/${place.id}`,
          quantity: place.available + came,
          changeFromQuantity: place.available,
        },
      ],
    }
    await shopAsked(STOCK, { input, key: 'goods of PO-0001' })
    await fetchNow()
    const now = await detail()
    assert.equal(now.available, before.available + came)
    assert.deepEqual([before.uncounted, now.uncounted], [came, 0], 'it is there once')
    assert.equal(now.position, before.position)
    await page.goto(`${servers.base}/inventory/${ordered.id}`)
    await page.getByRole('heading', { level: 1, name: ordered.title }).waitFor()
    await sound(owner, 'the page of a variant')
  })
})

const STOCK = `mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { message } }
}`

async function shopAsked(query, variables) {
  const told = await sandbox(
    '/admin/api/2026-07/graphql.json',
    { query, variables },
    { 'x-shopify-access-token': 'shpat_sandbox' },
  )
  assert.deepEqual(told.data.inventorySetQuantities?.userErrors ?? [], [])
  return told.data
}

async function shopItem({ variant_id: id }) {
  const query = 'query($id: ID!) { productVariant(id: $id) { inventoryItem { id } } }'
  const { productVariant } = await shopAsked(query, { id: `gid://shopify/ProductVariant/${id}` })
  return productVariant.inventoryItem.id
}
