/** From an account to a campaign that loses: proposed by the agent, paused at the platform, told on its page, and started again. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { axe } from './browser.mjs'
import { answered, asOwner } from './owner.mjs'

const AGENT = '/v1/agents/marketing_automation'

const owner = asOwner({ sandboxArgs: ['--size', '1500', '--days', '150'] })
const { read, send, sound, approve } = owner

/** The campaigns of Meta as the platform has them. */
async function atPlatform() {
  const { accounts } = await (await fetch(`${owner.servers.sandboxUrl}/__ads`)).json()
  return accounts.find(account => account.platform === 'meta').campaigns
}

describe('campaigns', () => {
  let losing

  test('are read from a connected account', async () => {
    const { page } = owner.view
    await page.goto(`${owner.servers.base}/campaigns`)
    await page.getByText('No ad account is connected yet').waitFor()
    await sound('without an account')
    await page.getByRole('button', { name: 'Connect an ad account' }).click()
    await page.getByRole('button', { name: 'Use the sandbox' }).click()
    const account = await answered(async () => {
      const { ad_accounts: accounts } = await read('/v1/ad-accounts')
      return accounts.find(one => one.last_sync?.status === 'succeeded')
    }, 'the reading of the account')
    assert.equal(account.platform, 'meta')
    await page.goto(`${owner.servers.base}/campaigns`)
    await page.getByRole('table', { name: 'Campaigns' }).waitFor()
    await page.getByText('This month so far').waitFor()
    await sound('campaigns')
  })

  test('that lose are proposed for a pause by the agent, with evidence', async () => {
    const { page } = owner.view
    await send('PUT', AGENT, { version: 0, autonomy: 'propose' })
    const started = await send('POST', `${AGENT}/run`, {})
    const run = await answered(async () => {
      const run = await read(`/v1/runs/${started.session_id}`)
      return run.status === 'waiting_approval' && run
    }, 'the run of the agent')
    const sets = await Promise.all(run.change_sets.map(id => read(`/v1/change-sets/${id}`)))
    losing = sets.find(set => set.operations[0].kind === 'ad_status')
    assert.ok(losing, JSON.stringify(sets.map(set => set.title)))
    await page.goto(`${owner.servers.base}/change-sets/${losing.id}`)
    await page.getByRole('heading', { level: 1, name: losing.title }).waitFor()
    await page.getByText('Break-even ROAS').first().waitFor()
    await sound('the proposal of a pause')
  })

  test('are paused once that is approved, and seen so at the platform', async () => {
    const { page } = owner.view
    const number = losing.operations[0].details.find(row => row.label === 'Number').value
    await approve()
    const own = (await atPlatform()).find(one => one.id === number)
    assert.equal(own.paused, true)
    const { campaigns } = await read('/v1/campaigns')
    const shown = campaigns.find(one => one.number === number)
    assert.equal(shown.status, 'paused')
    await page.goto(`${owner.servers.base}/campaigns/${shown.id}`)
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
    const { page } = owner.view
    const { campaigns } = await read('/v1/campaigns')
    const one = campaigns.find(of => of.status === 'active')
    await page.goto(`${owner.servers.base}/campaigns/${one.id}`)
    await page.getByRole('button', { name: 'Propose a change' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByLabel(/^Another budget/).check()
    await panel.getByLabel(/^Budget/).fill('0.10')
    await panel.getByLabel('Why').fill('Less')
    await panel.getByRole('button', { name: 'Propose it' }).click()
    await panel.getByText(/budget is too low/i).waitFor()
    owner.view.faults.splice(0)
  })

  test('have sales by our own orders beside what the platform claims', async () => {
    const { page } = owner.view
    await page.goto(`${owner.servers.base}/campaigns`)
    await page.getByRole('link', { name: 'Attribution' }).click()
    const table = page.getByRole('table', { name: 'Sales by source' })
    await table.getByText('Direct', { exact: true }).waitFor()
    await sound('attribution')
    const before = await table.innerText()
    await page.getByLabel('Which visit has the sale').selectOption('first')
    await page.waitForURL('**model=first**')
    await answered(async () => (await table.innerText()) !== before, 'the other model')
  })
})
