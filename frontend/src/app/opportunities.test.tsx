/** What could be sold next: the ranking, why something scores as it does, and what is decided about it. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { addDays, endOfDay, todayIn } from '@/shared/format/time'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }
const RISER = 'Ash wood monitor riser with drawer'
const MAT = 'Linen desk mat, 90 × 40'
const COASTERS = 'Cork coaster set'

async function open(search = '') {
  backend.start('ready')
  const app = renderApp(APP, `/opportunities${search}`)
  const list = within(await screen.findByRole('list', { name: 'Opportunities' }, SLOW))
  return { ...app, list }
}

const card = (title: string | RegExp) => within(screen.getByRole('article', { name: title }))

/** What is sent by a press, in order. */
function watched() {
  const sent: { path: string; body: Record<string, unknown> }[] = []
  backend.server.events.on('request:start', async ({ request }) => {
    if (request.method === 'POST')
      sent.push({ path: new URL(request.url).pathname, body: await request.clone().json() })
  })
  return sent
}

describe('opportunities', () => {
  it('are ranked, with how sure the score is and what the money comes to', async () => {
    const { list } = await open()
    const titles = list.getAllByRole('article').map(one => one.getAttribute('aria-label'))
    expect(titles[0]).toBe(RISER)
    expect(titles.at(-1)).toBe(COASTERS)
    expect(screen.getByText('2 of those that wait have a high potential')).toBeTruthy()
    const first = card(RISER)
    // 64.0 % margin: 100 × 30; market 90 × 20, supplier 95 × 15, delivery 90 × 10, of the 75 that are known.
    expect(first.getByText('95')).toBeTruthy()
    expect(first.getByText('of 100, between 71 – 96')).toBeTruthy()
    expect(first.getByText('75 % known · high from 75')).toBeTruthy()
    expect(first.getByText('$69.90')).toBeTruthy()
    // 18.40 + 4.20 + 2.33 fees.
    expect(first.getByText('$24.93')).toBeTruthy()
    expect(first.getByText('64.3 %')).toBeTruthy()
    expect(first.getByText('$44.97')).toBeTruthy()
    expect(first.getByText('Sent to United States, Canada, Germany')).toBeTruthy()
  })

  it('name the reason where a figure has no source, instead of one', async () => {
    await open()
    const last = card(COASTERS)
    const why = "Not known: The supplier's list has no shipping cost."
    expect(last.getAllByRole('button', { name: why }).length).toBe(3)
    expect(last.getByText('15 % known · high from 75')).toBeTruthy()
    expect(last.queryByText('$0.00')).toBeNull()
  })

  it('are narrowed by score, margin, country, supplier and status', async () => {
    const { user, router } = await open()
    await user.selectOptions(screen.getByLabelText('Score'), '75')
    await waitFor(() => expect(screen.queryByRole('article', { name: COASTERS })).toBeNull(), SLOW)
    await user.selectOptions(screen.getByLabelText('Sent to'), 'DE')
    await waitFor(() => expect(screen.getAllByRole('article').length).toBe(1), SLOW)
    expect(router.state.location.search).toMatchObject({ score: '75', ships_to: 'DE' })
    await user.selectOptions(screen.getByLabelText('Margin'), '60')
    await user.selectOptions(screen.getByLabelText('Supplier'), 'Nordlys Studio')
    expect(screen.getByRole('article', { name: RISER })).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('Status'), 'rejected')
    await user.click(await screen.findByRole('button', { name: 'Clear the filters' }, SLOW))
    await waitFor(() => expect(screen.getAllByRole('article').length).toBe(4), SLOW)
  })

  it('stand as a table too', async () => {
    const { user } = await open()
    await user.click(screen.getByRole('button', { name: 'View as table' }))
    const table = within(await screen.findByRole('table', { name: 'Opportunities' }, SLOW))
    const row = within(table.getByRole('row', { name: new RegExp(RISER) }))
    expect(row.getByText('71 – 96')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'View as cards' }))
    expect(await screen.findByRole('list', { name: 'Opportunities' }, SLOW)).toBeTruthy()
  })

  it('say how each came by its score and its cost', async () => {
    const { user } = await open()
    await user.click(card(RISER).getByRole('link', { name: RISER }))
    const factors = within(await screen.findByRole('list', { name: 'Factors of the score' }, SLOW))
    expect(factors.getByText('5 of 6 own products of the type sold')).toBeTruthy()
    expect(factors.getByText('Left out: No source of trends is connected.')).toBeTruthy()
    expect(factors.getByText('Its weight of 25 % is shared by the others')).toBeTruthy()
    expect(factors.getByText('Weight 30 %, counts 40 % here')).toBeTruthy()
    expect(factors.getByText('From own sales of the last 90 days')).toBeTruthy()
    const money = within(screen.getByRole('table', { name: 'Landed cost' }))
    expect(within(money.getByRole('row', { name: /^Product/ })).getByText('$18.40')).toBeTruthy()
    expect(
      within(money.getByRole('row', { name: /^Duties/ })).getByRole('button', {
        name: 'Not known: No source tells duties.',
      }),
    ).toBeTruthy()
    const figure = screen.getByRole('figure', { name: 'Landed cost against the price' })
    expect(figure.textContent).toContain('Of a price of $69.90, it costs $24.93')
    const offers = within(screen.getByRole('list', { name: 'Offers' }))
    expect(offers.getByRole('link', { name: 'To the offer' }).getAttribute('rel')).toContain('noopener')
  })

  it('of which a cost is missing never show what would be left', async () => {
    const { user } = await open()
    await user.click(card(COASTERS).getByRole('link', { name: COASTERS }))
    const figure = within(await screen.findByRole('figure', { name: 'Landed cost against the price' }, SLOW))
    expect(figure.getByText(/^The whole cost is not known/)).toBeTruthy()
    expect(figure.queryByText('Left')).toBeNull()
    expect(figure.getByText('Not known')).toBeTruthy()
  })

  it('are launched as a draft, which is a change-set to approve', async () => {
    const { user, router } = await open()
    const sent = watched()
    await user.click(card(RISER).getByRole('button', { name: /^Launch as draft/ }))
    const dialog = within(await screen.findByRole('dialog', { name: `Launch “${RISER}” as draft` }, SLOW))
    const price = dialog.getByLabelText('Price (USD)')
    expect(price).toHaveProperty('value', '69.90')
    await user.clear(price)
    await user.click(dialog.getByRole('button', { name: 'Propose the draft' }))
    expect(await dialog.findByText('An amount in USD.')).toBeTruthy()
    await user.type(price, '64.50')
    await user.click(dialog.getByRole('button', { name: 'Propose the draft' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/change-sets/set_1'), SLOW)
    expect(sent[0]).toEqual({
      path: '/v1/opportunities/opp_1/approve',
      body: { version: 0, price: '64.50', title: null, reason: null },
    })
    backend.server.events.removeAllListeners()
  })

  it('that cannot become a draft say what is missing', async () => {
    const { user } = await open()
    await user.click(card(/^Brass desk lamp/).getByRole('button', { name: /^Launch as draft/ }))
    const dialog = within(await screen.findByRole('dialog', { name: /^Launch “Brass/ }, SLOW))
    await user.click(dialog.getByRole('button', { name: 'Propose the draft' }))
    expect(await dialog.findByText('Has only a range of prices: a draft needs one', {}, SLOW)).toBeTruthy()
  })

  it('are rejected with a reason, and stand under what was rejected', async () => {
    const { user } = await open()
    await user.click(card(MAT).getByRole('button', { name: /^Reject/ }))
    const dialog = within(await screen.findByRole('dialog', { name: `Reject “${MAT}”` }, SLOW))
    await user.click(dialog.getByRole('button', { name: 'Reject it' }))
    expect(await dialog.findByText('Say why.')).toBeTruthy()
    await user.type(dialog.getByLabelText('Why'), 'we have one already')
    await user.click(dialog.getByRole('button', { name: 'Reject it' }))
    await waitFor(() => expect(screen.queryByRole('article', { name: MAT })).toBeNull(), SLOW)
    await user.selectOptions(screen.getByLabelText('Status'), 'rejected')
    await screen.findByRole('article', { name: MAT }, SLOW)
    expect(card(MAT).getByText(/“we have one already”/)).toBeTruthy()
    expect(card(MAT).queryByRole('button', { name: /^Reject/ })).toBeNull()
  })

  it('are put off until a day of the store begins', async () => {
    const { user } = await open()
    const sent = watched()
    await user.click(card(MAT).getByRole('button', { name: /^Put off/ }))
    const dialog = within(await screen.findByRole('dialog', { name: `Put off “${MAT}”` }, SLOW))
    const day = dialog.getByLabelText('It waits again on')
    const today = todayIn('America/New_York')
    await user.clear(day)
    await user.type(day, today)
    await user.click(dialog.getByRole('button', { name: 'Put it off' }))
    expect(await dialog.findByText('A day from tomorrow on, within a year.')).toBeTruthy()
    await user.clear(day)
    await user.type(day, addDays(today, 10))
    await user.click(dialog.getByRole('button', { name: 'Put it off' }))
    await waitFor(() => expect(screen.queryByRole('article', { name: MAT })).toBeNull(), SLOW)
    const begins = endOfDay(addDays(today, 9), 'America/New_York').toISOString()
    expect(sent[0]?.body).toEqual({ version: 0, until: begins, reason: null })
    backend.server.events.removeAllListeners()
  })

  it('that somebody else decided about meanwhile are not decided on twice', async () => {
    const { user } = await open()
    await user.click(card(MAT).getByRole('button', { name: /^Reject/ }))
    const dialog = within(await screen.findByRole('dialog', {}, SLOW))
    await fetch('http://localhost/v1/opportunities/opp_2/snooze', {
      method: 'POST',
      body: JSON.stringify({ version: 0, until: endOfDay('2999-01-01', 'UTC').toISOString() }),
    })
    await user.type(dialog.getByLabelText('Why'), 'no')
    await user.click(dialog.getByRole('button', { name: 'Reject it' }))
    expect(await dialog.findByText(/Somebody else decided about it meanwhile/, {}, SLOW)).toBeTruthy()
  })

  it('are only looked at by those who may not decide', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/auth/me', () =>
        HttpResponse.json({
          user: { id: 'user_9', email: 'vic@hearth.example', role: 'viewer' },
          workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
          permissions: ['opportunities:read'],
          csrf_token: 'csrf-of-the-mock',
        }),
      ),
    )
    renderApp(APP, '/opportunities')
    await screen.findByRole('article', { name: RISER }, SLOW)
    for (const name of [/^Launch/, /^Reject/, /^Put off/])
      expect(screen.queryByRole('button', { name })).toBeNull()
    expect(screen.queryByRole('link', { name: 'Import a catalogue' })).toBeNull()
  })

  it('are scored as it is set, by those who may', async () => {
    const { user } = await open()
    await user.click(screen.getByRole('button', { name: 'How it is scored' }))
    const panel = within(await screen.findByRole('dialog', { name: 'How it is scored' }, SLOW))
    const trend = panel.getByLabelText('Trend')
    await user.clear(trend)
    await user.type(trend, '5')
    expect(panel.getByText('Together 80 %: they have to add up to 100.')).toBeTruthy()
    const margin = panel.getByLabelText('Margin')
    await user.clear(margin)
    await user.type(margin, '50')
    const high = panel.getByLabelText('High potential from')
    await user.clear(high)
    await user.type(high, '120')
    await user.click(panel.getByRole('button', { name: 'Save and score again' }))
    expect(panel.getByText('A whole number from 0 to 100.')).toBeTruthy()
    await user.clear(high)
    await user.type(high, '80')
    await user.click(panel.getByRole('button', { name: 'Save and score again' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), SLOW)
    expect((await screen.findAllByText(/high from 80$/, {}, SLOW)).length).toBe(4)
  })

  it('before there are any lead to the import of a catalogue', async () => {
    backend.start('ready')
    const nothing = { opportunities: [], total: 0, high_potential: 0, next_cursor: null, timestamp: '' }
    backend.server.use(http.get('*/v1/opportunities', () => HttpResponse.json(nothing)))
    const { user, router } = renderApp(APP, '/opportunities')
    expect(await screen.findByText('No supplier’s catalogue is here yet', {}, SLOW)).toBeTruthy()
    const file = new File(['Title,Cost\nRiser,18.40\n'], 'catalogue.csv', { type: 'text/csv' })
    await user.upload(screen.getByLabelText('CSV file'), file)
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/imports\//), SLOW)
  })

  it('say what went wrong, and try again', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/opportunities', () => HttpResponse.json({ title: 'No', status: 503 }, { status: 503 }), {
        once: true,
      }),
    )
    const { user } = renderApp(APP, '/opportunities')
    await user.click(await screen.findByRole('button', { name: 'Try again' }, SLOW))
    expect(await screen.findByRole('article', { name: RISER }, SLOW)).toBeTruthy()
  })
})

