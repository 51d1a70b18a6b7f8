/**
/**
 * A button whose menu is fetched when the page is at rest, or when somebody reaches for it, so that the first page
 * does not carry it.
 * The part that is fetched brings its own trigger with the same look, and opens at once.
 */
import { type ComponentType, lazy, type ReactNode, Suspense, startTransition, useState } from 'react'
import { useIdleFetch } from './use-idle-fetch'

export interface DeferredPart {
  defaultOpen: boolean
  label: string
  className: string
  children: ReactNode
}

type Part = ComponentType<DeferredPart>

export function deferred(load: () => Promise<{ default: Part }>) {
  const Loaded = lazy(load)
  // What does not arrive now is asked for again by a press, which says so.
  const preload = () => void load().catch(() => undefined)
  return function Deferred({ label, className, children }: Omit<DeferredPart, 'defaultOpen'>) {
    const [wanted, setWanted] = useState(false)
    useIdleFetch(load)
    const placeholder = (
      <button
        type="button"
        aria-label={label || undefined}
        aria-haspopup="true"
        aria-expanded={wanted}
        className={className}
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => startTransition(() => setWanted(true))}
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
