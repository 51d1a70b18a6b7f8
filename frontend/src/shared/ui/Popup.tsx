/** A small window over the page: a form, or something that is shown once. */
import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

interface PopupProps {
  title: string
  about?: ReactNode
  onClose: () => void
  children: ReactNode
}

export function Popup({ title, about, onClose, children }: PopupProps) {
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <Dialog.Popup className="popup fixed inset-x-2 top-[6dvh] z-50 mx-auto flex max-h-[88dvh] max-w-lg flex-col">
          <header className="flex items-start justify-between gap-3 px-5 pt-4">
            <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="-mr-2 grid size-9 shrink-0 place-items-center rounded-md text-soft hover:bg-sunk"
            >
              <X aria-hidden="true" className="size-4" />
            </Dialog.Close>
          </header>
          {about && (
            <Dialog.Description className="px-5 pb-1 text-sm text-soft" render={<div />}>
              {about}
            </Dialog.Description>
          )}
          <div className="overflow-y-auto px-5 pt-3 pb-5">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
