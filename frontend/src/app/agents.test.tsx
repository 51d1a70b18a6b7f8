/** Agents from the list to a run that is watched, settings that are refused, and a rehearsal that is read. */
import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const main = () => within(screen.getByRole('main'))
const card = async (name: string) => within(await screen.findByRole('article', { name }))

type User = ReturnType<typeof renderApp>['user']

function signInAs(role: string, permissions: string[]) {
  backend.server.use(
    http.get('*/v1/auth/me', () =>
      HttpResponse.json({
        user: { id: 'user_9', email: 'vic@hearth.example', role },
        workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
        permissions,
        csrf_token: 'csrf-of-the-mock',
      }),
    ),
  )
}

async function stopThisAgent(user: User) {
  await user.click(await screen.findByRole('button', { name: 'Stop this agent' }))
  const sheet = within(await screen.findByRole('alertdialog', { name: 'Emergency stop' }))
  expect(sheet.getByLabelText('What is stopped')).toHaveProperty('value', 'agent/pricing_optimizer')
  await user.type(sheet.getByLabelText('Why'), 'Odd prices')
  await user.click(sheet.getByRole('button', { name: 'Stop now' }))
}

describe('the agents', () => {
  it('say what each decides, how it stands, when it runs next, and what waits', async () => {
    backend.start('ready')
    renderApp(APP, '/agents')
    const pricing = await card('Pricing optimizer')
    expect(pricing.getByText(/Which prices to change within margin floors/)).toBeTruthy()
    expect(pricing.getByText('Idle')).toBeTruthy()
    expect(pricing.getByText('Every day at 06:00')).toBeTruthy()
    expect(pricing.getByText(/^next /)).toBeTruthy()
    expect(pricing.getByText(/96\.8/)).toBeTruthy()
    const orders = await card('Order management')
    expect(orders.getByText('No recent run')).toBeTruthy()
    expect(orders.getByText('Every 15 minutes')).toBeTruthy()
    expect(orders.getByText('By hand only')).toBeTruthy()
    expect(orders.getByText('does not start by itself')).toBeTruthy()
    expect(orders.getByText('no runs in 30 days')).toBeTruthy()
  })

  it('lead to what waits, filtered to the one that proposed it', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/agents')
    await user.click((await card('Pricing optimizer')).getByRole('link', { name: '1 proposal' }))
    expect(await screen.findByText('Clear the slow movers')).toBeTruthy()
    expect(screen.queryByText('Raise three prices by 6 %')).toBeNull()
    expect(router.state.location.search).toMatchObject({ agent: 'pricing_optimizer', status: 'proposed' })
  })

  it('are read by a viewer, who runs and changes nothing', async () => {
    backend.start('ready')
    signInAs('viewer', ['agents:read', 'changes:read'])
    renderApp(APP, '/agents/pricing_optimizer/settings')
    expect(await screen.findByText(/Admins may change them/)).toBeTruthy()
    expect(screen.getByLabelText('Minimum margin').closest('fieldset')).toHaveProperty('disabled', true)
    expect(screen.queryByRole('button', { name: /^Run now/ })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Stop this agent' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Save the settings' })).toBeNull()
    expect(screen.queryByRole('link', { name: 'Jobs' })).toBeNull()
  })

  it('say so when they cannot be loaded, and when there is no such one', async () => {
    backend.start('ready')
    renderApp(APP, '/agents/nobody')
    expect(await screen.findByText('There is no such agent')).toBeTruthy()
  })
})

