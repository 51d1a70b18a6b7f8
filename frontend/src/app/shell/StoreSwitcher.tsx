import { ChevronsUpDown } from 'lucide-react'
import { useView } from '@/shared/range/use-range'
import { deferred } from '@/shared/ui/Deferred'

const StoreMenu = deferred(() => import('./StoreMenu'))

export function StoreSwitcher() {
  const view = useView()
  if (!view) return <span className="px-2 text-sm font-semibold text-soft">No store yet</span>
  return (
    <StoreMenu
      label={`Store: ${view.name}`}
      className="flex min-h-9 min-w-14 items-center sm:min-w-24 gap-1.5 rounded-md px-2 text-sm font-semibold hover:bg-sunk sm:max-w-64"
    >
      <span className="truncate">{view.name}</span>
      {view.currency && <span className="text-xs font-medium text-faint">{view.currency}</span>}
      <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
    </StoreMenu>
  )
}
