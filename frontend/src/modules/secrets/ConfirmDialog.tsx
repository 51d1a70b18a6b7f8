/** Asks once more before something that cannot be taken back. */
import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { Button } from '@/shared/ui/Button'

interface ConfirmDialogProps {
  title: string
  children: ReactNode
  action: string
  danger?: boolean
  busy: boolean
  error: Error | null
  onConfirm: () => void
  onClose: () => void
}

export default function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open onOpenChange={open => !open && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <AlertDialog.Popup className="popup fixed inset-x-2 top-[15dvh] z-50 mx-auto max-w-md p-5">
          <AlertDialog.Title className="text-lg font-semibold wrap-anywhere">{props.title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-soft">
            {props.children}
          </AlertDialog.Description>
          {props.error && (
            <p role="alert" className="mt-3 text-sm text-bad">
              {props.error.message}
            </p>
          )}
          <div className="mt-5 flex justify-end gap-2">
            <Button onClick={props.onClose}>Cancel</Button>
            <Button kind={props.danger ? 'danger' : 'primary'} busy={props.busy} onClick={props.onConfirm}>
              {props.action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
