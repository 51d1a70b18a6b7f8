/** The interface shows only what the role may do. */
import { cleanup, screen, waitFor } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { PERMISSIONS } from '@/shared/testing/access'
import { mockBackend, renderApp } from '@/shared/testing/render'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'

const APP = { makeQueryClient, makeRouter }
const backend = mockBackend()
const SLOW = { timeout: 8_000 }
const ROLES = ['viewer', 'analyst', 'operator', 'admin', 'owner']

function signInAs(role: string) {
  const upTo = ROLES.indexOf(role)
  const permissions = PERMISSIONS.filter(permission => ROLES.indexOf(permission.role) <= upTo)
  backend.server.use(
    http.get('*/v1/auth/me', () =>
      HttpResponse.json({
        user: { id: 'user_9', email: 'vic@hearth.example', role },
        workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
        permissions: permissions.map(permission => permission.name),
        csrf_token: 'csrf-of-the-mock',
      }),
    ),
  )
}

/** Where it is, what shows that the page is there, what changes something, and the lowest role that may. */
const CONTROLS: [string, RegExp, RegExp, string][] = [
  ['/connections', /^Connections$/, /^Sync now$/, 'operator'],
  ['/connections', /^Connections$/, /^Disconnect$/, 'admin'],
  ['/inbox', /^Inbox$/, /^Approve /, 'operator'],
  ['/change-sets', /^Change-sets$/, /^Emergency stop$/, 'operator'],
  ['/reconciliation', /^Reconciliation$/, /^Compare now$/, 'operator'],
  ['/settings/currencies', /^Currencies$/, /^Read now$/, 'operator'],
  ['/settings/currencies', /^Currencies$/, /^Save$/, 'admin'],
  ['/settings/guardrails', /^Guardrails$/, /^Save the limits$/, 'admin'],
  ['/settings/secrets', /^Secrets$/, /^Add a secret$/, 'admin'],
  ['/settings/secrets', /^Secrets$/, /^Rotate the key$/, 'owner'],
  ['/settings/people', /^People$/, /^Invite somebody$/, 'admin'],
]

describe('a control', () => {
  for (const [path, heading, control, lowest] of CONTROLS) {
    it(`${control} of ${path} is there for ${lowest}, and not below`, async () => {
      backend.start('ready')
      signInAs(lowest)
      renderApp(APP, path)
      expect((await screen.findAllByRole('button', { name: control }, SLOW)).length).toBeGreaterThan(0)
      cleanup()
      const below = ROLES[ROLES.indexOf(lowest) - 1] ?? ''
      signInAs(below)
      renderApp(APP, path)
      await screen.findByRole('heading', { name: heading }, SLOW)
      const loading = () => screen.queryAllByRole('status', { name: /^Loading/ })
      await waitFor(() => expect(loading()).toEqual([]), SLOW)
      expect(screen.queryByRole('button', { name: control })).toBeNull()
    })
  }
})
