/**
 * The pictures of README.md, of the product with a sandbox store: `cargo xtask screenshots` builds both and runs this.
 *
 *   ROYAL_BIN=… SANDBOX_BIN=… node scripts/readme-shots.mjs ../docs/images
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launch, openPage, synced } from '../e2e/browser.mjs'
import { startServers } from '../e2e/servers.mjs'

const folder = process.argv[2] ?? '../docs/images'
/** Light enough for a page that shows four of them. */
const MOST_BYTES = 150_000
const SIZE = { width: 1280, height: 800 }
const AGENT = 'order_management'
const WHO = { email: 'olivia@hearth.example', password: 'a long and quiet sentence' }

mkdirSync(folder, { recursive: true })
const servers = await startServers({ sandboxArgs: ['--size', '6000'] })
const browser = await launch()

async function firstRun() {
  const view = await openPage(browser, SIZE)
  const { page } = view
  await page.goto(`${servers.base}/setup?code=${servers.code}`)
  await page.getByLabel('Name of your business').fill('Hearth & Harbour')
  await page.getByLabel('E-mail').fill(WHO.email)
  await page.getByLabel('Password').fill(WHO.password)
  await page.getByRole('button', { name: 'Create the owner' }).click()
  await page.getByRole('button', { name: 'Use the sandbox store' }).click()
  await synced(page)
  const storage = await view.context.storageState()
  await proposal(page)
  await view.context.close()
  return storage
}

/** An agent that may propose looks at the store, so that something waits for a decision. */
async function proposal(page) {
  await page.goto(`${servers.base}/agents/${AGENT}/settings`)
  await page.getByRole('radio', { name: /^Propose/ }).check()
  await page.getByLabel('Why', { exact: true }).fill('What it found was right')
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await page.getByText(/Version 1, stored by/).waitFor()
  await page.goto(`${servers.base}/agents/${AGENT}`)
  await page.getByRole('button', { name: /^Run now/ }).click()
  await page.getByText('Waits for approval', { exact: true }).first().waitFor()
}

/** WebP, which Chromium makes and the driver's own function does not offer. */
async function picture({ page, context }, name) {
  const session = await context.newCDPSession(page)
  for (const quality of [85, 70, 55, 40]) {
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality })
    const bytes = Buffer.from(data, 'base64')
    if (bytes.length > MOST_BYTES) continue
    writeFileSync(join(folder, `${name}.webp`), bytes)
    return process.stdout.write(`${name}.webp ${Math.round(bytes.length / 1000)} kB\n`)
  }
  throw new Error(`${name} is larger than ${MOST_BYTES} bytes in any quality`)
}

async function open(view, path, ready) {
  await view.page.goto(servers.base + path)
  await ready(view.page).waitFor()
  await view.page.waitForFunction(() => !document.querySelector('[role="status"][aria-label^="Loading"]'))
}

async function take() {
  const storage = await firstRun()
  const light = await openPage(browser, { ...SIZE, storage })
  const dark = await openPage(browser, { ...SIZE, storage, scheme: 'dark' })
  const pulse = page => page.getByRole('button', { name: 'Where this comes from' })
  const heading = page => page.locator('h1').first()

  await open(light, '/', pulse)
  await picture(light, 'pulse')
  await open(dark, '/', pulse)
  await picture(dark, 'pulse-dark')
  await open(light, '/products', heading)
  await picture(light, 'products')
  const { change_sets } = await (
    await light.page.request.get(`${servers.url}/v1/change-sets?status=proposed`)
  ).json()
  await open(light, `/change-sets/${encodeURIComponent(change_sets[0].id)}`, heading)
  await picture(light, 'proposal')
}

try {
  await take()
} finally {
  await browser.close()
  await servers.stop()
}