describe('a supplier’s catalogue', () => {
  it('is imported like any other file, and leads to what it brought', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/imports')
    const input = await screen.findByLabelText('CSV file', {}, SLOW)
    await user.upload(input, new File(['Title,Cost\nRiser,18.40\n'], 'catalogue.csv', { type: 'text/csv' }))
    expect(await screen.findByText(/^Supplier catalogue · /, {}, SLOW)).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: 'Check the file' }))
    await user.click(await screen.findByLabelText('Spocket', {}, SLOW))
    await user.click(screen.getByLabelText('A part: what it does not name stays as it is'))
    await user.click(screen.getByRole('button', { name: 'Go on with the check' }))
    await user.click(await screen.findByRole('button', { name: 'Import 1,204' }, SLOW))
    const link = await screen.findByRole('link', { name: 'See the opportunities' }, SLOW)
    expect(link.getAttribute('href')).toContain('/opportunities?store=store_1')
  })
})

describe('research', () => {
  it('tells how right it was, with the interval, and what is watched with what it lacks', async () => {
    const { user } = await open()
    await user.click(screen.getByRole('button', { name: 'Watch list' }))
    const panel = within(await screen.findByRole('dialog', { name: 'Watch list' }, SLOW))
    expect(await panel.findByText(/38\s%\s\(3 of 8; 14 – 69\s%/)).toBeTruthy()
    expect(panel.getByText('−3.5 points')).toBeTruthy()
    expect(panel.getAllByText('Its margin is 28.1 % of 30.0 %.').length).toBeGreaterThan(0)
    expect(panel.getByRole('link', { name: COASTERS })).toBeTruthy()
  })

  it('names the picture by which two offers are one thing', async () => {
    backend.start('ready')
    const found = await (await fetch('http://localhost:3000/v1/opportunities/opp_2')).json()
    const lead = found.supplier_leads[0]
    const same = [
      {
        supplier_product_id: lead.supplier_product_id,
        by: 'image',
        barcode: null,
        words: 66,
        picture_bits: 3,
      },
    ]
    const two = {
      ...found,
      supplier_leads: [lead, { ...lead, supplier_product_id: 'sp_9', supplier: 'Zeta', same }],
    }
    backend.server.use(http.get('*/v1/opportunities/:id', () => HttpResponse.json(two)))
    renderApp(APP, '/opportunities/opp_2')
    const offers = within(await screen.findByRole('list', { name: 'Offers' }, SLOW))
    const why = /^Nearly the same picture as .+’s offer, and 66\s% of the words in its title$/
    expect(offers.getByText(why)).toBeTruthy()
    const pictures = offers.getAllByRole('img').map(one => one.getAttribute('src'))
    expect(pictures).toEqual(['/v1/supplier-products/sp_2/image', '/v1/supplier-products/sp_9/image'])
  })

  it('takes an offer apart from the others, and takes that back', async () => {
    backend.start('ready')
    const found = await (await fetch('http://localhost:3000/v1/opportunities/opp_1')).json()
    const lead = found.supplier_leads[0]
    const same = [
      { supplier_product_id: lead.supplier_product_id, by: 'near_title', barcode: null, words: 92 },
    ]
    const two = {
      ...found,
      supplier_leads: [lead, { ...lead, supplier_product_id: 'sp_9', supplier: 'Zeta', same }],
    }
    backend.server.use(http.get('*/v1/opportunities/:id', () => HttpResponse.json(two)))
    const sent = watched()
    const { user } = renderApp(APP, '/opportunities/opp_1')
    const offers = within(await screen.findByRole('list', { name: 'Offers' }, SLOW))
    expect(offers.getByText(/^92\s% of the words in its title are those of .+’s offer$/)).toBeTruthy()
    await user.click(offers.getAllByRole('button', { name: 'It is another thing' })[1] as HTMLElement)
    const popup = within(await screen.findByRole('dialog', { name: 'It is another thing' }, SLOW))
    await user.type(popup.getByLabelText('Why'), 'another size')
    await user.click(popup.getByRole('button', { name: 'Take it apart' }))
    await waitFor(() => expect(sent.length).toBe(1))
    expect(sent[0]?.body).toMatchObject({
      product_id: 'sp_9',
      other_ids: [lead.supplier_product_id],
      verdict: 'different',
      reason: 'another size',
    })
  })
})
