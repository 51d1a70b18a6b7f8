/** What `deploy/` looks at is there: every metric, label and route of the dashboards and alerts, and its settings and probes. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startServers } from './servers.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = path => readFileSync(join(root, path), 'utf8')

/** `name{label="value", …}`; a value may hold braces of its own. */
const SELECTOR = /([a-zA-Z_:]\w*)\{((?:\s*\w+\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"\s*,?)*)\}/g
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g
/** What Prometheus adds itself. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['job', 'instance'] }

/** What comes only with other settings, and the test that sees it then. */
const ELSEWHERE = {
  royal_redis_up: 'crates/server/tests/it/replicas.rs',
  royal_backup_age_seconds: 'crates/server/tests/it/backups.rs',
  royal_backup_failing: 'crates/server/tests/it/backups.rs',
  ws_streams: 'crates/server/tests/it/sockets.rs',
}

function selectors(text) {
  return [...text.matchAll(SELECTOR)].map(([whole, name, labels]) => ({
    whole,
    name,
    matchers: [...labels.matchAll(MATCHER)].map(([, label, operator, value]) => ({ label, operator, value })),
  }))
}

function expressions() {
  const folder = 'deploy/grafana/dashboards'
  const boards = readdirSync(join(root, folder)).map(name => JSON.parse(read(`${folder}/${name}`)))
  const targets = boards.flatMap(board => board.panels.flatMap(panel => panel.targets))
  const ofDashboards = targets.filter(target => target.datasource.type === 'prometheus').map(t => t.expr)
  return [...ofDashboards, read('deploy/prometheus/alerts.yml')]
}

/** Which labels each metric was seen with. */
function samples(text) {
  const seen = new Map()
  for (const line of text.split('\n').filter(line => line && !line.startsWith('#'))) {
    const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line)
    const known = seen.get(name) ?? new Set()
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label)
    seen.set(name, known)
  }
  return seen
}

/** `a/(b|c)` as `a/b` and `a/c`. */
function alternatives(pattern) {
  const [, head, middle, tail] = /^(.*?)\(([^)]*)\)(.*)$/.exec(pattern) ?? []
  if (middle === undefined) return pattern.split('|')
  return middle.split('|').flatMap(choice => alternatives(`${head}${choice}${tail}`))
}

let servers
before(async () => {
  servers = await startServers({ sandboxArgs: ['--size', '300'] })
})
after(() => servers?.stop())

