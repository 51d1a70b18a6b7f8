/** What is wrong with the line, said once, with the age of what is on screen. */
import { Plug, WifiOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { ageText } from '@/shared/format/time'
import { useLive } from '@/shared/live/live'
import { useStore } from '@/shared/range/use-range'
import { useNow } from '@/shared/ui/use-now'

function subscribe(callback: () => void) {
  window.addEventListener('online', callback)
  window.addEventListener('offline', callback)
  return () => {
    window.removeEventListener('online', callback)
    window.removeEventListener('offline', callback)
  }
}

export function Banners() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  const { line, lastHeard } = useLive()
  const store = useStore()
  const now = useNow(5_000)
  const age = store?.as_of ? ` Figures on screen are from ${ageText(store.as_of, now)}.` : ''
  if (!online) {
    return (
      <Banner icon={<WifiOff aria-hidden="true" className="mt-0.5 size-4 shrink-0" />}>
        You are offline.{age}
      </Banner>
    )
  }
  if (line === 'lost') {
    const heard = lastHeard ? ` Last word ${ageText(new Date(lastHeard).toISOString(), now)}.` : ''
    return (
      <Banner icon={<Plug aria-hidden="true" className="mt-0.5 size-4 shrink-0" />}>
        The live line to the server is cut; trying again.{heard}
        {age}
      </Banner>
    )
  }
  return null
}

function Banner({ icon, children }: { icon: React.ReactNode; children: React.ReactNode }) {
  return (
    <p role="status" className="flex gap-2 border-b border-warn bg-warn-wash px-4 py-2 text-sm lg:px-6">
      {icon}
      <span>{children}</span>
    </p>
  )
}
