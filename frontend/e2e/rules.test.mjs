/**
 * A rule by hand: written, seen beforehand, run to a change-set that waits, switched off; one that would go round is refused; its
 * pages sound at every width and in both themes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, launch, openPage, scrollsSideways, withSandbox } from './browser.mjs'
import { startServers } from './servers.mjs'

let browser
let servers
let view
before(async () => {
  browser = await launch()
  servers = await startServers({ sandboxArgs: ['--size', '400', '--days', '60'] })
  view = await openPage(browser, { width: 1280 })
  const { page } = view
  await createOwner(page, servers.code, servers.base)
  await withSandbox(page)
})
after(async () => {
  await view?.context.close()
  await browser?.close()
  await servers?.stop()
})

async function soundAt(path) {
  const found = []
  const storage = await view.context.storageState()
  for (const width of [1280, 390, 320]) {
    for (const scheme of ['light', 'dark']) {
      const other = await openPage(browser, { width, scheme, storage })
      await other.page.goto(servers.base + path)
      await other.page.locator('main h1').waitFor()
      await other.page.waitForFunction(
        () => !document.querySelector('[role="status"][aria-label^="Loading"]'),
      )
      if (process.env.SHOTS) {
        const name = `${path.replaceAll('/', '_')}-${width}-${scheme}.png`
        await other.page.screenshot({ path: `${process.env.SHOTS}/${name}`, fullPage: true })
      }
      const faults = [
        ...(await axe(other.page)),
        ...(await other.violations()),
        ...other.faults,
        ...((await scrollsSideways(other.page)) ? ['scrolls sideways'] : []),
      ]
      found.push(...faults.map(fault => `${path} at ${width}, ${scheme}: ${fault}`))
      await other.context.close()
    }
  }
  assert.deepEqual(found, [])
}

/** All products with a price, tagged; or a tag taken away again. */
async function write(name, doing) {
  const { page } = view
  await page.goto(`${servers.base}/rules/new`)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Figure').nth(1).selectOption('price')
  await page.getByLabel('Value').nth(1).fill('0')
  await page.getByLabel('What is proposed').selectOption(doing)
  await page.getByLabel('Tags').fill('from-a-rule')
}

describe('a rule', () => {
  test('is written, and shows beforehand what it would do', async () => {
    const { page } = view
    await page.goto(`${servers.base}/rules`)
    await page.getByText('There are no rules yet').waitFor()
    await write('Mark what is sold', 'add_tags')
    await page.getByLabel('Compared').nth(1).selectOption('at_least')
    await page
      .getByRole('list', { name: 'What it would do' })
      .getByText(/^Tag .*from-a-rule/)
      .first()
      .waitFor()
    await soundAt('/rules/new')
    await page.getByRole('button', { name: 'Save the rule' }).click()
    await page.getByRole('article', { name: 'Mark what is sold' }).waitFor()
  })

  test('runs to change-sets that wait for a decision', async () => {
    const { page } = view
    await page.getByRole('link', { name: 'Mark what is sold' }).click()
    await page.getByRole('link', { name: 'Runs and rehearsals' }).click()
    await page.getByRole('button', { name: /^Run now/ }).click()
    await page.getByText('Waits for approval', { exact: true }).first().waitFor()
    await page.getByRole('region', { name: 'Proposals' }).getByRole('link').first().click()
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await page.getByText('from-a-rule').first().waitFor()
  })

  test('that would go round with another is refused with its reason', async () => {
    const { page } = view
    await write('Unmark it', 'remove_tags')
    await page.getByRole('button', { name: 'Save the rule' }).click()
    await page.getByText(/^Would go round with the rule “Mark what is sold”/).waitFor()
    view.faults.splice(0)
  })

  test('has pages that are sound, and is switched off', async () => {
    const { page } = view
    await soundAt('/rules')
    await page.goto(`${servers.base}/rules`)
    await page.getByRole('button', { name: /^Switch off/ }).click()
    await page.getByText('Off', { exact: true }).waitFor()
    assert.deepEqual(view.faults, [])
  })
})
