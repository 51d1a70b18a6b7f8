/**
 * Lighthouse over the release build with the sandbox's store, and the slowest answer to an interaction.
 *
 *   cargo xtask lighthouse            builds, installs and runs this
 *   ROYAL_BIN=… SANDBOX_BIN=… node lighthouse/run.mjs [--runs 3] [--json] [page…]
 *
 * Each page is loaded `runs` times in each profile; the run with the middle performance score counts.
 * It ends with 1 when a bar is missed.
 */
import { parseArgs } from 'node:util'
import { launch as launchChrome } from 'chrome-launcher'
import lighthouse, { desktopConfig } from 'lighthouse'
import { launch, openPage } from '../e2e/browser.mjs'
import { startServers } from '../e2e/servers.mjs'

const { values: options, positionals: wanted } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
})

const PAGES = {
  pulse: '/',
  pnl: '/pnl',
  products: '/products',
  customers: '/customers',
  orders: '/orders',
  'sign-in': '/login',
}
const PROFILES = {
  desktop: { config: desktopConfig, lcp: 1000, performance: 95 },
  // Lighthouse's own mobile profile: a phone behind slow 4G, four times slower than this machine.
  mobile: { config: undefined, lcp: 2500, performance: undefined },
}
const CLS = 0.02
const INP_MS = 200
const SYNC_WITHIN_MS = 180_000

const unknown = wanted.filter(name => !(name in PAGES))
if (unknown.length > 0) {
  console.error(`no such page: ${unknown.join(', ')}; there are ${Object.keys(PAGES).join(', ')}`)
  process.exit(2)
}
const runs = Number(options.runs)
if (!Number.isInteger(runs) || runs < 1) {
  console.error('--runs takes a number from 1')
  process.exit(2)
}
const say = line => console.error(line)

/** The owner's cookie, once the sandbox's orders are all there. */
async function signedIn(servers, browser) {
  const { page, context } = await openPage(browser, { width: 1280 })
  await page.goto(`${servers.base}/setup?code=${servers.code}`)
  await page.getByLabel('Name of your business').fill('Hearth & Harbour')
  await page.getByLabel('E-mail').fill('olivia@hearth.example')
  await page.getByLabel('Password').fill('a long and quiet sentence')
  await page.getByRole('button', { name: 'Create the owner' }).click()
  await page.getByRole('button', { name: 'Use the sandbox store' }).click()
  const deadline = Date.now() + SYNC_WITHIN_MS
  for (;;) {
    const answer = await page.request.get(`${servers.url}/v1/syncs?limit=5`)
    const { syncs = [] } = await answer.json()
    if (syncs.some(sync => sync.kind === 'backfill' && sync.status === 'succeeded')) break
    if (Date.now() > deadline)
      throw new Error(`the sandbox's orders did not arrive: ${JSON.stringify(syncs)}`)
    await page.waitForTimeout(500)
  }
  const storage = await context.storageState()
  const cookies = await context.cookies(servers.url)
  await context.close()
  return { storage, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
}

async function audited(url, profile, port, cookie) {
  const results = []
  for (let run = 0; run < runs; run += 1) {
    const result = await lighthouse(
      url,
      {
        port,
        logLevel: 'error',
        onlyCategories: ['performance', 'accessibility', 'best-practices'],
        extraHeaders: cookie ? { Cookie: cookie } : undefined,
      },
      profile.config,
    )
    const { audits, categories, runtimeError, finalDisplayedUrl } = result.lhr
    if (runtimeError) throw new Error(`${url}: ${runtimeError.message}`)
    if (finalDisplayedUrl !== url) throw new Error(`${url} became ${finalDisplayedUrl}: that is another page`)
    const score = category => Math.round(categories[category].score * 100)
    results.push({
      performance: score('performance'),
      accessibility: score('accessibility'),
      'best-practices': score('best-practices'),
      lcp: Math.round(audits['largest-contentful-paint'].numericValue),
      cls: Math.round(audits['cumulative-layout-shift'].numericValue * 1000) / 1000,
      tbt: Math.round(audits['total-blocking-time'].numericValue),
      failed: Object.values(categories)
        .filter(category => category.id !== 'performance')
        .flatMap(category => category.auditRefs)
        .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
        .map(({ id }) => id),
    })
  }
  results.sort((a, b) => a.performance - b.performance)
  return results[Math.floor((results.length - 1) / 2)]
}

/** The longest time from a press to the next frame over what one does on these pages, at a quarter of the speed. */
async function slowestInteraction(servers, browser, storage) {
  const { page, context } = await openPage(browser, { width: 390, height: 844, storage })
  await context.addInitScript(() => {
    globalThis.interactions = []
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        if (entry.interactionId) globalThis.interactions.push({ name: entry.name, ms: entry.duration })
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: true })
  })
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const slowest = []
  for (const path of ['/', '/pnl', '/products', '/customers', '/orders']) {
    await page.goto(`${servers.base}${path}`)
    await page.locator('main h1').first().waitFor()
    await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label^="Loading"]'))
    let pressed = 0
    for (const button of await page.locator('main button:visible, header button:visible').all()) {
      if (pressed === 12) break
      if (!(await button.isEnabled().catch(() => false))) continue
      await button.click({ timeout: 2000 }).catch(() => undefined)
      await page.keyboard.press('Escape')
      pressed += 1
    }
    await page.waitForTimeout(300)
    const found = await page.evaluate(() => globalThis.interactions)
    const worst = found.toSorted((a, b) => b.ms - a.ms)[0]
    slowest.push({ path, interactions: found.length, worst: worst?.name ?? null, ms: worst?.ms ?? 0 })
  }
  await context.close()
  return slowest
}