describe('a run', () => {
  it('is started, watched from the queue to its end with its log, and replayed', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/agents')
    await user.click((await card('Pricing optimizer')).getByRole('button', { name: /^Run now/ }))
    await screen.findByRole('heading', { name: 'Run of Pricing optimizer' })
    expect(router.state.location.pathname).toMatch(/^\/runs\/run_/)
    const log = within(screen.getByRole('log', { name: 'Log' }))
    expect(await screen.findByText('Running')).toBeTruthy()
    expect(await log.findByText('gather: begins')).toBeTruthy()
    expect(await screen.findByText('Succeeded')).toBeTruthy()
    expect(await log.findByText('propose: nothing was proposed')).toBeTruthy()
    expect(log.getAllByText('gather: begins').length).toBe(1)
    expect(main().getByText('It found nothing to change.')).toBeTruthy()
    await user.click(main().getByRole('button', { name: 'Replay it' }))
    expect(await screen.findByText('The same, bit for bit')).toBeTruthy()
  }, 30_000)

  it('that is under way is shown where another would be started', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/agents/pricing_optimizer')
    const start = await screen.findByRole('button', { name: /^Run now/ })
    const busy = { title: 'Conflict', status: 409, detail: 'a run of it is under way', run_id: 'run_7' }
    backend.server.use(http.post('*/v1/agents/:id/run', () => HttpResponse.json(busy, { status: 409 })))
    await user.click(start)
    await waitFor(() => expect(router.state.location.pathname).toBe('/runs/run_7'))
  })

  it('is cancelled', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/agents/pricing_optimizer')
    await user.click(await screen.findByRole('button', { name: /^Run now/ }))
    await user.click(await screen.findByRole('button', { name: 'Cancel the run' }))
    expect(await screen.findByText('Cancelled')).toBeTruthy()
    expect(screen.getByText(/nothing came of it/)).toBeTruthy()
  }, 20_000)

  it('leads to what it proposed, and says when it does not come to the same again', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/runs/run_7')
    const proposal = await screen.findByRole('link', { name: 'Clear the slow movers' })
    expect(screen.getByText('16 things looked at')).toBeTruthy()
    expect(screen.getByText('9f2c9f2c9f2c9f2c')).toBeTruthy()
    await user.click(proposal)
    expect(router.state.location.pathname).toBe('/change-sets/set_2')
    await router.navigate({ to: '/runs/$id', params: { id: 'run_5' } })
    await user.click(await screen.findByRole('button', { name: 'Replay it' }))
    expect(await screen.findByText('It does not come to the same')).toBeTruthy()
    await router.navigate({ to: '/runs/$id', params: { id: 'run_3' } })
    await waitFor(() => expect(screen.queryByText('It does not come to the same')).toBeNull())
    await user.click(await screen.findByRole('button', { name: 'Replay it' }))
    expect(await screen.findByText(/cannot be replayed any more/)).toBeTruthy()
  })

  it('that failed says why; the log marks its errors', async () => {
    backend.start('ready')
    renderApp(APP, '/runs/run_4')
    expect(await screen.findByText('The shop did not answer in time while stock was read.')).toBeTruthy()
    const log = within(screen.getByRole('log', { name: 'Log' }))
    expect((await log.findByText(/error:/)).textContent).toBe('error: ')
    expect(screen.getByText('none were gathered')).toBeTruthy()
  })

  it('is found among all runs by its state', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/agents/pricing_optimizer/runs')
    const table = within(await screen.findByRole('table', { name: 'Runs' }))
    expect(table.getByText('Waits for approval', { selector: 'td *' })).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('Status'), 'dead')
    expect(await screen.findByText('1 run')).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ status: 'dead' })
    await user.selectOptions(screen.getByLabelText('Kind'), 'rehearse')
    expect(await screen.findByText('No run is like that')).toBeTruthy()
  })
})

describe('what an agent changed', () => {
  it('stands with what was predicted and what was measured, and is taken back', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/agents/pricing_optimizer')
    const table = within(await screen.findByRole('table', { name: 'Predicted and measured' }))
    expect(table.getByRole('link', { name: 'Back to the list price' })).toBeTruthy()
    expect(table.getByText('+$48.50')).toBeTruthy()
    expect(screen.getByText('5 of 6 measured, half a year')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Propose the undos' }))
    expect(await screen.findByText('Choose a day.')).toBeTruthy()
    await user.type(screen.getByLabelText('Take back all since'), '2026-01-01')
    await user.click(screen.getByRole('button', { name: 'Propose the undos' }))
    expect(await screen.findByText('1 undo waits in the inbox.')).toBeTruthy()
  })
})

describe('stopping one agent', () => {
  it('names it, keeps it from running with the reason, and is lifted', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/agents/pricing_optimizer')
    await stopThisAgent(user)
    expect(await screen.findByText('The agent Pricing optimizer is stopped.')).toBeTruthy()
    expect(await main().findByText('This agent is stopped')).toBeTruthy()
    const start = screen.getByRole('button', { name: /^Run now/ })
    expect(start).toHaveProperty('disabled', true)
    expect(screen.queryByRole('button', { name: 'Stop this agent' })).toBeNull()
    await user.click(main().getByRole('button', { name: 'Lift it' }))
    const lift = within(await screen.findByRole('alertdialog', { name: 'Lift the stop' }))
    await user.type(lift.getByLabelText('Why'), 'Checked')
    await user.click(lift.getByRole('button', { name: 'Lift it' }))
    await waitFor(() => expect(start).toHaveProperty('disabled', false))
  }, 20_000)

  it('is told where it is found out only by trying', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/agents/pricing_optimizer')
    const start = await screen.findByRole('button', { name: /^Run now/ })
    backend.server.use(
      http.post('*/v1/agents/:id/run', () =>
        HttpResponse.json(
          { title: 'Locked', status: 423, detail: 'it is stopped: Odd prices' },
          { status: 423 },
        ),
      ),
    )
    await user.click(start)
    expect(await screen.findByText('It is stopped: Odd prices')).toBeTruthy()
  })
})

