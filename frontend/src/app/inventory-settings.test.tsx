/** Settings of the inventory: of the store, of vendors, and of one variant on its page. */
import { act, screen, waitFor, within } from '@testing-library/react'
import { delay, HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import type { InventorySettings } from '@/shared/api/types'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('settings of the inventory', () => {
  it('are read in percent and days, and stored with a new version', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/inventory')
    const level = await screen.findByLabelText('Service level', {}, SLOW)
    expect(level).toHaveProperty('value', '95')
    expect(screen.getByText(/Nobody changed anything yet/)).toBeTruthy()
    await user.clear(level)
    await user.type(level, '97.5')
    await user.type(screen.getByLabelText('Of the store'), '14')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText(/Version 1, set by olivia@hearth\.example/, {}, SLOW)).toBeTruthy()
    expect(screen.getByLabelText('Service level')).toHaveProperty('value', '97.5')
    expect(screen.getByLabelText('Of the store')).toHaveProperty('value', '14')
  })

  it('hold bundles as rows of CSV and a country of holidays', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/inventory')
    const rows = await screen.findByLabelText('Bundle, component, quantity', {}, SLOW)
    await user.type(rows, '90011,90021,0')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText(/^Row 1: a bundle’s number/)).toBeTruthy()
    const file = new File(['bundle,component,quantity\n90011,90021,2\n90011,90031,1\n'], 'bundles.csv')
    await user.upload(screen.getByLabelText('CSV of bundles'), file)
    await waitFor(() => expect(rows).toHaveProperty('value', expect.stringContaining('90031')))
    await user.type(screen.getByLabelText('Country'), 'de')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText(/Version 1, set by/, {}, SLOW)).toBeTruthy()
    const stored = screen.getByLabelText('Bundle, component, quantity')
    expect(stored).toHaveProperty('value', '90011,90021,2\n90011,90031,1')
    expect(screen.getByLabelText('Country')).toHaveProperty('value', 'DE')
  })

  it('take bundles as the shop has them, and name what cannot be used', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/inventory')
    await user.click(await screen.findByRole('button', { name: 'Read from the shop' }, SLOW))
    expect(await screen.findByText(/One bundle of the shop/, {}, SLOW)).toBeTruthy()
    expect(screen.getByText(/has a bundle as a component, and is left out/)).toBeTruthy()
    const rows = screen.getByLabelText('Bundle, component, quantity')
    expect(rows).toHaveProperty('value', '90011,90021,2\n90011,90031,1')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText(/Version 1, set by/, {}, SLOW)).toBeTruthy()
  })

  it('say at the field what is wrong with it, here and from the server', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/inventory')
    const level = await screen.findByLabelText('Service level', {}, SLOW)
    await user.clear(level)
    await user.type(level, '100')
    await user.click(screen.getByRole('button', { name: 'Add a vendor' }))
    const limit = screen.getByLabelText('Above this, an admin')
    await user.clear(limit)
    await user.type(limit, '100')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText('From 50 to 99.9.')).toBeTruthy()
    expect(screen.getByText('Name the vendor.')).toBeTruthy()
    expect(screen.getByText('It is not below the limit before.')).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(level))
    await user.click(screen.getByRole('button', { name: 'Take away vendor 2' }))
    await user.clear(limit)
    await user.type(limit, '10000')
    await user.clear(level)
    await user.type(level, '99')
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText('Needs more stock than anybody has', {}, SLOW)).toBeTruthy()
  })

  it('are not taken for somebody else’s when one saved them oneself, however long the next answer takes', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/inventory')
    const level = await screen.findByLabelText('Service level', {}, SLOW)
    await user.clear(level)
    await user.type(level, '97.5')
    backend.server.use(http.get('*/v1/inventory-settings', () => delay('infinite')))
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    expect(await screen.findByText(/Version 1, set by olivia@hearth\.example/, {}, SLOW)).toBeTruthy()
    expect(screen.getByText('Nothing is changed.')).toBeTruthy()
    expect(screen.queryByText(/set something else meanwhile/)).toBeNull()
  })

  it('are told when somebody else set them, also between one’s own saving and its answer', async () => {
    backend.start('ready')
    const { user, client } = renderApp(APP, '/settings/inventory')
    const level = await screen.findByLabelText('Service level', {}, SLOW)
    await user.clear(level)
    await user.type(level, '97.5')
    const before = await (await fetch('http://localhost/v1/inventory-settings')).json()
    const theirs = { ...before, version: 1, service_level: 0.9, updated_by: 'sam@hearth.example' }
    let answer = () => {}
    const held = new Promise<void>(resolve => {
      answer = resolve
    })
    backend.server.use(
      http.get('*/v1/inventory-settings', () => HttpResponse.json(theirs)),
      http.put('*/v1/inventory-settings', async () => {
        await held
        return HttpResponse.json({ title: 'Refused', status: 409, detail: 'read it again' }, { status: 409 })
      }),
    )
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    await act(async () => {
      await client.refetchQueries({ queryKey: ['inventory-settings'] })
      await delay(1)
    })
    expect(screen.queryByText(/set something else meanwhile/)).toBeNull()
    answer()
    expect(await screen.findByText(/sam@hearth\.example set something else meanwhile/, {}, SLOW)).toBeTruthy()
    expect(level).toHaveProperty('value', '97.5')
    await user.click(screen.getByRole('button', { name: 'Show what is stored now' }))
    expect(screen.getByLabelText('Service level')).toHaveProperty('value', '90')
  })

  it('let go of what is set for a single variant', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/inventory')
    expect(await screen.findByText(/packs of 6, at least 12/, {}, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Take away those of variant 90031' }))
    await user.click(screen.getByRole('button', { name: 'Save the settings' }))
    await waitFor(() => expect(screen.queryByText(/packs of 6/)).toBeNull(), SLOW)
  })

  it('are only read by those who may not change them', async () => {
    backend.start('ready')
    backend.server.use(
      http.get('*/v1/auth/me', () =>
        HttpResponse.json({
          user: { id: 'user_9', email: 'vic@hearth.example', role: 'viewer' },
          workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
          permissions: ['inventory:read'],
          csrf_token: 'csrf-of-the-mock',
        }),
      ),
    )
    renderApp(APP, '/settings/inventory')
    expect(await screen.findByText(/Admins may change them\./, {}, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Save the settings' })).toBeNull()
  })

  it('of one variant stand on its page', async () => {
    backend.start('ready')
    const sent: unknown[] = []
    const { user } = renderApp(APP, '/inventory/90031')
    const section = within(await screen.findByRole('region', { name: 'Set for this variant' }, SLOW))
    const pack = await section.findByLabelText('Comes in packs of', {}, SLOW)
    expect(pack).toHaveProperty('value', '6')
    await user.clear(pack)
    await user.type(pack, '0')
    await user.click(section.getByRole('button', { name: 'Save for this variant' }))
    expect(await section.findByText('A whole number from 1.')).toBeTruthy()
    await user.clear(pack)
    await user.type(pack, '8')
    await user.type(section.getByLabelText('Lead time, days'), '5')
    backend.server.events.on('request:start', async ({ request }) => {
      if (request.method === 'PUT') sent.push(await request.clone().json())
    })
    await user.click(section.getByRole('button', { name: 'Save for this variant' }))
    await waitFor(() => expect(sent.length).toBe(1), SLOW)
    expect(sent[0]).toMatchObject({
      version: 0,
      service_level: 0.95,
      variants: [{ variant_id: '90031', pack: 8, minimum: 12, lead_time: { mean_days: 5, sd_days: 0 } }],
    })
    backend.server.events.removeAllListeners()
  })

  it('of one variant that somebody else set meanwhile are told, and what was typed stays', async () => {
    backend.start('ready')
    const { user, client } = renderApp(APP, '/inventory/90031')
    const section = within(await screen.findByRole('region', { name: 'Set for this variant' }, SLOW))
    const pack = await section.findByLabelText('Comes in packs of', {}, SLOW)
    await user.clear(pack)
    await user.type(pack, '8')
    const store = async (change: (found: InventorySettings) => Partial<InventorySettings>) => {
      const address = 'http://localhost/v1/inventory-settings'
      const found = (await (await fetch(address)).json()) as InventorySettings
      await fetch(address, { method: 'PUT', body: JSON.stringify({ ...found, ...change(found) }) })
      await act(async () => {
        await client.refetchQueries({ queryKey: ['inventory-settings'] })
        await delay(1)
      })
    }
    await store(() => ({ cover_days: 45 }))
    expect(section.queryByText(/set something else for it meanwhile/)).toBeNull()
    expect(pack).toHaveProperty('value', '8')
    await store(found => ({ variants: found.variants.map(one => ({ ...one, pack: 12 })) }))
    expect(section.getByText(/olivia@hearth\.example set something else for it meanwhile/)).toBeTruthy()
    expect(pack).toHaveProperty('value', '8')
    await user.click(section.getByRole('button', { name: 'Show what is stored now' }))
    const again = section.getByLabelText('Comes in packs of')
    expect(again).toHaveProperty('value', '12')
    await user.clear(again)
    await user.type(again, '24')
    backend.server.use(http.get('*/v1/inventory-settings', () => delay('infinite')))
    await user.click(section.getByRole('button', { name: 'Save for this variant' }))
    await waitFor(() => expect(section.queryByLabelText('Comes in packs of')).not.toBe(again), SLOW)
    expect(section.getByLabelText('Comes in packs of')).toHaveProperty('value', '24')
    expect(section.queryByText(/set something else for it meanwhile/)).toBeNull()
  })
})
