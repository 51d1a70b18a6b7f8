/** What lies below the first screen: drawn after it, in steps that give way to whoever presses something. */
import { type ReactNode, startTransition, useEffect, useState } from 'react'
import { Skeleton } from './States'

export function Later({ className, children }: { className: string; children: ReactNode }) {
  const [due, setDue] = useState(false)
  useEffect(() => {
    const frame = requestAnimationFrame(() => startTransition(() => setDue(true)))
    return () => cancelAnimationFrame(frame)
  }, [])
  if (due) return children
  return (
    <div role="status" aria-label="Loading the rest of the page">
      <Skeleton className={className} />
    </div>
  )
}
