/**
 * Writes a page of HTML for each first step of an address: the same application, with links that fetch the code of
 * that page and the answers that every page begins with, beside the program instead of after it.
 */
import type { Plugin } from 'vite'

interface Page {
  /** The module whose code draws it. */
  module: string
  /** Answers of the server that it asks for first. */
  answers: string[]
  /** Whether the server gives it only to browsers that bring a session's cookie. */
  signedIn: boolean
}

/** `index` stands for the address without any step, and for every step that has no page of its own. */
export function preloadPages(pages: Record<string, Page>): Plugin {
  let base = '/'
  return {
    name: 'preload-pages',
    apply: 'build',
    configResolved(config) {
      base = config.base
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const index = bundle['index.html']
        if (index?.type !== 'asset') throw new Error('no index.html to write pages from')
        const html = String(index.source)
        const chunks = Object.values(bundle).filter(part => part.type === 'chunk')
        const written = Object.entries(pages).map(([name, page]) => {
          const source = `/${page.module}`
          const chunk = chunks.find(part => part.facadeModuleId?.endsWith(source))
          if (!chunk) throw new Error(`no chunk for ${page.module}`)
          const code = [chunk.fileName, ...chunk.imports].filter(file => !html.includes(file))
          const tags = [
            ...(page.signedIn ? ['<meta name="signed-in" content="likely">'] : []),
            ...page.answers.map(path => `<link rel="preload" as="fetch" crossorigin href="${path}">`),
            ...code.map(file => `<link rel="modulepreload" crossorigin href="${base}${file}">`),
          ]
          return [
            name,
            html.replace('</head>', `${tags.map(tag => `  ${tag}\n  `).join('')}</head>`),
          ] as const
        })
        for (const [name, source] of written) {
          if (name === 'index') index.source = source
          else this.emitFile({ type: 'asset', fileName: `${name}.html`, source })
        }
      },
    },
  }
}
