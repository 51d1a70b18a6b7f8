/** The frame around every page of a signed-in person. */
import { useQueryClient } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { startLive } from '@/shared/live/live'
import { useMedia } from '@/shared/ui/use-media'
import { Banners } from './Banners'
import { useKeys } from './keys'
import { BottomBar, Rail } from './Navigation'
import { OneStoreNote } from './OneStoreNote'
import { Overlays } from './Overlays'
import { StopBanner } from './StopBanner'
import { TopBar } from './TopBar'

export function Shell() {
  const client = useQueryClient()
  useEffect(() => startLive(client), [client])
  useKeys()
  // Only one of the two ways round is drawn: links are what takes longest in a shell.
  const wide = useMedia('(min-width: 48rem)')
  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-action px-4 py-2 text-on-action focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      {wide && <Rail />}
      <div className="flex min-w-0 flex-col pb-[calc(4rem+env(safe-area-inset-bottom))] md:pb-0">
        <TopBar />
        <StopBanner />
        <Banners />
        <OneStoreNote />
        <main id="content" tabIndex={-1} className="flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      {!wide && <BottomBar />}
      <Overlays />
    </div>
  )
}
