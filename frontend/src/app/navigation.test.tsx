import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { SECTIONS } from '@/shared/settings/sections'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'
import { BAR, PLACES } from './shell/places'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function onWindowOf(width: number) {
  const { happyDOM } = window as unknown as { happyDOM: { setViewport: (size: { width: number }) => void } }
  happyDOM.setViewport({ width })
}

describe('the way around', () => {
  it('no two pages share a key, and the bar of a phone has room for what is in it', () => {
    const letters = PLACES.map(place => place.key)
    expect(new Set(letters).size).toBe(letters.length)
    expect(BAR.length).toBe(4)
  })
  it('every page of the rail and every section of Settings leads somewhere', () => {
    const router = makeRouter(makeQueryClient())
    const known = new Set(
      Object.values(router.routesById).map(route => route.fullPath.replace(/(.)\/$/, '$1')),
    )
    for (const { to } of [...PLACES, ...SECTIONS]) expect(known).toContain(to)
  })
  it('a phone reaches the other pages through More', async () => {
    backend.start('ready')
    onWindowOf(390)
    const { user, router } = renderApp(APP, '/')
    await user.click(await screen.findByRole('button', { name: 'More pages' }, SLOW))
    const sheet = await screen.findByRole('dialog', { name: 'All pages' }, SLOW)
    await user.click(within(sheet).getByRole('link', { name: 'Settings' }))
    expect(await screen.findByRole('heading', { name: 'Settings' }, SLOW)).toBeTruthy()
    expect(router.state.location.pathname).toBe('/settings')
    expect(screen.queryByRole('dialog')).toBeNull()
    onWindowOf(1024)
  })
  it('Settings lists its sections, and each has its own address', async () => {
    backend.start('ready')
    const { user, router } = renderApp(APP, '/settings?range=7d')
    const main = within(await screen.findByRole('main', {}, SLOW))
    await user.click(await main.findByRole('link', { name: /Stores The stores/ }, SLOW))
    expect(await screen.findByRole('heading', { name: 'Stores' }, SLOW)).toBeTruthy()
    expect(await screen.findByText('Calendar')).toBeTruthy()
    expect(router.state.location.search).toMatchObject({ range: '7d' })
  })
  it('the colours are chosen in Settings and kept', async () => {
    backend.start('ready')
    const { user } = renderApp(APP, '/settings/appearance')
    await user.click(await screen.findByRole('radio', { name: /Dark/ }, SLOW))
    expect(document.documentElement.dataset.theme).toBe('dark')
    await user.click(screen.getByRole('radio', { name: /As the system/ }))
    expect(document.documentElement.dataset.theme).toBeUndefined()
  })
})
