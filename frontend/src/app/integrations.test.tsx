import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const backend = mockBackend()
const SLOW = { timeout: 8_000 }

function open() {
  backend.start('ready')
  return renderApp({ makeQueryClient, makeRouter }, '/settings/integrations')
}

describe('Settings, Integrations', () => {
  it('shows what is wrong with its issue, and tests the repository', async () => {
    const { user } = open()
    const incidents = within(await screen.findByRole('region', { name: 'Incidents' }, SLOW))
    expect(incidents.getByText('Goes on')).toBeTruthy()
    expect(incidents.getByText(/12 times/)).toBeTruthy()
    const issue = incidents.getByRole('link', { name: 'Issue 41' })
    expect(issue.getAttribute('href')).toBe('https://github.com/royal/operations/issues/41')
    expect(incidents.getByText(/over: the same was done again/)).toBeTruthy()
    await user.click(
      within(screen.getByRole('region', { name: 'GitHub' })).getByRole('button', { name: 'Test' }),
    )
    expect(await screen.findByText(/takes issues. 4,987 of 5,000 calls/)).toBeTruthy()
  })

  it('sends a signal once, and says when nobody knows whether it arrived', async () => {
    const { user } = open()
    const name = await screen.findByLabelText('Event', {}, SLOW)
    const send = screen.getByRole('button', { name: 'Send' })
    await user.type(name, 'deploy')
    await user.type(screen.getByLabelText(/^Payload/), '[[1]')
    await user.click(send)
    expect(await screen.findByText(/A payload is an object/)).toBeTruthy()
    await user.clear(screen.getByLabelText(/^Payload/))
    await user.click(send)
    expect(await screen.findByText('GitHub took deploy.')).toBeTruthy()
    await user.clear(name)
    await user.type(name, 'lost')
    await user.click(send)
    expect(await screen.findByText(/Whether it took effect is unknown/)).toBeTruthy()
  })

  it('shows how far each store is in the warehouse, and writes now', async () => {
    const { user } = open()
    const card = within(await screen.findByRole('region', { name: 'BigQuery' }, SLOW))
    expect(card.getByText('Up to date')).toBeTruthy()
    expect(card.getByText(/18 of 18 days of tables written, 2,431 rows/)).toBeTruthy()
    await user.click(card.getByRole('button', { name: 'Test' }))
    expect(await card.findByText('Set BIGQUERY_LOCATION to EU')).toBeTruthy()
    await user.click(card.getByRole('button', { name: 'Write now' }))
    expect(await card.findByText('Running')).toBeTruthy()
  })
})
