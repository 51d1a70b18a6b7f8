/** What opens over any page. Apart from the shell, which is not drawn anew for it. */
import { lazy, Suspense } from 'react'
import { useOverlay } from '@/shared/ui/overlay'
import { useIdleFetch } from '@/shared/ui/use-idle-fetch'

const loadPalette = () => import('./Palette')
const Palette = lazy(loadPalette)
const HelpDialog = lazy(() => import('./HelpDialog'))
const AssistantDrawer = lazy(() =>
  import('@/modules/assistant').then(module => ({ default: module.AssistantDrawer })),
)
const StopSheet = lazy(() => import('./StopSheet'))

export function Overlays() {
  const overlay = useOverlay(state => state.open)
  useIdleFetch(loadPalette)
  return (
    <Suspense>
      {overlay === 'palette' && <Palette />}
      {overlay === 'assistant' && <AssistantDrawer />}
      {overlay === 'help' && <HelpDialog />}
      {(overlay === 'stop' || overlay === 'lift') && <StopSheet lifting={overlay === 'lift'} />}
    </Suspense>
  )
}
