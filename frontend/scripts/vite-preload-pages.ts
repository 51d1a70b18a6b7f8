/**
 * Writes a page of HTML for each first part of an address: the same application, with links that fetch the code of that page
 * and the answers that it begins with, beside the program instead of after it. The server gives those in `pages/signed-in/` to
 * who brings a session's cookie, those in `pages/open/` to everybody; `index.html` fits every address and everybody.
 */
import type { Plugin, Rolldown } from 'vite'

export interface Page {
  /** The module that draws it. */
  module: string
  /** Answers of the server that it asks for first. */
  answers: string[]
  /** Whether the server gives it only to browsers that bring a session's cookie. */
  signedIn: boolean
}

/** The empty part stands for the address without any, and for every address of a signed-in person that has no page of its own. */
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
      handler(_, bundle) {
        const index = bundle['index.html']
        if (index?.type !== 'asset') throw new Error('no index.html to write pages from')
        const html = String(index.source)
        for (const [part, page] of Object.entries(pages)) {
          const code = filesOf(bundle, `/src/modules/${page.module}/index.ts`)
          const tags = [
            ...(page.signedIn ? ['<meta name="signed-in" content="likely">'] : []),
            ...page.answers.map(path => `<link rel="preload" as="fetch" crossorigin href="${path}">`),
            ...code
              .filter(file => !html.includes(file))
              .map(file => `<link rel="modulepreload" crossorigin href="${base}${file}">`),
          ]
          this.emitFile({
            type: 'asset',
            fileName: `pages/${page.signedIn ? 'signed-in' : 'open'}/${part || 'index'}.html`,
            source: html.replace('</head>', () => `${tags.map(tag => `  ${tag}\n  `).join('')}</head>`),
          })
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
