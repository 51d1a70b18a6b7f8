/** The two programs under test, each on a free port, with a data folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const START_WITHIN_MS = 20_000

/** Starts a program and waits until its output names everything in `patterns`. */
function start(name, binary, args, env, patterns) {
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const found = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${name} did not start in time:\n${output}`)),
      START_WITHIN_MS,
    )
    const look = chunk => {
      output += chunk
      const matches = patterns.map(pattern => pattern.exec(output))
      if (matches.every(Boolean)) {
        clearTimeout(timer)
        resolve(matches.map(match => match[1]))
      }
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.on('error', error =>
      reject(new Error(`${name} cannot be started from ${binary}: ${error.message}`)),
    )
    child.on('exit', code => reject(new Error(`${name} ended with ${code}:\n${output}`)))
  })
  const stop = () =>
    new Promise(resolve => {
      if (child.exitCode !== null) return resolve()
      child.removeAllListeners('exit')
      child.on('exit', resolve)
      child.kill('SIGTERM')
    })
  return { found, stop, output: () => output }
}

function needed(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} must name the binary, e.g. ${name}=../target/debug/…`)
  return value
}

export async function startServers({ sandboxArgs = [], env = {} } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'royal-e2e-'))
  const sandbox = start('royal-sandbox', needed('SANDBOX_BIN'), ['--port', '0', ...sandboxArgs], {}, [
    /listens on (http:\/\/[\d.:]+)/,
  ])
  const [sandboxUrl] = await sandbox.found
  const royal = start(
    'royal',
    needed('ROYAL_BIN'),
    ['serve'],
    {
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: data,
      SANDBOX_URL: sandboxUrl,
      SUPPLIER_IMAGE_ALLOWED_HOSTS: '127.0.0.1',
      DATABASE_URL: '',
      REDIS_URL: '',
      ...env,
    },
    [/listening on (http:\/\/\S+)/, /set-up code: (\S+)/],
  )
  const [url, code] = await royal.found
  return {
    url,
    base: `${url}/command-center`,
    sandboxUrl,
    code,
    output: royal.output,
    stop: async () => {
      await Promise.all([royal.stop(), sandbox.stop()])
      rmSync(data, { recursive: true, force: true })
    },
  }
}