describe('the settings of an agent', () => {
  const open = async () => {
    backend.start('ready')
    const rendered = renderApp(APP, '/agents/pricing_optimizer/settings')
    await screen.findByLabelText('Minimum margin')
    return rendered
  }
  const save = (user: User) => user.click(screen.getByRole('button', { name: 'Save the settings' }))

  it('are typed in the units that people use, and sent in those of the API', async () => {
    const { user } = await open()
    let sent: unknown
    backend.server.events.on('request:start', async ({ request }) => {
      if (request.method === 'PUT') sent = await request.clone().json()
    })
    const margin = screen.getByLabelText('Minimum margin')
    expect(margin).toHaveProperty('value', '20')
    expect(screen.getByLabelText('Elasticity assumed')).toHaveProperty('value', '-1.5')
    expect(screen.getByLabelText('Smallest gain')).toHaveProperty('value', '5')
    expect(screen.getByText(/From \$0\.00 to \$100,000\.00; \$5\.00 where nothing is set/)).toBeTruthy()
    await user.clear(margin)
    await user.type(margin, '22.5')
    await user.click(screen.getByRole('checkbox', { name: /End on \.99/ }))
    await user.type(screen.getByLabelText('Why'), 'Rent')
    await save(user)
    expect(await screen.findByText(/Version 4, stored by .*“Rent”/)).toBeTruthy()
    expect(sent).toEqual({
      version: 3,
      reason: 'Rent',
      values: { minimum_margin: 2250, round_to_99: false, left_alone: ['gift card', 'clearance'] },
    })
  }, 20_000)

  it('that are out of range say so at the field, in its unit', async () => {
    const { user } = await open()
    const margin = screen.getByLabelText('Minimum margin')
    await user.clear(margin)
    await user.type(margin, '95')
    await save(user)
    expect(await screen.findByText(/^Out of range: from 0.% to 90.%\.$/)).toBeTruthy()
    expect(margin.getAttribute('aria-invalid')).toBe('true')
    await waitFor(() => expect(document.activeElement).toBe(margin))
    expect(screen.getByText('Nothing was stored: look at what is marked above.')).toBeTruthy()
    await user.clear(margin)
    await user.type(margin, 'lots')
    await save(user)
    expect(await screen.findByText('This is no such number.')).toBeTruthy()
  }, 20_000)

  it('take a pattern of one’s own, and say what is wrong with it', async () => {
    const { user } = await open()
    await user.selectOptions(screen.getByLabelText('Schedule'), 'own')
    const pattern = screen.getByLabelText('Pattern')
    await user.clear(pattern)
    await user.type(pattern, '30 7 * * 1')
    expect(screen.getByText('Every Monday at 07:30')).toBeTruthy()
    await user.clear(pattern)
    await user.type(pattern, 'never')
    await user.clear(screen.getByLabelText('Writes a day'))
    await user.type(screen.getByLabelText('Writes a day'), '40')
    await save(user)
    expect(await screen.findByText('Is no cron pattern')).toBeTruthy()
  }, 20_000)

  it('let it act only after a rehearsal of the policy as it is set, with a reason', async () => {
    const { user } = await open()
    await user.click(screen.getByRole('radio', { name: /^Act/ }))
    await save(user)
    expect(await screen.findByText('Say why it may act: others will read it.')).toBeTruthy()
    await user.type(screen.getByLabelText('Why'), 'It was right for a month')
    await save(user)
    await user.click(await screen.findByRole('link', { name: 'To the rehearsals' }))
    await user.click(await screen.findByRole('button', { name: 'Rehearse' }))
    expect(await screen.findByText('Against doing nothing')).toBeTruthy()
    const tabs = within(screen.getByRole('navigation', { name: 'Pages of Pricing optimizer' }))
    await user.click(tabs.getByRole('link', { name: 'Settings' }))
    await user.click(await screen.findByRole('radio', { name: /^Act/ }))
    await user.type(screen.getByLabelText('Why'), 'Rehearsed')
    await save(user)
    expect(await screen.findByText(/Version 4/)).toBeTruthy()
    expect(screen.getByRole('radio', { name: /^Act/ })).toHaveProperty('checked', true)
  }, 40_000)

  it('that somebody else stored meanwhile are told, and what was typed stays until it is given up', async () => {
    const { user } = await open()
    const cool = screen.getByLabelText('Cool-down')
    await user.clear(cool)
    await user.type(cool, '24')
    await fetch('http://localhost/v1/agents/pricing_optimizer', {
      method: 'PUT',
      body: JSON.stringify({ version: 3, values: { cool_down: 96 }, reason: 'Calmer' }),
    })
    await save(user)
    expect(await screen.findByText(/The settings were changed meanwhile; look/)).toBeTruthy()
    expect(await screen.findByText(/stored version 4: “Calmer”/)).toBeTruthy()
    expect(screen.getByLabelText('Cool-down')).toHaveProperty('value', '24')
    await user.click(screen.getByRole('button', { name: 'Show what is stored now' }))
    expect(screen.getByLabelText('Cool-down')).toHaveProperty('value', '96')
  }, 20_000)
})

