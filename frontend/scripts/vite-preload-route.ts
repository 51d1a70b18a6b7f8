/**
 * Lets a page fetch the code of its route together with its own, instead of after it. The first parts of the addresses map
 * to modules; each gets a page of its own in `pages/`, which the server answers with. Every other address gets `index.html`,
 * which preloads what stands under the empty name.
 */
import type { Plugin, Rolldown } from 'vite'

export function preloadRoutes(modules: Record<string, string>): Plugin {
  let base = '/'
  return {
    name: 'preload-routes',
    apply: 'build',
    configResolved(config) {
      base = config.base
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html']
        if (page?.type !== 'asset') throw new Error('no index.html to preload from')
        const html = String(page.source)
        for (const [name, source] of Object.entries(modules)) {
          const links = filesOf(bundle, source)
            .filter(file => !html.includes(file))
            .map(file => `  <link rel="modulepreload" crossorigin href="${base}${file}">\n  `)
          const filled = html.replace('</head>', () => `${links.join('')}</head>`)
          if (name === '') page.source = filled
          else this.emitFile({ type: 'asset', fileName: `pages/${name}.html`, source: filled })
        }
      },
    },
  }
}

/** The chunk of a module and all that it imports at once. */
function filesOf(bundle: Rolldown.OutputBundle, source: string): string[] {
  const chunks = Object.values(bundle).filter(part => part.type === 'chunk')
  const first = chunks.find(chunk => chunk.facadeModuleId?.endsWith(source))
  if (!first) throw new Error(`no chunk for ${source}`)
  const files = new Set([first.fileName])
  for (const file of files) {
    for (const next of chunks.find(chunk => chunk.fileName === file)?.imports ?? []) files.add(next)
  }
  return [...files]
}
