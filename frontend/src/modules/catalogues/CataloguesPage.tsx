/** Suppliers that are read by their interface: how they stand, what changed there, and what they offer. */

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { supplierAccountsQuery } from '@/shared/api/queries'
import type { Store, SupplierAccount } from '@/shared/api/types'
import { plural } from '@/shared/format/words'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { Abilities } from './Abilities'
import { Accounts } from './Accounts'
import { Changes } from './Changes'
import { Mappings } from './Mappings'
import { Products } from './Products'
import { Touched } from './Touched'

const Connect = lazy(() => import('./Connect'))

export function CataloguesPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the catalogues" rows={8} />
  return <CataloguesOf key={store.id} store={store} />
}

function CataloguesOf({ store }: { store: Store }) {
  const { data, error, refetch } = useQuery(supplierAccountsQuery)
  const [connecting, setConnecting] = useState(false)
  const accounts = data?.filter(of => of.store_id === store.id)
  const connect = (
    <Only may="connections:write">
      <Button onClick={() => setConnecting(true)}>Connect a supplier</Button>
    </Only>
  )
  const none = accounts?.length === 0
  return (
    <Page title="Catalogues" lead={<Lead accounts={accounts} />} actions={accounts && !none && connect}>
      {connecting && (
        <Suspense>
          <Connect
            storeId={store.id}
            connected={accounts?.map(of => of.platform) ?? []}
            onClose={() => setConnecting(false)}
          />
        </Suspense>
      )}
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the catalogues" rows={8} />}
      {accounts && (
        <div className="flex flex-col gap-5">
          {none ? (
            <div className="sheet">
              <Empty title="No supplier is connected yet" action={connect}>
                Connect CJdropshipping, Printful or AutoDS: what your searches find there is read with prices,
                stock and what sending it to your main countries costs, and scored among your opportunities.
                AutoDS and Spocket may also be read by a REST contract of your own. Lists of other suppliers
                come as files.
              </Empty>
            </div>
          ) : (
            <Accounts accounts={accounts} />
          )}
          {!none && <Changes store={store} />}
          <Touched store={store} />
          <Mappings store={store} />
          <Products store={store} />
          <Abilities />
        </div>
      )}
    </Page>
  )
}

function Lead({ accounts }: { accounts: SupplierAccount[] | undefined }) {
  const bad = accounts?.filter(of => of.state !== 'ok').length ?? 0
  if (bad > 0) return `${bad} ${plural(bad, 'supplier needs', 'suppliers need')} a look`
  return 'What suppliers offer, and what changed there.'
}
