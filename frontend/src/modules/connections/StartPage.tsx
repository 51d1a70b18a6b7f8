/** Where the facts come from: the sandbox store, or a real one. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ApiError, explain, sentence } from '@/shared/api/problem'
import { connectionsQuery, setupQuery, useStores } from '@/shared/api/queries'
import type { Connection, NewConnection } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page } from '@/shared/ui/Page'
import { Loading, Note } from '@/shared/ui/States'
import { useConnect, useSyncAction } from './queries'

const ShopifyForm = lazy(() => import('./ShopifyForm'))
const NewStoreForm = lazy(() => import('./NewStoreForm'))

export function StartPage() {
  const navigate = useNavigate()
  const { data: setup } = useQuery(setupQuery)
  const { data: stores } = useStores()
  const { data: connections } = useQuery(connectionsQuery)
  const connect = useConnect()
  const sync = useSyncAction()
  const [formOpen, setFormOpen] = useState(false)
  const [fileOpen, setFileOpen] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const sandboxes = connections?.filter(connection => connection.is_sandbox).length ?? 0

  const goOn = async (connection: Connection) => {
    const id = connection.current_sync_id ?? (await sync.mutateAsync({ start: connection.id })).id
    await navigate({ to: paths.sync, params: { id }, search: { first: '1' } })
  }
  const begin = async (input: NewConnection) => goOn(await connect.mutateAsync(input))
  const beginSandbox = async () => {
    setTrouble(undefined)
    try {
      await begin({ provider: 'shopify', kind: 'sandbox', start_sync: true })
    } catch (error) {
      setTrouble(
        error instanceof ApiError
          ? sentence(error.problem.errors?.[0]?.message ?? error.message)
          : explain(error),
      )
    }
  }

  const first = stores?.length === 0
  return (
    <Page
      title={first ? 'Where are your orders?' : 'Add a store'}
      lead="The first sync starts at once. Figures appear while it runs, the newest orders first."
    >
      <div className="grid items-start gap-5 lg:grid-cols-2">
        {setup?.sandbox_available && sandboxes < setup.sandboxes && (
          <section aria-labelledby="sandbox-title" className="sheet flex flex-col gap-4 p-5 sm:p-6">
            <div className="flex items-center gap-3">
              <h2 id="sandbox-title" className="text-lg font-semibold">
                {sandboxes > 0 ? 'Another sandbox store' : 'Sandbox store'}
              </h2>
              <Badge tone="brass">No account needed</Badge>
            </div>
            <p className="text-sm text-soft">
              A made-up shop that speaks Shopify’s own protocol on this machine: 18 months of orders with
              discounts, refunds, edits, fees, and some products whose cost is unknown. Everything shown from
              it is marked as sandbox.
            </p>
            {trouble && (
              <div role="alert">
                <Note tone="bad">{trouble}</Note>
              </div>
            )}
            <Button
              kind="primary"
              className="min-h-11 self-start"
              busy={connect.isPending && !formOpen}
              onClick={beginSandbox}
            >
              Use the sandbox store
            </Button>
          </section>
        )}
        <section aria-labelledby="shopify-title" className="sheet flex flex-col gap-4 p-5 sm:p-6">
          <h2 id="shopify-title" className="text-lg font-semibold">
            Your Shopify store
          </h2>
          <p className="text-sm text-soft">
            Nothing in your store is changed without an approval, and the access is stored encrypted on this
            machine.
          </p>
          {formOpen ? (
            <Suspense fallback={<Loading label="Loading the form" rows={4} />}>
              <ShopifyForm onConnect={begin} />
            </Suspense>
          ) : (
            <Button className="min-h-11 self-start" onClick={() => setFormOpen(true)}>
              Connect Shopify
            </Button>
          )}
        </section>
        <section aria-labelledby="files-title" className="sheet flex flex-col gap-4 p-5 sm:p-6">
          <h2 id="files-title" className="text-lg font-semibold">
            CSV files
          </h2>
          <p className="text-sm text-soft">
            Orders and products as Shopify exports them, or a store that is not connected. Every file is
            checked before anything is written, and every import can be undone.
          </p>
          {!first && (
            <Link to={paths.settingsImports} className={buttonClass('plain', 'min-h-11 self-start')}>
              Import into a store
            </Link>
          )}
          {fileOpen ? (
            <Suspense fallback={<Loading label="Loading the form" rows={3} />}>
              <NewStoreForm />
            </Suspense>
          ) : (
            <Button className="min-h-11 self-start" onClick={() => setFileOpen(true)}>
              {first ? 'Import CSV' : 'Start a store from files'}
            </Button>
          )}
        </section>
      </div>
    </Page>
  )
}