function misses(profile, figures) {
  const bars = [
    [
      profile.performance !== undefined && figures.performance < profile.performance,
      `performance ≥ ${profile.performance}`,
    ],
    [figures.accessibility < 100, 'accessibility 100'],
    [figures['best-practices'] < 100, 'best practices 100'],
    [figures.lcp > profile.lcp, `LCP ≤ ${profile.lcp} ms`],
    [figures.cls > CLS, `CLS ≤ ${CLS}`],
  ]
  return bars.filter(([missed]) => missed).map(([, bar]) => bar)
}

async function measured() {
  const browser = await launch()
  const servers = await startServers()
  const chrome = await launchChrome({
    chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  })
  const pages = []
  try {
    say('reading the sandbox …')
    const { storage, cookie } = await signedIn(servers, browser)
    for (const [name, path] of Object.entries(PAGES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      for (const [profile, bars] of Object.entries(PROFILES)) {
        const secret = name === 'sign-in' ? undefined : cookie
        const figures = await audited(`${servers.base}${path}`, bars, chrome.port, secret)
        const missed = misses(bars, figures)
        pages.push({ page: name, profile, ...figures, missed })
        say(`${missed.length === 0 ? 'ok    ' : 'MISSED'} ${name} ${profile}: ${JSON.stringify(figures)}`)
      }
    }
    const interactions = wanted.length > 0 ? [] : await slowestInteraction(servers, browser, storage)
    return { pages, interactions }
  } finally {
    chrome.kill()
    await browser.close()
    await servers.stop()
  }
}

const { pages, interactions } = await measured()
const slow = interactions.filter(({ ms }) => ms > INP_MS)
if (options.json) {
  console.log(JSON.stringify({ runs, pages, interactions }, null, 2))
} else {
  console.table(
    pages.map(({ page, profile, performance, accessibility, lcp, cls, tbt, missed, ...rest }) => ({
      page,
      profile,
      performance,
      accessibility,
      'best practices': rest['best-practices'],
      'LCP ms': lcp,
      CLS: cls,
      'TBT ms': tbt,
      missed: missed.join(', '),
    })),
  )
  if (interactions.length > 0) console.table(interactions)
}
process.exitCode = pages.some(({ missed }) => missed.length > 0) || slow.length > 0 ? 1 : 0
