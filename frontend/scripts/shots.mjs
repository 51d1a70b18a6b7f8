/**
 * Pictures of every page at 1280 and 390 pixels, light and dark, into a folder, with what axe says of each.
 *
 *   npm run shots -- /tmp/shots                         against the mock backend
 *   ROYAL_URL=http://127.0.0.1:10000 ROYAL_CODE=… npm run shots -- /tmp/shots   against a server
 */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { axe, launch, openPage, scrollsSideways } from '../e2e/browser.mjs'

const folder = process.argv[2] ?? '/tmp/royal-shots'
const only = process.argv[3]
mkdirSync(folder, { recursive: true })

const WHO = {
  email: process.env.ROYAL_EMAIL ?? 'olivia@hearth.example',
  password: process.env.ROYAL_PASSWORD ?? 'a long and quiet sentence',
}

async function mock() {
  const child = spawn('npx', ['vite', 'preview', '--port', '0', '--strictPort', 'false'], {
    env: { ...process.env, MOCK: '1', MOCK_POLICY: '1', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const url = await new Promise(resolve => {
    child.stdout.on('data', chunk => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))
      if (found) resolve(found[0])
    })
  })
  return { url, stop: () => process.kill(-child.pid) }
}

const server = process.env.ROYAL_URL ? { url: process.env.ROYAL_URL, stop: () => undefined } : await mock()
const base = `${server.url}/command-center`
const browser = await launch()
let problems = 0

async function shoot(view, name) {
  await view.page.waitForFunction(() => !document.querySelector('[role="status"][aria-label^="Loading"]'))
  const found = [...(await axe(view.page)), ...(await view.violations()), ...view.faults.splice(0)]
  if (await scrollsSideways(view.page)) found.push('the page scrolls sideways')
  await view.page.screenshot({ path: join(folder, `${name}.png`), fullPage: !name.includes('over-') })
  problems += found.length
  console.log(`${found.length === 0 ? 'ok  ' : 'BAD '} ${name}`)
  for (const line of found) console.log(`      ${line}`)
}

