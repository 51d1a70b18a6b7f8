/**
 * From the set-up code to the profit, in a real browser against the real programs, with the policy on.
 *
 *   ROYAL_BIN=../target/debug/royal SANDBOX_BIN=../target/debug/royal-sandbox npm run e2e
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
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
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

/** Nothing wrong with the page that is on screen. */
async function sound(view, where) {
  assert.deepEqual(await axe(view.page), [], `${where}: axe`)
  assert.deepEqual(await view.violations(), [], `${where}: content security policy`)
  assert.deepEqual(view.faults, [], `${where}: console`)
  assert.equal(await scrollsSideways(view.page), false, `${where}: scrolls sideways`)
}

async function createOwner(view, servers) {
  const { page } = view
  await page.goto(`${servers.base}/?code=${servers.code}`)
  await page.waitForURL('**/setup**')
  await page.goto(`${servers.base}/setup?code=${servers.code}`)
  assert.equal(await page.getByLabel('Set-up code').inputValue(), servers.code)
  await page.getByLabel('Name of your business').fill(OWNER.business)
  await page.getByLabel('E-mail').fill(OWNER.email)
  await page.getByLabel('Password').fill(OWNER.password)
  await sound(view, 'set-up')
  await page.getByRole('button', { name: 'Create the owner' }).click()
  await page.getByRole('heading', { name: 'Where are your orders?' }).waitFor()
}

async function get(view, servers, path) {
  const answer = await view.page.request.get(servers.url + path)
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`)
  return answer.json()
}

/** The figure as the page prints it. */
function asShown(amount, currency) {
  const text = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).format(amount)
  return text.replace('-', '\u2212')
}

const LOOKS = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
]

for (const look of LOOKS) {
  describe(`first run at ${look.width} px, ${look.scheme}`, () => {
    let servers
    let view
    before(async () => {
      servers = await startServers({ sandboxArgs: ['--size', '1500', '--days', '200'] })
      view = await openPage(browser, look)
    })
    after(async () => {
      await view?.context.close()
      await servers?.stop()
    })

    test('the owner is created, the sandbox chosen, the sync watched', async () => {
      await createOwner(view, servers)
      await sound(view, 'choice of store')
      const clicked = Date.now()
      await view.page.getByRole('button', { name: 'Use the sandbox store' }).click()
      await view.page.getByRole('heading', { name: /^Fetching/ }).waitFor()
      await view.page
        .getByRole('heading', { name: 'What do your products cost?' })
        .waitFor({ timeout: SYNC_WITHIN_MS })
      await view.page.getByRole('region', { name: 'Known costs' }).waitFor()
      await sound(view, 'costs after the first sync')
      await view.page.getByRole('link', { name: /see the profit/i }).click()
      await view.page.getByRole('heading', { name: 'Pulse', exact: true }).waitFor()
      await view.page.getByTestId('net-profit').waitFor()
      assert.ok(Date.now() - clicked < 90_000, 'the profit is on screen in less than 90 s')
    })

    test('Pulse shows the profit that the API tells, and that it is a sandbox', async () => {
      const { page } = view
      // The sync may still have reported while the page was drawn: what counts is the state at rest.
      await page.reload()
      await page.getByTestId('net-profit').waitFor()
      const address = await page.evaluate(
        () =>
          performance.getEntriesByType('resource').findLast(entry => entry.name.includes('/v1/reports/pulse'))
            ?.name,
      )
      const pulse = await get(view, servers, address.slice(servers.url.length))
      assert.equal(
        await page.getByTestId('net-profit').innerText(),
        asShown(pulse.total.net_profit, pulse.currency),
      )
      assert.ok(await page.getByText(/Profit known for/).isVisible())
      assert.ok(await page.getByText('Sandbox', { exact: true }).first().isVisible())
      await sound(view, 'Pulse')
    })

    test('every page is sound', async () => {
      const { page } = view
      const { orders } = await get(view, servers, '/v1/orders?has=refund&limit=1')
      const { products } = await get(view, servers, '/v1/products?limit=1')
      const { syncs } = await get(view, servers, '/v1/syncs?limit=1')
      const paths = [
        '/pnl?range=90d',
        '/products',
        `/products/${products[0].id}?range=all`,
        '/orders',
        `/orders/${orders[0].id}`,
        '/connections',
        `/syncs/${syncs[0].id}`,
        '/start',
        '/start/costs',
        '/costs',
        '/costs?tab=shipping',
        '/customers',
        '/reconciliation',
        '/settings/imports',
        '/settings/currencies',
        '/nowhere',
      ]
      for (const path of paths) {
        await page.goto(servers.base + path)
        await page.locator('h1').first().waitFor()
        await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label^="Loading"]'))
        await sound(view, path)
      }
    })

    test('the ledger of an order stands on its page and agrees with the provider', async () => {
      const { page } = view
      const { orders } = await get(view, servers, '/v1/orders?has=refund&limit=1')
      const answer = await get(view, servers, `/v1/orders/${orders[0].id}`)
      await page.goto(`${servers.base}/orders?q=${encodeURIComponent(orders[0].name)}&range=all`)
      await page.getByRole('link', { name: orders[0].name, exact: true }).click()
      await page.getByRole('heading', { name: `Order ${orders[0].name}` }).waitFor()
      const rows = page.getByRole('region', { name: 'Ledger' }).locator('tbody tr')
      assert.equal(await rows.count(), answer.ledger.length)
      const agrees = Number(answer.checks.difference) === 0
      assert.ok(await page.getByText(agrees ? 'Agree to the cent' : /^Differ by/).isVisible())
    })

    test('the profit and loss is downloaded as CSV with the same total', async () => {
      const { page } = view
      await page.goto(`${servers.base}/pnl?range=90d`)
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Export CSV' }).click()
      const file = await download
      assert.match(file.suggestedFilename(), /profit-by-week-.*\.csv$/)
      const lines = readFileSync(await file.path(), 'utf8')
        .replace('\ufeff', '')
        .trim()
        .split(/\r?\n/)
      const column = lines[0].split(',').indexOf('net_profit')
      const total = lines.at(-1).split(',')[column]
      const line = page.getByRole('row', { name: /^Net profit/ })
      assert.equal(await line.locator('td').first().innerText(), asShown(total, 'USD'))
    })

    test('the keyboard leads everywhere', async () => {
      const { page } = view
      await page.goto(`${servers.base}/`)
      await page.getByTestId('net-profit').waitFor()
      await page.keyboard.press('g')
      await page.keyboard.press('o')
      await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Search and commands' }).fill('last 7')
      await page.keyboard.press('Enter')
      await page.waitForURL('**range=7d**')
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' })
      await sound(view, 'after the keyboard')
    })

    test('signing out and in leads back', async () => {
      const { page } = view
      await page.getByRole('button', { name: 'Account' }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await sound(view, 'sign-in')
      await page.getByLabel('E-mail').fill(OWNER.email)
      await page.getByLabel('Password').fill(OWNER.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: 'Pulse', exact: true }).waitFor()
    })
  })
}
