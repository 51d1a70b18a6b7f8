/** `MOCK=1 npm run dev` or `MOCK=1 npm start`: the tests' mock backend answers instead of a server. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getResponse, type RequestHandler } from 'msw'
import type { Connect, Plugin } from 'vite'
import { createServer } from 'vite'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sw"

type Testing = { mockHandlers: () => RequestHandler[] }

async function answer(handlers: RequestHandler[], req: IncomingMessage, res: ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers))
    if (typeof value === 'string') headers.set(name, value)
  const body = chunks.length > 0 ? Buffer.concat(chunks) : null
  const request = new Request(`http://${req.headers.host}${req.url}`, {
    method: req.method ?? 'GET',
    headers,
    body,
  })
  const response = await getResponse(handlers, request)
  if (!response) return false
  res.statusCode = response.status
  response.headers.forEach((value, name) => {
    if (name !== 'set-cookie') res.setHeader(name, value)
  })
  if (!response.body) return res.end()
  const reader = response.body.getReader()
  res.on('close', () => void reader.cancel().catch(() => undefined))
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    res.write(value)
  }
  res.end()
}

function middleware(load: () => Promise<Testing>): Connect.NextHandleFunction {
  let handlers: Promise<RequestHandler[]> | undefined
  return (req, res, next) => {
    if (!/^\/(v1\/|jobs\b)/.test(req.url ?? '')) {
      if (process.env.MOCK_POLICY) res.setHeader('Content-Security-Policy', POLICY)
      return next()
    }
    handlers ??= load().then(testing => testing.mockHandlers())
    handlers.then(list => answer(list, req, res)).catch(next)
  }
}

export function mockBackend(): Plugin {
  return {
    name: 'mock-backend',
    configureServer(server) {
      server.middlewares.use(
        middleware(() => server.ssrLoadModule('/src/shared/testing/handlers.ts') as Promise<Testing>),
      )
    },
    configurePreviewServer(server) {
      const loader = createServer({
        configFile: false,
        root: server.config.root,
        server: { middlewareMode: true, hmr: false, ws: false },
        appType: 'custom',
        resolve: { alias: { '@': new URL('../src', import.meta.url).pathname } },
      })
      server.middlewares.use(
        middleware(
          async () => (await loader).ssrLoadModule('/src/shared/testing/handlers.ts') as Promise<Testing>,
        ),
      )
      server.httpServer.on('close', () => void loader.then(vite => vite.close()))
    },
  }
}