async function firstRun() {
  const view = await openPage(browser, { width: 1280 })
  const { page } = view
  const setup = await (await fetch(`${server.url}/v1/setup`)).json()
  if (setup.needs_owner) {
    await page.goto(`${base}/setup?code=${process.env.ROYAL_CODE ?? 'MOCK-CODE'}`)
    await page.getByLabel('Name of your business').fill('Hearth & Harbour')
    await page.getByLabel('E-mail').fill(WHO.email)
    await page.getByLabel('Password').fill(WHO.password)
    await shoot(view, '01-setup-1280-light')
    await page.getByRole('button', { name: 'Create the owner' }).click()
    await page.getByRole('heading', { name: 'Where are your orders?' }).waitFor()
    await page.getByRole('button', { name: 'Connect Shopify' }).click()
    await page.getByLabel('Shop', { exact: true }).waitFor()
    await shoot(view, '02-start-1280-light')
    await page.getByRole('button', { name: 'Use the sandbox store' }).click()
    await page.getByRole('heading', { name: /Fetching/ }).waitFor()
    // As far as it has something to show, or done before one could look.
    await page.waitForFunction(
      () => {
        const bar = document.querySelector('main [role="progressbar"]')
        return (
          Number(bar?.getAttribute('aria-valuenow')) > 15 ||
          document.querySelector('[data-testid="net-profit"]')
        )
      },
      undefined,
      { timeout: 90_000 },
    )
    await shoot(view, '03-sync-1280-light')
    await page.getByRole('link', { name: 'see the profit' }).click({ timeout: 90_000 })
    await page.getByRole('heading', { name: 'Pulse' }).waitFor()
  } else {
    await page.goto(`${base}/login`)
    await page.getByLabel('E-mail').fill(WHO.email)
    await page.getByLabel('Password').fill(WHO.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Pulse' }).waitFor()
  }
  const orders = await (await page.request.get(`${server.url}/v1/orders?limit=1&has=refund`)).json()
  const products = await (await page.request.get(`${server.url}/v1/products?limit=1`)).json()
  const customers = await (await page.request.get(`${server.url}/v1/customers?limit=1`)).json()
  const sets = await (await page.request.get(`${server.url}/v1/change-sets?limit=10`)).json()
  const inventory = await (await page.request.get(`${server.url}/v1/inventory?limit=3`)).json()
  const purchases = await (await page.request.get(`${server.url}/v1/purchase-orders?limit=10`)).json()
  const ads = await (await page.request.get(`${server.url}/v1/campaigns`)).json()
  const chances = await (await page.request.get(`${server.url}/v1/opportunities?limit=1`)).json()
  const syncs = await (await page.request.get(`${server.url}/v1/syncs?limit=1`)).json()
  const agents = await (await page.request.get(`${server.url}/v1/agents`)).json()
  const runs = await (await page.request.get(`${server.url}/v1/runs?limit=1&kind=decide`)).json()
  const storage = await view.context.storageState()
  await view.context.close()
  return {
    storage,
    order: orders.orders[0]?.id,
    product: products.products[0]?.id,
    stocked: inventory.items[0]?.variant_id,
    orderable: inventory.items.map(item => item.variant_id),
    noted: (purchases.purchase_orders.find(order => order.note) ?? purchases.purchase_orders[0])?.id,
    purchase:
      purchases.purchase_orders.find(order => order.status === 'received_partly')?.id ??
      purchases.purchase_orders[0]?.id,
    opportunity: chances.opportunities[0]?.id,
    campaign: ads.campaigns[0]?.id,
    customer: customers.customers[0]?.id,
    sync: syncs.syncs[0]?.id,
    agent: agents.agents[0]?.id,
    run: runs.runs[0]?.id,
    waiting: sets.change_sets.find(set => set.status === 'proposed')?.id,
    ended: sets.change_sets.find(set => set.status === 'partly_applied')?.id ?? sets.change_sets[0]?.id,
  }
}

const known = await firstRun()
const id = value => encodeURIComponent(value)
const PAGES = [
  ['10-pulse', '/'],
  ['11-pnl', '/pnl?range=90d'],
  ['12-products', '/products'],
  ['13-product', `/products/${id(known.product)}?range=90d`],
  ['13-inventory', '/inventory'],
  ['13-inventory-variant', `/inventory/${id(known.stocked)}`],
  ['13-purchases', '/purchase-orders'],
  ['13-purchases-new', `/purchase-orders/new?variants=${id(known.orderable.join(','))}`],
  ['13-purchases-one', `/purchase-orders/${id(known.purchase)}`],
  ['13-purchases-draft', `/purchase-orders/${id(known.noted)}`],
  ['13-suppliers', '/suppliers'],
  ['13-opportunities', '/opportunities?status=all'],
  ['14-brief', '/brief'],
  ['14-anomalies', '/anomalies?status=all'],
  ['14-recommendations', '/recommendations'],
  ['14-what-if', '/what-if?variant=90021'],
  ['14-support', '/support'],
  ['14-ticket', '/support/0190b2f0-0000-7000-8000-000000000511'],
  ['13-opportunities-table', '/opportunities?status=all&view=table'],
  ['13-opportunities-one', `/opportunities/${id(known.opportunity)}`],
  ['13-campaigns', '/campaigns'],
  ['13-catalogues', '/catalogues'],
  ['13-attribution', '/campaigns/attribution'],
  ['13-campaigns-one', `/campaigns/${id(known.campaign)}`],
  ['13-accuracy', '/accuracy'],
  ['13-segments', '/customers/segments'],
  ['13-customers', '/customers?measure=margin'],
  ['13-customer', `/customers/${id(known.customer)}`],
  ['14-orders', '/orders'],
  ['15-order', `/orders/${id(known.order)}`],
  ['15-changes-inbox', '/inbox'],
  ['15-changes-sets', '/change-sets'],
  ['15-changes-waiting', `/change-sets/${id(known.waiting)}`],
  ['15-changes-ended', `/change-sets/${id(known.ended)}`],
  ['15-assistant', '/assistant'],
  ['15-agents', '/agents'],
  ['15-agents-overview', `/agents/${id(known.agent)}`],
  ['15-agents-runs', `/agents/${id(known.agent)}/runs`],
  ['15-agents-settings', `/agents/${id(known.agent)}/settings`],
  ['15-agents-rehearsals', `/agents/${id(known.agent)}/rehearsals`],
  ['15-agents-run', `/runs/${id(known.run)}`],
  ['15-jobs', '/jobs'],
  ['34-health', '/health'],
  ['16-connections', '/connections'],
  ['16-costs', '/costs'],
  ['16-reconciliation', '/reconciliation'],
  ['17-sync', `/syncs/${id(known.sync)}`],
  ['18-start', '/start'],
  ['18-start-costs', '/start/costs'],
  ['19-missing', '/nowhere'],
  ['20-login', '/login'],
  ['20-forgot', '/forgot'],
  ['21-join', '/join#invitation'],
  ['22-access-people', '/settings/people'],
  ['23-access-roles', '/settings/roles'],
  ['24-access-sessions', '/settings/sessions'],
  ['24-access-security', '/settings/security'],
  ['25-access-tokens', '/settings/tokens'],
  ['26-access-audit', '/settings/audit'],
  ['27-settings', '/settings'],
  ['28-settings-stores', '/settings/stores'],
  ['28-settings-inventory', '/settings/inventory'],
  ['28-settings-imports', '/settings/imports'],
  ['28-settings-currencies', '/settings/currencies'],
  ['28-settings-secrets', '/settings/secrets'],
  ['28-settings-notifications', '/settings/notifications'],
  ['28-settings-integrations', '/settings/integrations'],
  ['28-settings-guardrails', '/settings/guardrails'],
  ['29-settings-appearance', '/settings/appearance'],
]
/** A contract of one's own, filled in and tried. */
async function contract(page) {
  await page.goto(`${base}/catalogues`)
  await page.getByRole('button', { name: 'Connect a supplier' }).first().click()
  await page.getByLabel('Supplier', { exact: true }).selectOption('spocket')
  await page.getByRole('button', { name: 'Fill in an example' }).click()
}
async function triedContract(page) {
  await contract(page)
  await page.getByLabel('Look for').fill('mug')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByRole('table', { name: 'What was read of the first product' }).scrollIntoViewIfNeeded()
}
async function stoppedContract(page) {
  await contract(page)
  await page.getByLabel('Look for').fill('nothing')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByText('It went no further').scrollIntoViewIfNeeded()
}
const OVERLAYS = [
  [
    '30-over-range',
    page => page.locator('header button[aria-haspopup]', { hasText: 'Last 30 days' }).click(),
  ],
  ['31-over-palette', page => page.keyboard.press('Control+k')],
  ['32-over-help', page => page.keyboard.press('?')],
  ['33-over-passport', page => page.getByRole('button', { name: 'Where this comes from' }).click()],
  ['35-over-more', page => page.getByRole('button', { name: 'More pages' }).click(), 390],
  ['36-over-stop', page => page.getByRole('button', { name: 'Emergency stop' }).click()],
  ['37-over-contract', contract],
  ['38-over-contract-tried', triedContract],
  ['39-over-contract-stopped', stoppedContract],
  ['34-over-store', page => page.getByRole('button', { name: /^Store:/ }).click()],
]

for (const width of [1280, 390, 320]) {
  for (const scheme of ['light', 'dark']) {
    const view = await openPage(browser, {
      width,
      scheme,
      storage: known.storage,
      height: width === 1280 ? 900 : 780,
    })
    for (const [name, path] of PAGES) {
      if (only && !name.includes(only)) continue
      await view.page.goto(base + path)
      await view.page.locator('h1').first().waitFor()
      await shoot(view, `${name}-${width}-${scheme}`)
    }
    for (const [name, open, upTo = Number.POSITIVE_INFINITY] of OVERLAYS) {
      if (width > upTo) continue
      if (only && !name.includes(only)) continue
      await view.page.goto(`${base}/`)
      await view.page.getByRole('button', { name: 'Where this comes from' }).waitFor()
      await open(view.page)
      await view.page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]').first().waitFor()
      await shoot(view, `${name}-${width}-${scheme}`)
    }
    await view.context.close()
  }
}
await browser.close()
server.stop()
console.log(`${problems} problems; pictures in ${folder}`)
process.exit(problems > 0 ? 1 : 0)
