import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { Connection } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { useDisconnect } from './queries'

export default function DisconnectDialog({
  connection,
  onClose,
}: {
  connection: Connection
  onClose: () => void
}) {
  const disconnect = useDisconnect()
  return (
    <AlertDialog.Root open onOpenChange={open => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <AlertDialog.Popup className="popup fixed inset-x-2 top-[15dvh] z-50 mx-auto max-w-md p-5">
          <AlertDialog.Title className="text-lg font-semibold">
            Disconnect {connection.name}?
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-soft">
            Nothing more is fetched, and the stored access is deleted. The facts that are here already stay.
          </AlertDialog.Description>
          {disconnect.error && (
            <p role="alert" className="mt-3 text-sm text-bad">
              {disconnect.error.message}
            </p>
          )}
          <div className="mt-5 flex justify-end gap-2">
            <Button onClick={onClose}>Keep it</Button>
            <Button
              kind="danger"
              busy={disconnect.isPending}
              onClick={() => disconnect.mutate(connection.id, { onSuccess: onClose })}
            >
              Disconnect
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
