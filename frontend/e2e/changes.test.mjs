/** A price is proposed by hand, looked at, approved, written, verified and taken back; the emergency stop holds meanwhile. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, launch, openPage, withSandbox } from './browser.mjs'
import { startServers } from './servers.mjs'

let servers
let browser
let view

before(async () => {
  servers = await startServers({ sandboxArgs: ['--size', '400'] })
  browser = await launch()
  view = await openPage(browser, { width: 1280 })
  const { page } = view
  await createOwner(page, servers.code, servers.base)
  await withSandbox(page)
})
after(async () => {
  await browser?.close()
  await servers?.stop()
})

/** What the shop says that was written to it, in order. */
async function written() {
  const { writes } = await (await fetch(`${servers.sandboxUrl}/__writes`)).json()
  return writes.map(({ field, before: from, after: to }) => [field, from, to])
}

async function sound(where) {
  const { page, violations } = view
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  assert.equal(wide, false, `${where}: scrolls sideways`)
  assert.deepEqual(await axe(page), [], where)
  assert.deepEqual(await violations(), [], where)
}

describe('prices changed by hand', () => {
  test('are proposed, with nothing written before somebody approved them', async () => {
    const { page } = view
    await page.goto(`${servers.base}/products?range=all`)
    for (const no of [0, 1]) await page.getByRole('checkbox').nth(no).check()
    await page.getByRole('button', { name: 'Change prices' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByLabel('Percent').fill('5')
    await panel.getByLabel('Why').fill('Spring prices')
    await sound('the panel of prices')
    await panel.getByRole('button', { name: /^Propose / }).click()
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Price' }).waitFor()
    await page.getByText('Waits', { exact: true }).waitFor()
    assert.deepEqual(await written(), [])
    await sound('a proposal')
  })

  test('are held back by the emergency stop, which is lifted with a reason', async () => {
    const { page } = view
    await page.getByRole('button', { name: 'Emergency stop' }).click()
    const stop = page.getByRole('alertdialog')
    await stop.getByLabel('Why').fill('Let us look first')
    await stop.getByRole('button', { name: 'Stop now' }).click()
    await page.getByText('Emergency stop: nothing is written outside').waitFor()
    await sound('a stopped page')
    await page.getByRole('main').getByRole('button', { name: 'Approve' }).click()
    const sheet = page.getByRole('alertdialog')
    await sheet.getByRole('button', { name: 'Approve' }).click()
    await sheet.getByText('The emergency stop is on: Let us look first').waitFor()
    await sound('a refused approval')
    await sheet.getByRole('button', { name: 'Leave it' }).click()
    assert.deepEqual(await written(), [])
    await page.getByRole('button', { name: 'Lift it' }).click()
    const lift = page.getByRole('alertdialog')
    await lift.getByLabel('Why').fill('Looked at')
    await lift.getByRole('button', { name: 'Lift it' }).click()
    await page.getByText('Emergency stop: nothing is written outside').waitFor({ state: 'detached' })
  })

  test('are approved in the inbox, written and verified', async () => {
    const { page } = view
    await page.goto(`${servers.base}/inbox`)
    await page
      .getByRole('button', { name: /^Approve/ })
      .first()
      .waitFor()
    await sound('the inbox')
    await page
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('link', { name: 'All change-sets' }).click()
    await page.getByText('Applied and verified').filter({ visible: true }).first().waitFor()
    const now = await written()
    assert.ok(now.length > 0)
    assert.ok(now.every(([field, from, to]) => field === 'price' && Number(to) > Number(from)))
  })

  test('are taken back exactly', async () => {
    const { page } = view
    await page
      .getByRole('link', { name: /^Price/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Propose the undo' }).click()
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Undo' }).waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Applied and verified').filter({ visible: true }).first().waitFor()
    const all = await written()
    const back = all.slice(all.length / 2).map(([field, from, to]) => [field, to, from])
    assert.deepEqual(back.sort(), all.slice(0, all.length / 2).sort())
    await sound('an undo')
  })
})
