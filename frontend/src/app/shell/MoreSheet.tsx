/** All pages, on a phone: what does not fit into the bottom bar is one tap away. */
import { Dialog } from '@base-ui/react/dialog'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useState } from 'react'
import { keepRange } from '@/shared/range/range'
import type { DeferredPart } from '@/shared/ui/Deferred'
import { useGroups } from './places'

export default function MoreSheet({ defaultOpen, label, className, children }: DeferredPart) {
  const [open, setOpen] = useState(defaultOpen)
  const groups = useGroups()
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger aria-label={label} className={className}>
        {children}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <Dialog.Popup className="popup fixed inset-x-0 bottom-0 z-50 max-h-[85dvh] overflow-y-auto rounded-b-none px-4 pt-3 pb-[calc(1rem+env(safe-area-inset-bottom))]">
          <header className="mb-2 flex items-center justify-between">
            <Dialog.Title className="text-lg font-semibold">All pages</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-9 place-items-center rounded-md text-soft hover:bg-sunk"
            >
              <X aria-hidden="true" className="size-4" />
            </Dialog.Close>
          </header>
          <nav aria-label="All pages" className="flex flex-col gap-3">
            {groups.map(group => (
              <section key={group.label} aria-label={group.label ?? 'Overview'}>
                {group.label && <p className="label-caps pb-1">{group.label}</p>}
                <ul className="grid grid-cols-2 gap-2">
                  {group.places.map(place => (
                    <li key={place.to}>
                      <Link
                        to={place.to}
                        search={keepRange}
                        activeOptions={{ exact: place.to === '/', includeSearch: false }}
                        onClick={() => setOpen(false)}
                        className="flex min-h-12 items-center gap-2.5 rounded-md border border-rule px-3 text-sm font-medium aria-[current=page]:border-brass aria-[current=page]:text-brass"
                      >
                        <place.icon aria-hidden="true" className="size-4.5 shrink-0" strokeWidth={1.75} />
                        <span className="min-w-0">{place.label}</span>
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </nav>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
