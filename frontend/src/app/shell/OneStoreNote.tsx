/** Lists and single things belong to one store: where all are chosen, this says whose are shown. */
import { useLocation } from '@tanstack/react-router'
import { paths } from '@/shared/paths'
import { useStore, useView } from '@/shared/range/use-range'

const TOGETHER: string[] = [paths.pulse, paths.pnl]
const OF_NO_STORE = [
  paths.settings,
  paths.connections,
  paths.start,
  '/syncs',
  paths.inbox,
  paths.changeSets,
  '/runs',
  paths.jobs,
]

export function OneStoreNote() {
  const view = useView()
  const store = useStore()
  const path = useLocation({ select: location => location.pathname })
  if (!view?.all || !store) return null
  if (TOGETHER.includes(path) || OF_NO_STORE.some(start => path.startsWith(start))) return null
  return (
    <p role="status" className="border-b border-rule bg-slate-wash px-4 py-2 text-sm lg:px-6">
      This page is of one store: {store.name}, in its own currency. Pulse and P&amp;L show all stores
      together.
    </p>
  )
}
