import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { Mended, ReconciliationFinding } from '@/shared/api/types'
import { plural } from '@/shared/format/words'
import { Button } from '@/shared/ui/Button'
import { useMend } from './queries'

interface MendDialogProps {
  store: string
  day: string
  findings: ReconciliationFinding[]
  onClose: () => void
  onMended: (mended: Mended) => void
}

export default function MendDialog({ store, day, findings, onClose, onMended }: MendDialogProps) {
  const mend = useMend(store)
  const orders = findings.map(finding => finding.order_id)
  return (
    <AlertDialog.Root open onOpenChange={open => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <AlertDialog.Popup className="popup fixed inset-x-2 top-[15dvh] z-50 mx-auto max-w-md p-5">
          <AlertDialog.Title className="text-lg font-semibold">
            Mend {orders.length} {plural(orders.length, 'order')}?
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-soft">
            {findings.map(finding => finding.name).join(', ')}: each is looked up in the shop. What is there
            is read again; what the shop has deleted is removed here, with its sales. Nothing is written to
            the shop. The day is compared again afterwards.
          </AlertDialog.Description>
          {mend.error && (
            <p role="alert" className="mt-3 text-sm text-bad">
              {mend.error.message}
            </p>
          )}
          <div className="mt-5 flex justify-end gap-2">
            <Button onClick={onClose}>Leave it</Button>
            <Button
              kind="primary"
              busy={mend.isPending}
              onClick={() =>
                mend.mutate(
                  { day, orders },
                  {
                    onSuccess: mended => {
                      onMended(mended)
                      onClose()
                    },
                  },
                )
              }
            >
              Mend
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
