/** Without a line the shell still opens, shows the last Pulse, and says how old it is. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createOwner, launch, openPage, until } from './browser.mjs'
import { startServers } from './servers.mjs'

let browser
let servers
let view
before(async () => {
  browser = await launch()
  servers = await startServers({ sandboxArgs: ['--size', '400', '--days', '60'] })
  view = await openPage(browser, { width: 390 })
})
after(async () => {
  await browser?.close()
  await servers?.stop()
})

describe('the offline shell', () => {
  test('shows the last Pulse with its age', async () => {
    const { page, context } = view
    await createOwner(page, servers.code, servers.base)
    await page.getByRole('button', { name: 'Use the sandbox store' }).click()
    await page.getByRole('link', { name: 'see the profit' }).click({ timeout: 120_000 })
    await page.getByRole('heading', { name: 'Pulse', exact: true }).waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await page.reload()
    const figure = await page.getByTestId('net-profit').innerText()
    await until(page, async () => {
      const cache = await caches.open('data-v1')
      const kept = (await cache.keys()).map(request => new URL(request.url).pathname)
      return kept.includes('/v1/reports/pulse') && kept.includes('/v1/stores') && kept.includes('/v1/auth/me')
    })
    await context.setOffline(true)
    await page.reload()
    assert.equal(await page.getByTestId('net-profit').innerText(), figure)
    await page.getByText(/You are offline\. Figures on screen are from/).waitFor()
    assert.deepEqual(await view.violations(), [])
    await context.setOffline(false)
    await page.getByText(/You are offline/).waitFor({ state: 'detached' })
  })
})
