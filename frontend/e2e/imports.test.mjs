/**
 * A cost sheet by hand: dropped after the first sync, checked, imported, counted, undone. And the pages where costs, customers,
 * comparisons and currencies are looked at, each sound at every width and in both themes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { axe, launch, openPage, scrollsSideways } from './browser.mjs'
import { startServers } from './servers.mjs'

const OWNER = {
  email: 'olivia@hearth.example',
  password: 'a long and quiet sentence',
  business: 'Hearth & Harbour',
}
const SYNC_WITHIN_MS = 120_000

let browser
let servers
let view
before(async () => {
  browser = await launch()
  servers = await startServers({ sandboxArgs: ['--size', '600', '--days', '120'] })
  view = await openPage(browser, { width: 1280 })
})
after(async () => {
  await view?.context.close()
  await browser?.close()
  await servers?.stop()
})

async function read(path) {
  const answer = await view.page.request.get(servers.url + path)
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`)
  return answer.json()
}

/** What is wrong with the page that is on screen, each with where that is. */
async function faults(where) {
  const found = [
    ...(await axe(view.page)),
    ...(await view.violations()),
    ...view.faults.splice(0),
    ...((await scrollsSideways(view.page)) ? ['scrolls sideways'] : []),
  ]
  return found.map(fault => `${where}: ${fault}`)
}

async function sound(where) {
  assert.deepEqual(await faults(where), [])
}

async function settled(page) {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label^="Loading"]'))
}

/** The variants that lack a cost for the most sales. */
async function lacking() {
  const { costs } = await read('/v1/costs?state=missing&limit=250')
  return costs.filter(variant => variant.sku)
}

describe('a cost sheet', () => {
  let before_
  let wanted

  test('the first run leads to the costs', async () => {
    const { page } = view
    await page.goto(`${servers.base}/setup?code=${servers.code}`)
    await page.getByLabel('Name of your business').fill(OWNER.business)
    await page.getByLabel('E-mail').fill(OWNER.email)
    await page.getByLabel('Password').fill(OWNER.password)
    await page.getByRole('button', { name: 'Create the owner' }).click()
    await page.getByRole('button', { name: 'Use the sandbox store' }).click()
    await page
      .getByRole('heading', { name: 'What do your products cost?' })
      .waitFor({ timeout: SYNC_WITHIN_MS })
    await page.getByRole('region', { name: 'Known costs' }).waitFor()
    wanted = await lacking()
    assert.ok(wanted.length > 0, 'the sandbox has products without a cost')
    before_ = await read('/v1/coverage')
    assert.ok(before_.coverage.cost.missing > 0, JSON.stringify(before_.coverage))
  })

  test('a sheet is checked, imported, and the coverage climbs', async () => {
    const { page } = view
    const rows = wanted.map(variant => `${variant.sku};${(Number(variant.price) * 0.4).toFixed(2)}`)
    const buffer = Buffer.from(`SKU;Cost\r\n${rows.join('\r\n')}\r\n`)
    await page
      .getByLabel('CSV file')
      .setInputFiles({ name: 'supplier_costs.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('heading', { name: 'supplier_costs.csv' }).waitFor()
    await sound('columns of a file')
    await page.getByRole('button', { name: 'Check the file' }).click()
    await page.getByRole('button', { name: /^Import \d/ }).click()
    await page.getByRole('button', { name: 'Undo this import' }).waitFor({ timeout: 30_000 })
    await sound('result of an import')
    await until(async () => (await lacking()).length === 0, 'every variant has a cost')
    await until(async () => {
      const { coverage } = await read('/v1/coverage')
      return coverage.cost.missing === 0
    }, 'the orders are booked again')
    const passport = await read('/v1/figures/cost_of_goods')
    assert.equal(passport.imports[0]?.file, 'supplier_costs.csv', 'the passport names the file')
  })

  test('its undo takes every cost back', async () => {
    const { page } = view
    await page.getByRole('button', { name: 'Undo this import' }).click()
    await page.getByRole('button', { name: 'Undo it' }).click()
    await page.getByText(/^The import was undone/).waitFor({ timeout: 30_000 })
    assert.equal((await lacking()).length, wanted.length)
    await until(async () => {
      const { coverage } = await read('/v1/coverage')
      return coverage.cost.missing === before_.coverage.cost.missing
    }, 'the orders are booked as before')
    assert.deepEqual((await read('/v1/figures/cost_of_goods')).imports, [])
  })
})

async function until(holds, what) {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  assert.fail(`never: ${what}`)
}

const LOOKS = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 320, scheme: 'dark' },
]

describe('costs, customers, comparisons, currencies', () => {
  for (const look of LOOKS) {
    test(`are sound at ${look.width} px, ${look.scheme}`, async () => {
      const { page } = view
      await page.setViewportSize({ width: look.width, height: 900 })
      await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' })
      const { products } = await read('/v1/products?limit=1')
      const { orders } = await read('/v1/orders?limit=1')
      const { imports } = await read('/v1/imports?limit=1')
      const found = []
      for (const path of [
        '/start/costs',
        '/costs?range=all',
        '/costs?tab=shipping&range=all',
        '/costs?tab=fees&range=all',
        '/customers?range=all',
        '/customers?range=all&measure=margin',
        '/reconciliation',
        '/settings/imports',
        `/imports/${imports[0].id}`,
        '/settings/currencies',
        '/products?range=all',
        `/products/${products[0].id}?range=all`,
        `/orders/${orders[0].id}`,
        '/connections',
      ]) {
        await page.goto(servers.base + path)
        await settled(page)
        found.push(...(await faults(`${path} at ${look.width} px, ${look.scheme}`)))
      }
      assert.deepEqual(found, [])
    })
  }
})