describe('a rehearsal', () => {
  it('says why one rehearses first, and what it came to', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/agents/pricing_optimizer/rehearsals')
    expect(await screen.findByText('Not rehearsed yet')).toBeTruthy()
    expect(screen.getByText(/knowing only what was known then/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Rehearse' }))
    expect(await screen.findByRole('progressbar', { name: 'Days rehearsed' })).toBeTruthy()
    expect(await screen.findByText('Against doing nothing')).toBeTruthy()
    expect(screen.getByText(/likely between/)).toBeTruthy()
    expect(screen.getByText('Worst day')).toBeTruthy()
    expect(screen.getByText(/From 9 price changes of your own/)).toBeTruthy()
    expect(screen.getByRole('figure', { name: 'Effect by day' }).textContent).toMatch(/Not known at/)
    const daily = screen.getByRole('figure', { name: 'Proposals by day' })
    expect(daily.textContent).toMatch(/At most 2 on one day \(.*\); none on \d+ of 90 days\./)
    expect(screen.getByRole('table', { name: 'What it would have proposed' })).toBeTruthy()
    expect(screen.getByRole('table', { name: 'All rehearsals' })).toBeTruthy()
  }, 30_000)

  it('outside the orders is refused at the day', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/agents/pricing_optimizer/rehearsals')
    const from = await screen.findByLabelText('From')
    await user.clear(from)
    await user.type(from, '2019-01-01')
    await user.click(screen.getByRole('button', { name: 'Rehearse' }))
    expect(await screen.findByText(/^Your orders begin/)).toBeTruthy()
    expect(from.getAttribute('aria-invalid')).toBe('true')
  })
})

describe('the jobs', () => {
  it('show what goes on, how often it was tried and why it failed, filtered by the address', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/jobs')
    const table = within(await screen.findByRole('table', { name: 'Jobs' }))
    expect(table.getByRole('link', { name: 'supplier-costs-november.csv' })).toBeTruthy()
    expect(table.getAllByText('1,204 of 18,950').length).toBeGreaterThan(0)
    expect(table.getByText('The shop did not answer in time while stock was read')).toBeTruthy()
    await user.selectOptions(screen.getByLabelText('Kind'), 'import')
    expect(await screen.findByText('1 job')).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ kind: 'import' })
    await user.selectOptions(screen.getByLabelText('Status'), 'dead')
    expect(await screen.findByText('No job is like that')).toBeTruthy()
  })

  it('say what becomes one, where there are none', async () => {
    backend.start('ready')
    backend.server.use(http.get('*/jobs', () => HttpResponse.json({ jobs: [], total: 0, next_cursor: null })))
    renderApp(APP, '/jobs')
    expect(await screen.findByText('Nothing was to be done yet')).toBeTruthy()
  })
})

describe('the keyboard', () => {
  it('goes to the agents with g a, and runs one from the palette', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/inbox')
    await screen.findByRole('table', { name: 'Waiting' })
    await user.keyboard('ga')
    await screen.findByRole('heading', { name: 'Agents' })
    await user.keyboard('{Control>}k{/Control}')
    await user.type(await screen.findByRole('combobox'), 'run pricing')
    await screen.findByRole('option', { name: 'Run Pricing optimizer now' })
    await user.keyboard('{Enter}')
    await screen.findByRole('heading', { name: 'Run of Pricing optimizer' })
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull())
    expect(router.state.location.pathname).toMatch(/^\/runs\//)
  }, 20_000)

  it('pauses one from the palette; a refusal stays in it', async () => {
    backend.start('ready')
    backend.server.use(
      http.post('*/v1/agents/:id/run', () =>
        HttpResponse.json(
          { title: 'Too many', status: 429, detail: 'its budget of runs is used up' },
          { status: 429 },
        ),
      ),
    )
    const { user } = renderApp(APP, '/agents')
    await card('Pricing optimizer')
    await user.keyboard('{Control>}k{/Control}')
    await user.type(await screen.findByRole('combobox'), 'run pricing')
    await user.keyboard('{Enter}')
    expect(await screen.findByText('Its budget of runs is used up')).toBeTruthy()
    await user.clear(screen.getByRole('combobox'))
    await user.type(screen.getByRole('combobox'), 'pause agent pricing')
    await user.keyboard('{Enter}')
    const sheet = within(await screen.findByRole('alertdialog', { name: 'Emergency stop' }))
    expect(await sheet.findByRole('option', { name: 'Only the agent Pricing optimizer' })).toHaveProperty(
      'selected',
      true,
    )
  }, 20_000)
})
