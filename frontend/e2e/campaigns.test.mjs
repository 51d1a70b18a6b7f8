/** From an account to a campaign that loses: proposed by the agent, paused at the platform, told on its page, and started again. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, drawn, launch, openPage, scrollsSideways, synced } from './browser.mjs'
import { startServers } from './servers.mjs'

const AGENT = '/v1/agents/marketing_automation'

let servers
let browser
let view

before(async () => {
  servers = await startServers({ sandboxArgs: ['--size', '1500', '--days', '150'] })
  browser = await launch()
  view = await openPage(browser, { width: 1280 })
  const { page } = view
  await createOwner(page, servers.code, servers.base)
  await page.getByRole('button', { name: 'Use the sandbox store' }).click()
  await synced(page)
})
after(async () => {
  await browser?.close()
  await servers?.stop()
})

async function read(path) {
  const answer = await view.page.request.get(servers.url + path)
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`)
  return answer.json()
}

/** A request of the page's own, with what the session asks for. */
async function send(method, path, data) {
  const session = await read('/v1/auth/me')
  const answer = await view.page.request.fetch(servers.url + path, {
    method,
    data,
    headers: {
      'x-csrf-token': session.csrf_token,
      origin: servers.url,
      'idempotency-key': crypto.randomUUID(),
    },
  })
  assert.ok(answer.ok(), `${path}: ${await answer.text()}`)
  return answer.json()
}

async function until(ask, what) {
  for (let tries = 0; tries < 150; tries += 1) {
    const found = await ask()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error(`not in time: ${what}`)
}

/** The campaigns of Meta as the platform has them. */
async function atPlatform() {
  const { accounts } = await (await fetch(`${servers.sandboxUrl}/__ads`)).json()
  return accounts.find(account => account.platform === 'meta').campaigns
}

async function settled() {
  const { page } = view
  await page.locator('main h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('main [role="status"][aria-label^="Loading"]'))
}

async function sound(where) {
  const { page } = view
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await settled()
    await drawn(page)
    assert.equal(await scrollsSideways(page), false, `${where} at ${width}: scrolls sideways`)
    assert.deepEqual(await axe(page), [], `${where} at ${width}: axe`)
  }
  assert.deepEqual(await view.violations(), [], `${where}: content security policy`)
  assert.deepEqual(view.faults, [], `${where}: console`)
  await page.setViewportSize({ width: 1280, height: 900 })
}

async function approve() {
  const { page } = view
  await page.getByRole('main').getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click()
  await page.getByText('Applied and verified').filter({ visible: true }).first().waitFor()
}

describe('campaigns', () => {
  let losing

  test('are read from a connected account', async () => {
    const { page } = view
    await page.goto(`${servers.base}/campaigns`)
    await page.getByText('No ad account is connected yet').waitFor()
    await sound('without an account')
    await page.getByRole('button', { name: 'Connect an ad account' }).click()
    await page.getByRole('button', { name: 'Use the sandbox' }).click()
    const account = await until(async () => {
      const { ad_accounts: accounts } = await read('/v1/ad-accounts')
      return accounts.find(one => one.last_sync?.status === 'succeeded')
    }, 'the reading of the account')
    assert.equal(account.platform, 'meta')
    await page.goto(`${servers.base}/campaigns`)
    await page.getByRole('table', { name: 'Campaigns' }).waitFor()
    await page.getByText('This month so far').waitFor()
    await sound('campaigns')
  })

  test('that lose are proposed for a pause by the agent, with evidence', async () => {
    const { page } = view
    await send('PUT', AGENT, { version: 0, autonomy: 'propose' })
    const started = await send('POST', `${AGENT}/run`, {})
    const run = await until(async () => {
      const run = await read(`/v1/runs/${started.session_id}`)
      return run.status === 'waiting_approval' && run
    }, 'the run of the agent')
    const sets = await Promise.all(run.change_sets.map(id => read(`/v1/change-sets/${id}`)))
    losing = sets.find(set => set.operations[0].kind === 'ad_status')
    assert.ok(losing, JSON.stringify(sets.map(set => set.title)))
    await page.goto(`${servers.base}/change-sets/${losing.id}`)
    await page.getByRole('heading', { level: 1, name: losing.title }).waitFor()
    await page.getByText('Break-even ROAS').first().waitFor()
    await sound('the proposal of a pause')
  })

  test('are paused once that is approved, and seen so at the platform', async () => {
    const { page } = view
    const number = losing.operations[0].details.find(row => row.label === 'Number').value
    await approve()
    const own = (await atPlatform()).find(one => one.id === number)
    assert.equal(own.paused, true)
    const { campaigns } = await read('/v1/campaigns')
    const shown = campaigns.find(one => one.number === number)
    assert.equal(shown.status, 'paused')
    await page.goto(`${servers.base}/campaigns/${shown.id}`)
    await page.getByText('active to paused', { exact: true }).waitFor()
    await sound('a paused campaign')
    await page.getByRole('button', { name: 'Propose a change' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByText('Let it run again').waitFor()
    assert.deepEqual(await axe(page), [], 'the panel of a change')
    await panel.getByLabel('Why').fill('It was the season')
    await panel.getByRole('button', { name: 'Propose it' }).click()
    await page.waitForURL('**/change-sets/**')
    await approve()
    assert.equal((await atPlatform()).find(one => one.id === number).paused, false)
  })

  test('are refused a budget that the platform would not take', async () => {
    const { page } = view
    const { campaigns } = await read('/v1/campaigns')
    const one = campaigns.find(of => of.status === 'active')
    await page.goto(`${servers.base}/campaigns/${one.id}`)
    await page.getByRole('button', { name: 'Propose a change' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByLabel(/^Another budget/).check()
    await panel.getByLabel(/^Budget/).fill('0.10')
    await panel.getByLabel('Why').fill('Less')
    await panel.getByRole('button', { name: 'Propose it' }).click()
    await panel.getByText(/budget is too low/i).waitFor()
    view.faults.splice(0)
  })

  test('have sales by our own orders beside what the platform claims', async () => {
    const { page } = view
    await page.goto(`${servers.base}/campaigns`)
    await page.getByRole('link', { name: 'Attribution' }).click()
    const table = page.getByRole('table', { name: 'Sales by source' })
    await table.getByText('Direct', { exact: true }).waitFor()
    await sound('attribution')
    const before = await table.innerText()
    await page.getByLabel('Which visit has the sale').selectOption('first')
    await page.waitForURL('**model=first**')
    await until(async () => (await table.innerText()) !== before, 'the other model')
  })
})
