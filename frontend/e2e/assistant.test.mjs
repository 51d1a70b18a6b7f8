/** Questions of the command center in words: their answers, where figures come from, what is asked back, and the conversation afterwards. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { axe, createOwner, drawn, launch, openPage, scrollsSideways, withSandbox } from './browser.mjs'
import { startServers } from './servers.mjs'

/** Where pictures go, if they are wanted. */
const SHOTS = process.env.SHOTS

let servers
let browser
let view

before(async () => {
  servers = await startServers({ sandboxArgs: ['--size', '1500', '--days', '120'] })
  browser = await launch()
  view = await openPage(browser, { width: 1280 })
  await createOwner(view.page, servers.code, servers.base)
  await withSandbox(view.page)
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

/** Asks, and waits for the answer to have been told. */
async function ask(text) {
  const { page } = view
  const items = page.locator('ol[aria-label="What was said"] > li')
  await page.getByRole('textbox', { name: 'Your question' }).waitFor()
  await page.getByRole('status', { name: 'Loading the conversation' }).waitFor({ state: 'detached' })
  const before = await items.count()
  await page.getByRole('textbox', { name: 'Your question' }).fill(text)
  await page.keyboard.press('Enter')
  await page.waitForFunction(
    n =>
      document.querySelectorAll('ol[aria-label="What was said"] > li').length >= n &&
      !document.querySelector('[aria-live="polite"] p'),
    before + 2,
  )
  return items.last()
}

async function shoot(name) {
  if (!SHOTS) return
  mkdirSync(SHOTS, { recursive: true })
  const { page } = view
  for (const width of [1280, 390]) {
    for (const scheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme: scheme })
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-${scheme}.png`, fullPage: true })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 900 })
}

async function sound(what) {
  const { page } = view
  await drawn(page)
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate(() => window.scrollTo(0, 0))
    assert.deepEqual(await axe(page), [], `${what} at ${width}`)
    assert.equal(await scrollsSideways(page), false, `${what} at ${width}`)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

describe('the assistant', () => {
  test('is asked over any page', async () => {
    const { page } = view
    await page.getByRole('link', { name: 'Orders', exact: true }).click()
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Ask the assistant' }).click()
    const panel = page.getByRole('dialog', { name: 'Assistant' })
    await panel.getByText('What do you want to know?').waitFor()
    await sound('the drawer')
    await shoot('drawer-start')
    await panel.getByRole('textbox', { name: 'Your question' }).fill('Net sales by day in the last 30 days')
    await page.keyboard.press('Enter')
    await panel.getByRole('figure').first().waitFor()
    await sound('an answer in the drawer')
    await shoot('drawer-answer')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
  })

  test('is one press away and begins with questions', async () => {
    const { page } = view
    await page.getByRole('link', { name: 'Assistant' }).click()
    await page.getByRole('heading', { name: 'What do you want to know?' }).waitFor()
    await sound('the start')
    await shoot('start')
  })

  test('tells what the report tells, with its source and its days as a chart', async () => {
    const { page } = view
    const answer = await ask('Net sales by day in the last 30 days')
    await page.getByRole('figure').first().waitFor()
    const report = await read('/v1/reports/profit?by=day')
    const whole = Math.trunc(Number(report.total.net_sales)).toLocaleString('en-US')
    assert.ok((await answer.textContent()).includes(whole), `${whole}: ${await answer.textContent()}`)
    await sound('an answer with a chart')
    await shoot('chart')
    const [conversation] = (await read('/agents/sessions')).sessions
    assert.equal(conversation.title, 'Net sales by day in the last 30 days')
    await answer.getByRole('link', { name: 'Where it comes from' }).click()
    await page.getByRole('heading', { name: 'Pulse' }).waitFor()
    await page.goBack()
  })

  test('ranks products, and explains what profit changed by', async () => {
    const { page } = view
    const ranked = await ask('Top 10 products by net sales this year')
    await ranked.getByRole('table').waitFor()
    assert.ok((await ranked.getByRole('row').count()) > 3)
    const why = await ask('Why did profit change in the last 14 days?')
    await why.getByRole('table').waitFor()
    assert.match(await why.textContent(), /What changed most/)
    await sound('answers with tables')
    await shoot('tables')
    await page.reload()
    await page.getByRole('table').nth(1).waitFor()
  })

  test('answers each question of the command center, or says why it cannot', async () => {
    const questions = [
      'What needs me now?',
      'What did the agents do overnight?',
      'Which ads lose money?',
      'What runs out, what must I order, can I afford it?',
      'Did a supplier change price?',
      'Which orders are stuck?',
      'What should I sell next?',
      'Is the machine healthy and the data fresh?',
    ]
    for (const question of questions) {
      const answer = await ask(question)
      const text = await answer.textContent()
      assert.ok(text.length > 20 && !/could not look|do not understand/.test(text), `${question}: ${text}`)
    }
    await sound('many answers')
    await shoot('questions')
  })

  test('asks back what it does not understand, and changes nothing', async () => {
    const odd = await ask('What is the weather in Berlin?')
    assert.match(await odd.textContent(), /do not understand/)
    const sets = (await read('/v1/change-sets')).total
    const command = await ask('Raise all prices by 10 %')
    assert.match(await command.textContent(), /I change nothing/)
    assert.equal((await read('/v1/change-sets')).total, sets)
    await shoot('asked-back')
  })

  test('forgets a conversation', async () => {
    const { page } = view
    const forget = page.getByRole('button', { name: 'Forget this conversation' })
    await forget.click()
    await page.getByRole('heading', { name: 'What do you want to know?' }).waitFor()
    // The one that was held in the drawer.
    assert.equal((await read('/agents/sessions')).total, 1)
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first().click()
    await forget.click()
    await page.getByText('What you ask is kept here').waitFor()
    assert.equal((await read('/agents/sessions')).total, 0)
  })
})
