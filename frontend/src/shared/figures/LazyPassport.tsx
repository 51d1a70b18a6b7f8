/** The passport of a figure, fetched when somebody asks for one. */
import { lazy, Suspense, startTransition, useEffect, useState } from 'react'
import { useIdleFetch } from '@/shared/ui/use-idle-fetch'
import type { FigureScope } from './queries'

const load = () => import('./FigurePanel')
const Panel = lazy(load)

/** Leads from a figure to the panel beside it, so that opening one draws nothing else anew. */
export interface Explained {
  explain: (figure: string) => void
  listen: (hear: (figure: string) => void) => void
}

function connect(): Explained {
  let hear: (figure: string) => void = () => undefined
  return {
    explain: figure => hear(figure),
    listen: next => {
      hear = next
    },
  }
}

export function useExplained(): Explained {
  const [explained] = useState(connect)
  return explained
}

interface LazyPassportProps {
  explained: Explained
  /** Whose figure the server is asked about. */
  scope: FigureScope
}

export function LazyPassport({ explained, scope }: LazyPassportProps) {
  const [figure, setFigure] = useState<string | null>(null)
  useEffect(() => explained.listen(next => startTransition(() => setFigure(next))), [explained])
  useIdleFetch(load)
  if (!figure) return null
  return (
    <Suspense>
      <Panel name={figure} scope={scope} onClose={() => setFigure(null)} />
    </Suspense>
  )
}
