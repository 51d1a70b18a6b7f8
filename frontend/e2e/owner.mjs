/** An owner over a product and a sandbox shop of their own, signed in and with the shop read; and what tests do as that owner. */
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { axe, createOwner, drawn, launch, openPage, scrollsSideways, withSandbox } from './browser.mjs'
import { startServers } from './servers.mjs'

/** Starts before the tests of a file and ends after them; `servers` and `view` are there from then on. */
export function asOwner(options) {
  const self = {
    servers: undefined,
    view: undefined,

    async read(path) {
      const answer = await self.view.page.request.get(self.servers.url + path)
      assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`)
      return answer.json()
    },

    /** A request of the page's own, with what the session asks for. */
    async ask(method, path, data) {
      const session = await self.read('/v1/auth/me')
      return self.view.page.request.fetch(self.servers.url + path, {
        method,
        data,
        headers: {
          'x-csrf-token': session.csrf_token,
          origin: self.servers.url,
          'idempotency-key': crypto.randomUUID(),
        },
      })
    },

    async send(method, path, data) {
      const answer = await self.ask(method, path, data)
      assert.ok(answer.ok(), `${path}: ${await answer.text()}`)
      return answer.json()
    },

    async settled() {
      const { page } = self.view
      await page.locator('main h1').first().waitFor()
      await page.waitForFunction(() => !document.querySelector('main [role="status"][aria-label^="Loading"]'))
    },

    /** Nothing wrong with the page, at the width of a desk and of a phone. */
    async sound(where) {
      const { view } = self
      const { page } = view
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 })
        await self.settled()
        await drawn(page)
        assert.equal(await scrollsSideways(page), false, `${where} at ${width}: scrolls sideways`)
        assert.deepEqual(await axe(page), [], `${where} at ${width}: axe`)
      }
      assert.deepEqual(await view.violations(), [], `${where}: content security policy`)
      assert.deepEqual(view.faults, [], `${where}: console`)
      await page.setViewportSize({ width: 1280, height: 900 })
    },

    /** The change-set whose page is open, to its end. */
    async approve() {
      const { page } = self.view
      await page.getByRole('main').getByRole('button', { name: 'Approve' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click()
      await page.getByText('Applied and verified').filter({ visible: true }).first().waitFor()
    },
  }
  let browser
  before(async () => {
    self.servers = await startServers(options)
    browser = await launch()
    self.view = await openPage(browser, { width: 1280 })
    const { page } = self.view
    await createOwner(page, self.servers.code, self.servers.base)
    await withSandbox(page)
  })
  after(async () => {
    await browser?.close()
    await self.servers?.stop()
  })
  return self
}

/** Waits for an answer that is one. */
export async function answered(question, what, timeout = 60_000) {
  const end = Date.now() + timeout
  for (;;) {
    const found = await question()
    if (found) return found
    if (Date.now() > end) throw new Error(`not in time: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
