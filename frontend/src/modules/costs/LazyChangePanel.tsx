/** The panel in which a cost is changed, fetched when somebody opens it. */
import { type ComponentProps, lazy, Suspense } from 'react'
import type { ChangePanel as Loaded } from './ChangePanel'

const Panel = lazy(async () => ({ default: (await import('./ChangePanel')).ChangePanel }))

export function ChangePanel(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense>
      <Panel {...props} />
    </Suspense>
  )
}
