/**
 * Refuses a build that is heavier than the budget: what the first page loads, the styles, and each part
 * that is fetched later. Sizes are of the brotli files that the server sends.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const DIST = new URL('../dist/', import.meta.url).pathname
const FIRST_ROUTE = 'src/modules/pulse/index.ts'
const LIMITS = { first: 150_000, styles: 12_000, route: 40_000, part: 50_000 }

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8'))
const size = file => statSync(join(DIST, `${file}.br`)).size

/** A part with everything that it needs at once. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) closure(next, seen)
  return seen
}

const entry = Object.keys(manifest).find(key => manifest[key].isEntry)
const first = new Set([...closure(entry), ...closure(FIRST_ROUTE)])
const files = keys => [...keys].map(key => manifest[key].file)
const sum = list => list.reduce((total, file) => total + size(file), 0)

const rows = [['first route (JS)', sum(files(first)), LIMITS.first]]
const styles = new Set(Object.values(manifest).flatMap(part => part.css ?? []))
rows.push(['styles', sum([...styles]), LIMITS.styles])
for (const key of Object.keys(manifest).filter(key => manifest[key].isDynamicEntry && key !== FIRST_ROUTE)) {
  // A part of a page is fetched by who is on that page.
  const page = /^src\/modules\/[^/]+\//.exec(key)?.[0]
  const there = page && key !== `${page}index.ts` && manifest[`${page}index.ts`]
  const before = there ? closure(`${page}index.ts`, new Set(first)) : first
  const extra = [...closure(key)].filter(part => !before.has(part))
  const limit = key.startsWith('src/modules/') && key.endsWith('/index.ts') ? LIMITS.route : LIMITS.part
  rows.push([key.replace('src/', ''), sum(files(extra)), limit])
}

let failed = false
for (const [name, bytes, limit] of rows) {
  const over = bytes > limit
  failed ||= over
  console.log(
    `${over ? 'OVER' : '  ok'}  ${(bytes / 1000).toFixed(1).padStart(6)} / ${limit / 1000} kB  ${name}`,
  )
}
if (failed) process.exit(1)
