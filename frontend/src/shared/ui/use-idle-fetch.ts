import { useEffect } from 'react'

/** By then a page has asked for all that it needs itself. */
const AFTER_MS = 3_000

/** Fetches the code of what somebody may open, once the page is at rest, so that the first press finds it there. */
export function useIdleFetch(load: () => Promise<unknown>) {
  useEffect(() => {
    // Whoever presses first fetches it then; a line that is cut says so there.
    const fetch = () => void load().catch(() => undefined)
    const timer = setTimeout(() => {
      if (typeof requestIdleCallback === 'function') requestIdleCallback(fetch)
      else fetch()
    }, AFTER_MS)
    return () => clearTimeout(timer)
  }, [load])
}
