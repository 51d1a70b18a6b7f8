/**
 * An agent by hand: run while it only observes, allowed to propose, run again to a proposal that waits, replayed, rehearsed,
 * stopped and let go; its pages sound at every width and in both themes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, launch, openPage, scrollsSideways, withSandbox } from './browser.mjs'
import { startServers } from './servers.mjs'

const AGENT = 'order_management'

let browser
let servers
let view
before(async () => {
  browser = await launch()
  servers = await startServers({ sandboxArgs: ['--size', '1200', '--days', '120'] })
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

async function runNow() {
  const { page } = view
  await page.goto(`${servers.base}/agents/${AGENT}`)
  await page.getByRole('button', { name: /^Run now/ }).click()
  await page.getByRole('heading', { name: /^Run of / }).waitFor()
}

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

describe('an agent', () => {
  test('that observes says what it found, and proposes nothing', async () => {
    const { page } = view
    await runNow()
    await page.getByText('Succeeded', { exact: true }).first().waitFor()
    await page
      .getByRole('log', { name: 'Log' })
      .getByText(/observes/)
      .waitFor()
    await page.getByRole('button', { name: 'Replay it' }).click()
    await page.getByText('The same, bit for bit').waitFor()
  })

  test('that may propose leads to what waits for a decision', async () => {
    const { page } = view
    await page.goto(`${servers.base}/agents/${AGENT}/settings`)
    await page.getByRole('radio', { name: /^Propose/ }).check()
    await page.getByLabel('Why', { exact: true }).fill('What it found was right')
    await page.getByRole('button', { name: 'Save the settings' }).click()
    await page.getByText(/Version 1, stored by .*What it found was right/).waitFor()
    await runNow()
    await page.getByText('Waits for approval', { exact: true }).first().waitFor()
    const proposals = page.getByRole('region', { name: 'Proposals' })
    await proposals.getByRole('link').first().click()
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await soundAt(new URL(page.url()).pathname.replace('/command-center', ''))
    await page.getByRole('link', { name: 'The run that proposed it' }).click()
    await page.getByRole('heading', { name: /^Run of / }).waitFor()
    await soundAt(new URL(page.url()).pathname.replace('/command-center', ''))
  })

  test('is refused what is out of its range, at the field', async () => {
    const { page } = view
    await page.goto(`${servers.base}/agents/${AGENT}/settings`)
    await page.getByLabel('Runs an hour').fill('0')
    await page.getByRole('button', { name: 'Save the settings' }).click()
    await page.getByText('Nothing was stored: look at what is marked above.').waitFor()
    assert.equal(await page.getByLabel('Runs an hour').getAttribute('aria-invalid'), 'true')
    view.faults.splice(0)
  })

  test('is rehearsed over the past', async () => {
    const { page } = view
    await page.goto(`${servers.base}/agents/${AGENT}/rehearsals`)
    await page.getByText('Not rehearsed yet').waitFor()
    await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
    await page.getByRole('figure', { name: 'Proposals by day' }).waitFor()
    await page.getByRole('table', { name: 'What it would have proposed' }).waitFor()
    await soundAt(`/agents/${AGENT}/rehearsals`)
  })

  test('is stopped with a reason, does not run, and is let go', async () => {
    const { page } = view
    await page.goto(`${servers.base}/agents/${AGENT}`)
    await page.getByRole('button', { name: 'Stop this agent' }).click()
    const sheet = page.getByRole('alertdialog')
    await sheet.getByLabel('Why').fill('Too many holds')
    await sheet.getByRole('button', { name: 'Stop now' }).click()
    await page.locator('main').getByText('This agent is stopped').waitFor()
    assert.equal(await page.getByRole('button', { name: /^Run now/ }).isDisabled(), true)
    await page.locator('main').getByRole('button', { name: 'Lift it' }).click()
    await sheet.getByLabel('Why').fill('Looked at')
    await sheet.getByRole('button', { name: 'Lift it' }).click()
    await page.locator('main').getByText('This agent is stopped').waitFor({ state: 'detached' })
    assert.equal(await page.getByRole('button', { name: /^Run now/ }).isDisabled(), false)
  })

  test('has pages that are sound', async () => {
    for (const path of [
      '/agents',
      `/agents/${AGENT}`,
      `/agents/${AGENT}/runs`,
      `/agents/${AGENT}/settings`,
      '/jobs',
    ])
      await soundAt(path)
  })
})
