/** Lets the page fetch the code of its first route together with its own, instead of after it. */
import type { Plugin } from 'vite'

export function preloadRoute(source: string): Plugin {
  let base = '/'
  return {
    name: 'preload-route',
    apply: 'build',
    configResolved(config) {
      base = config.base
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter(part => part.type === 'chunk')
        const route = chunks.find(chunk => chunk.facadeModuleId?.endsWith(source))
        if (!route) throw new Error(`no chunk for ${source}`)
        return [route.fileName, ...route.imports]
          .filter(file => !html.includes(file))
          .map(file => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: base + file },
            injectTo: 'head' as const,
          }))
      },
    },
  }
}
