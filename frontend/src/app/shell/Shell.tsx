/** The frame around every page of a signed-in person. */
import { useQueryClient } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { startLive } from '@/shared/live/live'
import { useOverlay } from '@/shared/ui/overlay'
import { Banners } from './Banners'
import { useKeys } from './keys'
import { BottomBar, Rail } from './Navigation'
import { OneStoreNote } from './OneStoreNote'
import { StopBanner } from './StopBanner'
import { TopBar } from './TopBar'

const Palette = lazy(() => import('./Palette'))
const HelpDialog = lazy(() => import('./HelpDialog'))
const StopSheet = lazy(() => import('./StopSheet'))

export function Shell() {
  const client = useQueryClient()
  useEffect(() => startLive(client), [client])
  useKeys()
  const overlay = useOverlay(state => state.open)
  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-action px-4 py-2 text-on-action focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <Rail />
      <div className="flex min-w-0 flex-col pb-[calc(4rem+env(safe-area-inset-bottom))] md:pb-0">
        <TopBar />
        <StopBanner />
        <Banners />
        <OneStoreNote />
        <main id="content" tabIndex={-1} className="flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      <BottomBar />
      <Suspense>
        {overlay === 'palette' && <Palette />}
        {overlay === 'help' && <HelpDialog />}
        {(overlay === 'stop' || overlay === 'lift') && <StopSheet lifting={overlay === 'lift'} />}
      </Suspense>
    </div>
  )
}
