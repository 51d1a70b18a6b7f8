/**
 * A button whose menu is fetched once the page is quiet, or when somebody reaches for it, so that the first page does not carry it.
 * The part that is fetched brings its own trigger with the same look, and opens at once.
 */
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react'

export interface DeferredPart {
  defaultOpen: boolean
  label: string
  className: string
  children: ReactNode
}

type Part = ComponentType<DeferredPart>

const QUIET_AFTER_MS = 3000

/** Does it when the page has been there for a while and nothing else is to be done. */
function whenQuiet(work: () => void): () => void {
  let idle = 0
  const timer = window.setTimeout(() => {
    // Not every browser tells when it is idle.
    if ('requestIdleCallback' in window) idle = window.requestIdleCallback(work)
    else work()
  }, QUIET_AFTER_MS)
  return () => {
    window.clearTimeout(timer)
    if (idle) window.cancelIdleCallback(idle)
  }
}

export function deferred(load: () => Promise<{ default: Part }>) {
  const Loaded = lazy(load)
  // What does not arrive now is asked for again by a press, which says so.
  const preload = () => void load().catch(() => undefined)
  return function Deferred({ label, className, children }: Omit<DeferredPart, 'defaultOpen'>) {
    const [wanted, setWanted] = useState(false)
    useEffect(() => whenQuiet(preload), [])
    const placeholder = (
      <button
        type="button"
        aria-label={label || undefined}
        aria-haspopup="true"
        aria-expanded={wanted}
        className={className}
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => setWanted(true)}
      >
        {children}
      </button>
    )
    if (!wanted) return placeholder
    return (
      <Suspense fallback={placeholder}>
        <Loaded defaultOpen label={label} className={className}>
          {children}
        </Loaded>
      </Suspense>
    )
  }
}
