/** From a supplier's file to a draft in the shop: imported, scored with its sources, put off, rejected, and launched as draft. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { axe } from './browser.mjs'
import { asOwner } from './owner.mjs'

const LIST = `Product ID,Supplier,Title,Variant SKU,You Pay,Currency,In Stock,Shipping Cost,Shipping Time,Ships To,Suggested Price,Rating
L-1,Acme,Ash Monitor Riser,L-1-A,8.00,USD,1,0.00,2-4,,40.00,4.8
L-2,Acme,Linen Mat,L-2-A,1.20-3.50,USD,0,2.00,5-9,US,12.00,4.8
L-3,Zeta,Cork Bowl,L-3-A,9.00,USD,,3.00,20-40,US,10.00,3.0
L-4,Zeta,Brass Lamp,L-4-A,7.00,USD,null,,12-50,,40.00,
`
const RISER = 'Ash Monitor Riser'

const owner = asOwner({ sandboxArgs: ['--size', '400'] })
const { read, sound } = owner

/** What was written to the shop. */
async function written() {
  const { writes } = await (await fetch(`${owner.servers.sandboxUrl}/__writes`)).json()
  return writes
}

const card = title => owner.view.page.getByRole('article', { name: title, exact: true })

describe('a supplier’s catalogue', () => {
  test('is asked for where there is none', async () => {
    const { page } = owner.view
    await page.goto(`${owner.servers.base}/opportunities`)
    await page.getByText('No supplier’s catalogue is here yet').waitFor()
    await sound('without opportunities')
  })

  test('says what only a person knows, and is imported', async () => {
    const { page } = owner.view
    await page
      .getByLabel('CSV file')
      .setInputFiles({ name: 'offers.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) })
    await page.getByText(/^Supplier catalogue · /).waitFor()
    await page.getByRole('button', { name: 'Check the file' }).click()
    await page.getByLabel('Spocket', { exact: true }).check()
    await page.getByLabel('A part: what it does not name stays as it is').check()
    await sound('the questions of a catalogue')
    await page.getByRole('button', { name: 'Go on with the check' }).click()
    await page.getByRole('button', { name: /^Import \d/ }).click()
    await page.getByRole('link', { name: 'See the opportunities' }).click()
    await card(RISER).waitFor()
    const { opportunities, total } = await read('/v1/opportunities')
    assert.equal(total, 4)
    const shown = await page.getByRole('article').evaluateAll(all => all.map(one => one.ariaLabel))
    assert.deepEqual(
      shown,
      opportunities.map(one => one.title),
    )
    await sound('the opportunities')
  })
})

describe('an opportunity', () => {
  test('says what it is scored by, and what has no source', async () => {
    const { page } = owner.view
    const { opportunities } = await read('/v1/opportunities')
    const found = opportunities.find(one => one.title === RISER)
    await card(RISER).getByRole('link', { name: RISER }).click()
    const factors = page.getByRole('list', { name: 'Factors of the score' })
    await factors.getByText('Left out: No source of trends is connected.').waitFor()
    await factors.getByText('4.80 of 5').waitFor()
    const costs = page.getByRole('table', { name: 'Landed cost' })
    assert.match(await costs.getByRole('row', { name: /^Product/ }).innerText(), /\$8\.00/)
    const total = costs.getByRole('row', { name: /^Landed cost/ })
    assert.ok(found.landed_cost.total.value, JSON.stringify(found.landed_cost))
    assert.ok((await total.innerText()).includes(found.landed_cost.total.value), await total.innerText())
    await sound('an opportunity')
  })

  test('is rejected with a reason, or put off until a day', async () => {
    const { page } = owner.view
    await page.goto(`${owner.servers.base}/opportunities`)
    await card('Cork Bowl')
      .getByRole('button', { name: /^Reject/ })
      .click()
    await page.getByRole('dialog').getByLabel('Why').fill('arrives too late')
    await page.getByRole('dialog').getByRole('button', { name: 'Reject it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await card('Cork Bowl').waitFor({ state: 'detached' })
    await card('Brass Lamp')
      .getByRole('button', { name: /^Put off/ })
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Put it off' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await card('Brass Lamp').waitFor({ state: 'detached' })
    const { opportunities } = await read('/v1/opportunities')
    const status = title => opportunities.find(one => one.title === title).status
    assert.deepEqual([status('Cork Bowl'), status('Brass Lamp')], ['rejected', 'snoozed'])
    await page.getByLabel('Status').selectOption('rejected')
    await card('Cork Bowl').getByText('“arrives too late”').waitFor()
  })

  test('with a range of prices is not launched, and says so', async () => {
    const { page } = owner.view
    await page.goto(`${owner.servers.base}/opportunities`)
    await card('Linen Mat')
      .getByRole('button', { name: /^Launch as draft/ })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Propose the draft' }).click()
    await dialog.getByRole('alert').first().waitFor()
    owner.view.faults.splice(0)
    assert.deepEqual(await axe(page), [], 'a refused launch')
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    assert.deepEqual(await written(), [])
  })

  test('becomes a draft in the shop once its change-set is approved', async () => {
    const { page } = owner.view
    await card(RISER)
      .getByRole('button', { name: /^Launch as draft/ })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Price/).fill('45.00')
    await dialog.getByRole('button', { name: 'Propose the draft' }).click()
    await page.waitForURL('**/change-sets/**')
    await page.getByRole('table', { name: 'Changes' }).getByText('New product, as a draft').waitFor()
    await page.getByText('Waits', { exact: true }).waitFor()
    assert.deepEqual(await written(), [], 'nothing is written before it is approved')
    await sound('the proposal of a draft')
    await page.getByRole('main').getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Applied and verified').filter({ visible: true }).first().waitFor()
    assert.ok((await written()).length > 0)
    const { opportunities } = await read('/v1/opportunities?status=approved')
    assert.equal(opportunities[0].title, RISER)
    await page.goto(`${owner.servers.base}/opportunities?status=approved`)
    await card(RISER).getByRole('link', { name: 'To its change-set' }).waitFor()
    await sound('what was launched')
  })
})
