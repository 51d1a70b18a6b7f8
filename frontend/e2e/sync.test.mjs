/** A sync that is stopped and goes on; orders that arrive while one looks on. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createOwner, launch, openPage } from './browser.mjs'
import { startServers } from './servers.mjs'

let browser
let servers
let view
before(async () => {
  browser = await launch()
  servers = await startServers({ sandboxArgs: ['--size', '6000', '--live', '240'] })
  view = await openPage(browser, { width: 1280 })
})
after(async () => {
  await browser?.close()
  await servers?.stop()
})

describe('a sync', () => {
  test('is cancelled, resumed, and ends with every order', async () => {
    const { page } = view
    await createOwner(page, servers.code, servers.base)
    await page.getByRole('button', { name: 'Use the sandbox store' }).click()
    await page.getByRole('heading', { name: /^Fetching/ }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    assert.ok(await page.getByText('Cancelled').first().isVisible())
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('link', { name: 'see the profit' }).click({ timeout: 120_000 })
    await page.getByRole('heading', { name: 'Pulse', exact: true }).waitFor()
    const { syncs } = await (await page.request.get(`${servers.url}/v1/syncs?limit=50`)).json()
    const backfill = syncs.find(sync => sync.kind === 'backfill')
    assert.equal(backfill.status, 'succeeded')
    assert.ok(backfill.resumed_times >= 1, 'it went on instead of beginning anew')
    assert.equal(backfill.orders.done, backfill.orders.total)
  })

  test('is followed by orders that appear without reloading', async () => {
    const { page } = view
    await page.goto(`${servers.base}/orders`)
    const first = page.locator('tbody th a').first()
    await first.waitFor()
    const before = await first.innerText()
    await page.waitForFunction(name => document.querySelector('tbody th a')?.textContent !== name, before, {
      timeout: 60_000,
    })
    assert.deepEqual(view.faults, [])
    assert.deepEqual(await view.violations(), [])
  })
})
