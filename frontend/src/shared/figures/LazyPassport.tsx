/** The passport of a figure, fetched when somebody asks for one. */
import { lazy, Suspense } from 'react'
import type { FigureScope } from './queries'

const Panel = lazy(() => import('./FigurePanel'))

interface LazyPassportProps {
  /** The figure's name; nothing is shown without one. */
  field: string | null
  /** Whose figure the server is asked about. */
  scope: FigureScope
  onClose: () => void
}

export function LazyPassport({ field, scope, onClose }: LazyPassportProps) {
  if (!field) return null
  return (
    <Suspense>
      <Panel name={field} scope={scope} onClose={onClose} />
    </Suspense>
  )
}