async function ask(path, { headers, body, ...options } = {}) {
  const response = await fetch(servers.url + path, {
    ...options,
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return response
}

/** An owner who has connected the sandbox store, as a browser would be. */
async function connected() {
  const owner = await ask('/v1/auth/setup', {
    body: { setup_code: servers.code, email: 'olivia@hearth.example', password: 'a long and quiet sentence' },
  })
  const { csrf_token } = await owner.json()
  const cookie = owner.headers.getSetCookie().map(cookie => cookie.split(';')[0])
  const headers = { cookie: cookie.join('; '), 'x-csrf-token': csrf_token }
  const connection = await ask('/v1/connections', { headers, body: { provider: 'shopify', kind: 'sandbox' } })
  assert.equal(connection.status, 201)
  return { headers, connection: (await connection.json()).id }
}

/** The provider answers 503 until our circuit opens. */
async function provoke({ headers, connection }) {
  const faults = await fetch(`${servers.sandboxUrl}/__faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ status: 1, status_code: 503 }),
  })
  assert.equal(faults.status, 200)
  for (let n = 0; n < 8; n += 1) {
    await ask(`/v1/connections/${connection}/check`, { headers, method: 'POST' })
  }
}

async function metrics() {
  return samples(await (await fetch(`${servers.url}/metrics`)).text())
}

/** Some figures are written by a clock. */
async function metricsWith(names) {
  const end = Date.now() + 20_000
  for (;;) {
    const seen = await metrics()
    if (names.every(name => seen.has(name)) || Date.now() > end) return seen
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}

describe('dashboards and alerts', () => {
  test('name only metrics and labels that the product emits', async () => {
    const owner = await connected()
    await provoke(owner)
    const stream = await ask('/v1/stream', { headers: owner.headers })
    const asked = expressions().flatMap(selectors)
    assert.ok(asked.length > 20, 'the selectors were found')
    const emitted = asked.filter(({ name }) => !OF_PROMETHEUS.metrics.includes(name))
    for (const [name, test] of Object.entries(ELSEWHERE)) {
      assert.ok(read(test).includes(`"${name}`), `${test} does not look for ${name}`)
    }
    const ours = emitted.filter(({ name }) => !(name in ELSEWHERE))
    const seen = await metricsWith(ours.map(({ name }) => name))
    await stream.body.cancel()
    for (const { whole, name, matchers } of ours) {
      assert.ok(seen.has(name), `${name} is not emitted: ${whole}`)
      for (const { label } of matchers) {
        const known = OF_PROMETHEUS.labels.includes(label) || seen.get(name).has(label)
        assert.ok(known, `${name} has no label ${label}`)
      }
    }
  })

  test('have no metric without its selector, which the test above would miss', () => {
    for (const expression of expressions()) {
      const rest = expression.replace(SELECTOR, '')
      assert.doesNotMatch(rest, /\b(?:royal_|http_|sse_|ws_|uptime_)\w+|\bup\b/)
    }
  })

  test('name routes that exist, and outcomes that calls have', async () => {
    const { paths } = await (await fetch(`${servers.url}/openapi.json`)).json()
    const kit = 'crates/adapter-kit/src'
    const sources = readdirSync(join(root, kit)).filter(name => name.endsWith('.rs'))
    const code = sources.map(name => read(`${kit}/${name}`)).join('\n')
    const matchers = expressions()
      .flatMap(selectors)
      .flatMap(selector => selector.matchers)
    for (const { label, operator, value } of matchers) {
      const values = operator.includes('~') ? alternatives(value) : [value]
      for (const one of values) {
        if (label === 'route') assert.ok(paths[one], `there is no route ${one}`)
        if (label === 'outcome') assert.ok(code.includes(`"${one}"`), `no call ends as ${one}`)
      }
    }
  })
})

describe('the health check of the image', () => {
  const check = (port, ...args) =>
    spawnSync(join(root, 'deploy/healthcheck.sh'), args, {
      env: { ...process.env, PORT: port },
      encoding: 'utf8',
      timeout: 10_000,
    })

  test('passes while the product is ready, and only then', () => {
    const { port } = new URL(servers.url)
    assert.equal(check(port).status, 0)
    assert.equal(check(port, '/healthz').status, 0)
    const elsewhere = check(port, '/nowhere')
    assert.deepEqual([elsewhere.status, elsewhere.stderr], [1, 'answered with 404\n'])
    assert.notEqual(check('1').status, 0)
  })
})

describe('the example of settings', () => {
  const example = read('deploy/config.example.toml')

  /** A command that opens the database; its exit code tells whether it came that far. */
  function run(text) {
    const folder = mkdtempSync(join(tmpdir(), 'royal-example-'))
    const file = join(folder, 'royal.toml')
    writeFileSync(file, text)
    const env = { PATH: process.env.PATH, DATA_DIR: folder }
    const done = spawnSync(process.env.ROYAL_BIN, ['secrets', 'check', '--config', file], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    rmSync(folder, { recursive: true, force: true })
    return done
  }

  test('works as it is', () => {
    const done = run(example)
    assert.equal(done.status, 0, done.stderr)
  })

  test('holds only known settings with values that can be, those in comments too', () => {
    const all = example
      .replaceAll(/^# ([a-z_]+ = )/gm, '$1')
      .replace(/(?<=database_url = ").*(?=")/, 'postgres://x:y@127.0.0.1:1/z')
    assert.ok(all.split('\n').filter(line => /^[a-z_]+ = /.test(line)).length > 15)
    const done = run(all)
    assert.equal(done.status, 69, `the database of the example is away, and nothing else: ${done.stderr}`)
    assert.equal(run(`${all}\nprot = 1\n`).status, 78)
  })
})
