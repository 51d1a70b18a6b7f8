/** The passport, fetched when somebody asks for one. */
import { lazy, Suspense } from 'react'
import type { AmountField } from './glossary'
import type { PassportSource } from './Passport'

const Loaded = lazy(() => import('./Passport'))

interface LazyPassportProps {
  field: AmountField | null
  source: PassportSource
  onClose: () => void
}

export function LazyPassport({ field, source, onClose }: LazyPassportProps) {
  if (!field) return null
  return (
    <Suspense>
      <Loaded field={field} source={source} onClose={onClose} />
    </Suspense>
  )
}
