/** A channel is made, tried against a receiver of the test, told of a stop; the notice is seen and read. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, launch, openPage, scrollsSideways, until, withSandbox } from './browser.mjs'
import { startServers } from './servers.mjs'

const received = []
let receiver
let servers
let browser
let view
let secret

function listen() {
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      response.end('ok')
    })
  })
  return new Promise(resolve => receiver.listen(0, '127.0.0.1', () => resolve(receiver.address().port)))
}

/** As a receiver checks it, after Standard Webhooks. */
function isSigned({ headers, body }) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

async function messages(count) {
  const end = Date.now() + 20_000
  while (received.length < count) {
    if (Date.now() > end) throw new Error(`only ${received.length} messages came`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

before(async () => {
  process.env.NOTIFY_ALLOWED_HOSTS = '127.0.0.1'
  const port = await listen()
  servers = await startServers({ sandboxArgs: ['--size', '400'] })
  browser = await launch()
  view = await openPage(browser, { width: 1280 })
  const { page } = view
  await createOwner(page, servers.code, servers.base)
  await withSandbox(page)
  view.address = `http://127.0.0.1:${port}/in`
})
after(async () => {
  await browser?.close()
  await servers?.stop()
  receiver?.close()
})

async function sound(where) {
  const { page, violations } = view
  assert.equal(await scrollsSideways(page), false, `${where}: scrolls sideways`)
  assert.deepEqual(await axe(page), [], where)
  assert.deepEqual(await violations(), [], where)
}

describe('notifications', () => {
  test('a channel is made, its secret is shown once, and a test arrives', async () => {
    const { page, address } = view
    await page.goto(`${servers.base}/settings/notifications`)
    await page.getByText('No channel yet').waitFor()
    await sound('the settings')
    await page.getByRole('button', { name: 'Add a channel' }).click()
    const popup = page.getByRole('dialog')
    await popup.getByLabel('Kind').selectOption('webhook')
    await popup.getByLabel('Name').fill('Ledger')
    await popup.getByLabel('Address').fill(address)
    await sound('a new channel')
    await popup.getByRole('button', { name: 'Add it' }).click()
    secret = await page.getByLabel('Secret', { exact: true }).inputValue()
    assert.match(secret, /^whsec_/)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Send a test to Ledger' }).click()
    await page.getByText('The test was taken.').waitFor()
    await messages(1)
    assert.equal(JSON.parse(received[0].body).type, 'test')
    assert.ok(isSigned(received[0]), 'the signature fits the secret')
    await page.getByRole('list', { name: 'Messages' }).getByText('Test').waitFor()
    await sound('a channel that works')
  })

  test('a stop is told there and in the inbox, and is read there', async () => {
    const { page } = view
    await page.getByRole('button', { name: 'Emergency stop' }).click()
    const stop = page.getByRole('alertdialog')
    await stop.getByLabel('Why').fill('Prices look wrong')
    await stop.getByRole('button', { name: 'Stop now' }).click()
    await until(page, async () => {
      const { notifications } = await (await fetch('/v1/notifications?unread=true')).json()
      return notifications.some(notice => notice.kind === 'stop_set')
    })
    await messages(2)
    const told = JSON.parse(received[1].body)
    assert.equal(told.data.notices[0].kind, 'stop_set')
    assert.ok(isSigned(received[1]))
    assert.equal(told.data.notices[0].url, `${servers.base}/change-sets`)
    await page.goto(`${servers.base}/inbox`)
    const list = page.getByRole('list', { name: 'Notices' })
    await list.getByText('Prices look wrong').waitFor()
    await sound('the inbox with a notice')
    const read = list.getByRole('button', { name: 'Mark read: All writes are stopped' })
    await read.click()
    // In the morning of the store there is its brief, too.
    await until(page, async () => {
      const { notifications } = await (await fetch('/v1/notifications?unread=true')).json()
      return notifications.every(notice => notice.kind !== 'stop_set')
    })
    await read.waitFor({ state: 'detached' })
    const all = page.getByRole('button', { name: 'Mark all as read' })
    if (await all.isVisible()) await all.click()
    await page.getByText('All read', { exact: true }).waitFor()
  })

  test('fits a phone', async () => {
    const { page } = view
    await page.setViewportSize({ width: 320, height: 800 })
    for (const path of ['/settings/notifications', '/inbox']) {
      await page.goto(`${servers.base}${path}`)
      await page
        .getByText(path === '/inbox' ? 'All writes are stopped' : 'Ledger')
        .first()
        .waitFor()
      await sound(`${path} on a phone`)
    }
  })
})
