/** Owner, operator and viewer, each in a browser of their own: what they are offered, and what the server says to the rest. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, launch, OWNER, openPage, withSandbox } from './browser.mjs'
import { startServers } from './servers.mjs'

const PASSWORD = OWNER.password
const people = {}
let servers
const browsers = []

async function browserOf(name, width = 1280) {
  const browser = await launch()
  browsers.push(browser)
  people[name] = await openPage(browser, { width })
  return people[name]
}

before(async () => {
  servers = await startServers({ sandboxArgs: ['--size', '400'] })
  const { page } = await browserOf('owner')
  await createOwner(page, servers.code, servers.base)
  await withSandbox(page)
})
after(async () => {
  await Promise.all(browsers.map(browser => browser.close()))
  await servers?.stop()
})

async function joins(name, role) {
  const owner = people.owner.page
  await owner.goto(`${servers.base}/settings/people`)
  await owner.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = owner.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill(`${name}@hearth.example`)
  await dialog.getByLabel('Role').selectOption(role)
  await dialog.getByRole('button', { name: 'Make the invitation' }).click()
  const link = await dialog.getByLabel('Link').inputValue()
  const { page } = await browserOf(name)
  await page.goto(`${servers.url}${new URL(link).pathname}${new URL(link).hash}`)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.getByRole('heading', { name: 'Pulse', exact: true }).waitFor()
}

async function settled(page) {
  await page.locator('main h1, main h2').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label^="Loading"]'))
}

/** Which of these buttons the page offers. */
async function offered(name, path, buttons) {
  const { page } = people[name]
  await page.goto(`${servers.base}${path}`)
  await settled(page)
  const found = []
  for (const button of buttons) {
    if ((await page.getByRole('button', { name: button, exact: true }).count()) > 0) found.push(button)
  }
  return found
}

describe('a workspace of three', () => {
  test('people join by an invitation, once', async () => {
    await joins('otto', 'operator')
    await joins('vera', 'viewer')
  })

  test('each is offered what their role may do', async () => {
    const connections = ['Check', 'Disconnect']
    assert.deepEqual(await offered('owner', '/connections', connections), connections)
    assert.deepEqual(await offered('otto', '/connections', connections), ['Check'])
    assert.deepEqual(await offered('vera', '/connections', connections), [])
    const people_ = ['Invite somebody', 'Add a service account']
    assert.deepEqual(await offered('owner', '/settings/people', people_), people_)
    assert.deepEqual(await offered('otto', '/settings/people', people_), [])
    const compare = ['Compare now']
    assert.deepEqual(await offered('otto', '/reconciliation', compare), compare)
    assert.deepEqual(await offered('vera', '/reconciliation', compare), [])
    for (const name of ['otto', 'vera']) {
      const { page } = people[name]
      for (const path of ['/settings/people', '/settings/secrets', '/settings/audit']) {
        await page.goto(`${servers.base}${path}`)
        await settled(page)
        assert.ok(await page.getByText(/^Only admins/).isVisible(), `${name} ${path}`)
        assert.deepEqual(await axe(page), [], `${name} ${path}: axe`)
      }
    }
  })

  test('nobody meets a refusal by looking around', async () => {
    const refused = []
    for (const name of ['otto', 'vera']) {
      const { page } = people[name]
      page.on('response', answer => {
        if (answer.status() === 403) refused.push(`${name}: ${new URL(answer.url()).pathname}`)
      })
      for (const path of ['/', '/pnl', '/products', '/customers', '/orders', '/costs', '/connections']) {
        await page.goto(`${servers.base}${path}`)
        await settled(page)
      }
      for (const path of [
        '/reconciliation',
        '/settings/imports',
        '/settings/currencies',
        '/settings/tokens',
      ]) {
        await page.goto(`${servers.base}${path}`)
        await settled(page)
      }
    }
    assert.deepEqual([...new Set(refused)], [])
  })

  test('what is not offered is refused by the server too', async () => {
    const csrf = async page => (await (await page.request.get(`${servers.url}/v1/auth/me`)).json()).csrf_token
    const { page } = people.vera
    const answer = await page.request.post(`${servers.url}/v1/invitations`, {
      headers: {
        'X-CSRF-Token': await csrf(page),
        'Idempotency-Key': 'roles-test-1',
        Origin: servers.url,
      },
      data: { email: 'mallory@hearth.example', role: 'viewer' },
    })
    assert.equal(answer.status(), 403, await answer.text())
  })

  test('who is signed out by the owner is out', async () => {
    const owner = people.owner.page
    await owner.goto(`${servers.base}/settings/people`)
    await owner.getByRole('button', { name: 'Change vera@hearth.example' }).click()
    await owner.getByRole('button', { name: 'Deactivate' }).click()
    await owner.getByText('Deactivated').first().waitFor()
    const { page } = people.vera
    await page.goto(`${servers.base}/orders`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})
