/**
 * Holds the arrows app → modules → shared: the app imports a module's index only, modules import shared only,
 * shared imports shared only. New modules are guarded from birth, because folders are read and not listed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const SRC = new URL('../src/', import.meta.url).pathname
const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g

/** `src/modules/pulse/x` → ["modules", "pulse"]. */
function place(path) {
  const [layer, area] = path.split('/')
  return { layer, area }
}

export function complaint(from, to) {
  const source = place(from)
  const target = place(to)
  if (source.layer === 'shared' && target.layer !== 'shared') return 'shared may import shared only'
  if (source.layer === 'modules') {
    if (target.layer === 'app') return 'a module may not import the app'
    if (target.layer === 'modules' && target.area !== source.area)
      return 'a module may not import another module'
  }
  if (source.layer === 'app' && target.layer === 'modules' && !/^modules\/[^/]+(\/index)?$/.test(to)) {
    return "the app may import a module's index only"
  }
  return null
}

function selfTest() {
  const forbidden = [
    ['shared/ui/x', 'modules/pulse'],
    ['shared/ui/x', 'app/router'],
    ['modules/pulse/x', 'modules/orders/y'],
    ['modules/pulse/x', 'app/router'],
    ['app/router', 'modules/pulse/PulsePage'],
  ]
  const allowed = [
    ['app/router', 'modules/pulse'],
    ['modules/pulse/x', 'modules/pulse/y'],
    ['modules/pulse/x', 'shared/ui/y'],
    ['app/router', 'shared/paths'],
  ]
  for (const [from, to] of forbidden)
    if (!complaint(from, to)) throw new Error(`does not refuse ${from} → ${to}`)
  for (const [from, to] of allowed) if (complaint(from, to)) throw new Error(`refuses ${from} → ${to}`)
}

selfTest()
const files = readdirSync(SRC, { recursive: true }).filter(name => /\.(ts|tsx)$/.test(name))
let bad = 0
for (const file of files) {
  const from = file.replace(/\.(ts|tsx)$/, '')
  const text = readFileSync(join(SRC, file), 'utf8')
  if (/\bexport \* from\b/.test(text)) {
    console.error(`${file}: no barrels: name what is exported`)
    bad += 1
  }
  for (const [, specifier] of text.matchAll(IMPORT)) {
    let to
    if (specifier.startsWith('@/')) to = specifier.slice(2)
    else if (specifier.startsWith('.')) to = relative(SRC, join(SRC, dirname(file), specifier))
    else continue
    const why = complaint(from, to)
    if (!why) continue
    console.error(`${file} → ${to}: ${why}`)
    bad += 1
  }
}
console.log(`${files.length} files, ${bad} forbidden imports`)
if (bad > 0 || files.length === 0) process.exit(1)
