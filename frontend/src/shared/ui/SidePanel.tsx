/** A panel from the side, or the whole screen on a phone. */
import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { afterPaint } from './after-paint'

interface SidePanelProps {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
}

export function SidePanel({ open, onClose, title, children }: SidePanelProps) {
  return (
    <Dialog.Root open={open} onOpenChange={next => !next && afterPaint(onClose)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <Dialog.Popup className="popup fixed inset-y-0 right-0 z-50 flex w-full max-w-md flex-col rounded-none sm:inset-y-3 sm:right-3 sm:rounded-lg">
          <div className="flex items-center justify-between gap-3 border-b border-rule px-5 py-3.5">
            <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-9 place-items-center rounded-md text-soft hover:bg-sunk"
            >
              <X aria-hidden="true" className="size-4" />
            </Dialog.Close>
          </div>
          <div className="flex-1 overflow-y-auto px-5 py-4">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
