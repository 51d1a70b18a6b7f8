/** Pages in a test: with the real router and client, against the mock backend. */
import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { mockHandlers, type Stage } from './handlers'

export function mockBackend() {
  const server = setupServer()
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
  afterEach(() => server.resetHandlers())
  afterAll(() => server.close())
  return {
    server,
    start: (stage: Stage, syncMs?: number) => server.use(...mockHandlers(stage, syncMs)),
  }
}

/** What the app gives: kept apart, because shared code may not import it. */
export interface AppParts {
  makeQueryClient: () => import('@tanstack/react-query').QueryClient
  makeRouter: (
    client: import('@tanstack/react-query').QueryClient,
  ) => import('@tanstack/react-router').AnyRouter
}

export function renderApp(parts: AppParts, path: string) {
  const client = parts.makeQueryClient()
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } })
  const router = parts.makeRouter(client)
  router.update({
    ...router.options,
    history: createMemoryHistory({ initialEntries: [`/command-center${path}`] }),
  })
  const user = userEvent.setup()
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
  return { user, router, client }
}
