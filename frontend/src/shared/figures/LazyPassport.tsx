/**
 * The passport, fetched when somebody asks for one: the server's own where the figure is one of a report, and what the
 * page knows where it is of one product or one order.
 */
import { lazy, Suspense } from 'react'
import type { AmountField } from './glossary'
import type { PassportSource } from './Passport'
import type { FigureScope } from './queries'

const OfReport = lazy(() => import('./FigurePanel'))
const OfPage = lazy(() => import('./Passport'))

interface LazyPassportProps {
  field: AmountField | null
  source: PassportSource
  /** Whose figure the server is asked about. */
  scope?: FigureScope
  onClose: () => void
}

export function LazyPassport({ field, source, scope, onClose }: LazyPassportProps) {
  if (!field) return null
  return (
    <Suspense>
      {scope ? (
        <OfReport name={field} scope={scope} onClose={onClose} />
      ) : (
        <OfPage field={field} source={source} onClose={onClose} />
      )}
    </Suspense>
  )
}
