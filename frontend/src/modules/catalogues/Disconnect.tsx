/** Asks before a supplier is disconnected. */
import type { SupplierAccount } from '@/shared/api/types'
import { Confirm } from '@/shared/ui/Confirm'
import { useDisconnect } from './queries'

export default function Disconnect({ account, onClose }: { account: SupplierAccount; onClose: () => void }) {
  const disconnect = useDisconnect(onClose)
  return (
    <Confirm
      title={`Disconnect ${account.name}?`}
      action="Disconnect"
      busy={disconnect.isPending}
      error={disconnect.error}
      onConfirm={() => disconnect.mutate(account.id)}
      onClose={onClose}
    >
      Its key is forgotten. What it told stays as it is, and is read by nobody any more.
    </Confirm>
  )
}
