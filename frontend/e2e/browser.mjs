/** Chromium as the tests and the pictures use it, with everything that goes wrong in a page written down. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page that keeps its violations of the policy and its console errors in `page.faults`. */
export async function openPage(browser, { width, height = 900, scheme = 'light', storage }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    acceptDownloads: true,
    ...(storage && { storageState: storage }),
  })
  await context.addInitScript(() => {
    globalThis.policyViolations = []
    document.addEventListener('securitypolicyviolation', event => {
      globalThis.policyViolations.push(
        `${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber} ${event.sample}`,
      )
    })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const faults = []
  page.on('console', message => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', error => faults.push(`uncaught: ${error.message}`))
  return { page, context, faults, violations: () => page.evaluate(() => globalThis.policyViolations ?? []) }
}

/** Waits until the page answers yes. `waitForFunction` takes a promise for a yes: what has to be asked for needs this. */
export async function until(page, ask, timeout = 20_000) {
  const end = Date.now() + timeout
  while (!(await page.evaluate(ask))) {
    if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${ask}`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

/** Waits for the end of the first sync. */
export const synced = page =>
  until(
    page,
    async () => {
      const { syncs } = await (await fetch('/v1/syncs?limit=5')).json()
      return syncs?.some(sync => sync.kind === 'backfill' && sync.status === 'succeeded')
    },
    120_000,
  )

/** Connects the store of this machine and waits for all of it; the page then goes on by itself, also from under whoever clicks. */
export async function withSandbox(page) {
  await page.getByRole('button', { name: 'Use the sandbox store' }).click()
  await synced(page)
  await page.waitForURL('**/start/costs**')
}

/** What axe finds against WCAG 2.2 AA, in one line each. Evaluated, so that the policy stays on. */
export async function axe(page) {
  await page.evaluate(`${AXE}; undefined`)
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, {
      // A menu lives outside the landmarks by its nature; everything else must be inside one.
      rules: { region: { enabled: !document.querySelector('[role="menu"]') } },
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  )
  return result.violations.flatMap(violation =>
    violation.nodes.map(
      node => `${violation.id}: ${node.target.join(' ')} — ${node.failureSummary?.replaceAll('\n', ' ')}`,
    ),
  )
}

/** After a window took another width: charts are as wide as before until they have been measured and drawn again. */
export function drawn(page) {
  return page.evaluate(async () => {
    for (let n = 0; n < 3; n += 1)
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
  })
}

export function scrollsSideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

export const OWNER = { email: 'olivia@hearth.example', password: 'a long and quiet sentence' }

/** Creates the owner with the code that the server printed; what is asked next is for a store. */
export async function createOwner(page, code, base) {
  await page.goto(`${base}/setup?code=${code}`)
  await page.getByLabel('Name of your business').fill('Hearth & Harbour')
  await page.getByLabel('E-mail').fill(OWNER.email)
  await page.getByLabel('Password').fill(OWNER.password)
  await page.getByRole('button', { name: 'Create the owner' }).click()
  await page.getByRole('button', { name: 'Use the sandbox store' }).waitFor()
}
