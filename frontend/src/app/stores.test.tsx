/** Going from one store to another: nothing of the one before stays on the page. */
import { screen, waitFor } from '@testing-library/react'
import { delay, HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { ABROAD, twoStores } from '@/shared/testing/stores'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }

describe('another store', () => {
  it.each([
    { page: 'products', filter: 'status=active', field: 'Title, vendor or SKU' },
    { page: 'inventory', filter: 'vendor=Hearth+%26+Co', field: 'Title, SKU or vendor' },
  ])('on $page drops filters, rows and selection, and keeps the period', async ({ page, filter, field }) => {
    backend.start('ready')
    backend.server.use(twoStores)
    const { user, router } = renderApp(APP, `/${page}?range=90d&q=a&${filter}`)
    const [first] = await screen.findAllByRole('checkbox', { name: /^Select / }, SLOW)
    await user.click(first as HTMLElement)
    expect(first).toHaveProperty('checked', true)
    expect(screen.getByLabelText(field)).toHaveProperty('value', 'a')
    const asked: URLSearchParams[] = []
    let answer = () => {}
    const held = new Promise<void>(resolve => {
      answer = resolve
    })
    backend.server.use(
      http.get(`*/v1/${page}`, async ({ request }) => {
        const query = new URL(request.url).searchParams
        if (query.get('store_id') !== ABROAD.id) return undefined
        asked.push(query)
        await held
        return HttpResponse.json({ title: 'No', status: 503, detail: 'not today' }, { status: 503 })
      }),
    )
    await user.click(screen.getByRole('button', { name: 'Store: Hearth & Harbour' }))
    await user.click(await screen.findByRole('menuitemradio', { name: /^Hearth Auckland/ }, SLOW))
    await screen.findByRole('button', { name: 'Store: Hearth Auckland' }, SLOW)
    await waitFor(() => expect(screen.queryByRole('checkbox', { name: /^Select / })).toBeNull(), SLOW)
    expect(screen.queryByText(/selected/)).toBeNull()
    expect(router.state.location.search).toEqual({ range: '90d', store: ABROAD.id })
    for (const query of asked)
      expect([query.get('q'), query.get('status'), query.get('vendor')]).toEqual([null, null, null])
    expect(asked.length).toBeGreaterThan(0)
    answer()
    await delay(1)
  })
})
