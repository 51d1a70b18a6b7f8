import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { explain } from '@/shared/api/problem'
import { Button } from './Button'

interface ConfirmProps {
  title: string
  children: ReactNode
  action: string
  keep?: string
  busy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  title,
  children,
  action,
  keep = 'Keep it',
  busy,
  error,
  onConfirm,
  onClose,
}: ConfirmProps) {
  return (
    <AlertDialog.Root open onOpenChange={open => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <AlertDialog.Popup className="popup fixed inset-x-2 top-[15dvh] z-50 mx-auto max-w-md p-5">
          <AlertDialog.Title className="text-lg font-semibold wrap-anywhere">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-soft">{children}</AlertDialog.Description>
          {error != null && (
            <p role="alert" className="mt-3 text-sm text-bad">
              {explain(error)}
            </p>
          )}
          <div className="mt-5 flex justify-end gap-2">
            <Button onClick={onClose}>{keep}</Button>
            <Button kind="danger" busy={busy} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
