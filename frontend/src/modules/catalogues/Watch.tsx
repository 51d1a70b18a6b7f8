/** Changes what is looked for at a supplier. */
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { SupplierAccount } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Popup } from '@/shared/ui/Popup'
import { ContractFields } from './ContractFields'
import { useWatch } from './queries'
import { contractOf, draftOfContract } from './rest-contract'
import { draftOf, read, WatchFields } from './WatchFields'

export default function Watch({ account, onClose }: { account: SupplierAccount; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(account.watch))
  const [contract, setContract] = useState(() => draftOfContract(account.rest))
  const [own, setOwn] = useState<Record<string, string>>({})
  const save = useWatch(account.id, onClose)
  const faults = { ...fieldErrors(save.error), ...own }
  const send = (event: FormEvent) => {
    event.preventDefault()
    const watch = read(draft, account.platform)
    setOwn('faults' in watch ? watch.faults : {})
    if (!('faults' in watch))
      save.mutate({
        version: account.version,
        watch,
        ...(account.rest && { rest: contractOf(contract) }),
      })
  }
  return (
    <Popup
      title={`What is looked for at ${account.name}`}
      about="It holds from the next reading on."
      onClose={onClose}
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <WatchFields platform={account.platform} draft={draft} faults={faults} onChange={setDraft} />
        {account.rest && (
          <>
            <p className="text-sm">
              <span className="font-semibold">Its contract.</span> {account.name} is asked by it before it is
              kept. For another host, disconnect it and connect it with its key.
            </p>
            <ContractFields draft={contract} faults={faults} onChange={setContract} />
          </>
        )}
        {save.error && Object.keys(faults).length === 0 && (
          <p role="alert" className="text-sm text-bad">
            {explain(save.error)}
          </p>
        )}
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Popup>
  )
}
