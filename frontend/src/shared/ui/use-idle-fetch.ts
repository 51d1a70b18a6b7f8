import { useEffect } from 'react'

/** By then a page has asked for all that it needs itself. */
const AFTER_MS = 3_000

/** Fetches the code of what somebody may open, once the page is at rest, so that the first press finds it there. */
export function useIdleFetch(load: () => Promise<unknown>) {
  useEffect(() => {
    let idle = 0
    // Whoever presses first fetches it then; a line that is cut says so there.
    const fetch = () => void load().catch(() => undefined)
    const timer = window.setTimeout(() => {
      // Not every browser tells when it is idle.
      if ('requestIdleCallback' in window) idle = window.requestIdleCallback(fetch)
      else fetch()
    }, AFTER_MS)
    return () => {
      window.clearTimeout(timer)
      if (idle) window.cancelIdleCallback(idle)
    }
  }, [load])
}
