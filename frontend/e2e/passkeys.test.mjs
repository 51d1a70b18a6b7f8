/** Passkeys in Chromium, with an authenticator of its own: made, used, renamed, removed; and answers that must not be believed. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, launch, OWNER, openPage, scrollsSideways } from './browser.mjs'
import { startServers } from './servers.mjs'

const PASSWORD = OWNER.password
let servers
let browser
let owner
let base

before(async () => {
  servers = await startServers({ sandboxArgs: ['--size', '20'] })
  base = servers.base
  browser = await launch()
  owner = await openPage(browser, { width: 1280 })
  const devtools = await owner.context.newCDPSession(owner.page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const { page } = owner
  await createOwner(page, servers.code, base)
})
after(async () => {
  await browser?.close()
  await servers?.stop()
})

/** In the page: what the server answers to a sign-in whose answer was changed by `lie`. */
async function signInWith(page, lie) {
  return page.evaluate(async kind => {
    const ask = async (path, body) =>
      fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      })
    const { options } = await (await ask('/v1/auth/login/passkey/challenge')).json()
    const answer = await navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    })
    const credential = answer.toJSON()
    if (kind === 'origin') {
      const text = atob(credential.response.clientDataJSON.replaceAll('-', '+').replaceAll('_', '/'))
      const other = text.replace(/"origin":"[^"]+"/, '"origin":"https://evil.example"')
      credential.response.clientDataJSON = btoa(other)
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '')
    }
    const first = await ask('/v1/auth/login/passkey', { credential })
    if (kind !== 'replay') return first.status
    const second = await ask('/v1/auth/login/passkey', { credential })
    return [first.status, second.status]
  }, lie)
}

async function signOut(page) {
  await page.context().clearCookies()
  await page.goto(`${base}/login`)
  await page.getByLabel('E-mail').waitFor()
}

describe('passkeys', () => {
  test('one is made with the password', async () => {
    const { page } = owner
    await page.goto(`${base}/settings/security`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Work laptop')
    await dialog.getByLabel('Password').fill('not the password')
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await dialog.getByText('the current password is wrong').first().waitFor()
    await dialog.getByLabel('Password').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Go on' }).click()
    const list = page.getByRole('list', { name: 'Passkeys' })
    await list.getByText('Work laptop').waitFor()
    await list.getByText(/never used/).waitFor()
    assert.deepEqual(await axe(page), [])
    // Not a second one on the same device.
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await dialog.getByLabel('Password').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await dialog.getByText('This device has a passkey for you already.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
  })
  test('it signs in without a password', async () => {
    const { page } = owner
    await signOut(page)
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.waitForURL(url => !url.pathname.endsWith('/login'))
    await page.goto(`${base}/settings/security`)
    await page
      .getByRole('list', { name: 'Passkeys' })
      .getByText(/^used /)
      .waitFor()
  })
  test('an answer is good once, and for this origin', async () => {
    const { page } = owner
    await signOut(page)
    assert.equal(await signInWith(page, 'origin'), 401)
    assert.deepEqual(await signInWith(page, 'replay'), [200, 401])
  })
  test('it is renamed and removed, and lets nobody in then', async () => {
    const { page } = owner
    await page.goto(`${base}/settings/security`)
    await page.getByRole('button', { name: 'Rename Work laptop' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Old laptop')
    await page.getByRole('dialog').getByRole('button', { name: 'Rename it' }).click()
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await page.getByRole('button', { name: 'Remove Old laptop' }).waitFor()
      assert.equal(await scrollsSideways(page), false, `${width}`)
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/security-${width}.png` })
    }
    await page.getByRole('button', { name: 'Remove Old laptop' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('list', { name: 'Passkeys' }).waitFor({ state: 'detached' })
    await signOut(page)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/login-390.png` })
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByText(/The passkey was not accepted|the passkey was not accepted/).waitFor()
  })
  test('nothing went wrong besides what was refused on purpose', async () => {
    const unexpected = owner.faults.filter(fault => !/status of (401|422)/.test(fault))
    assert.deepEqual(unexpected, [])
    assert.deepEqual(await owner.violations(), [])
  })
})
