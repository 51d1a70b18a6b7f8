import { Link } from '@tanstack/react-router'
import { useStores } from '@/shared/api/queries'
import type { Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, spanText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { buttonClass } from '@/shared/ui/Button'
import { Empty, Failure, Loading } from '@/shared/ui/States'

export function StoresSection() {
  const { data: stores, error, refetch } = useStores()
  const add = (
    <Link to={paths.start} className={buttonClass('plain')}>
      Add a store
    </Link>
  )
  return (
    <SettingsSection
      title="Stores"
      lead="A store’s currency and calendar come from its provider: days begin at midnight there."
      actions={add}
    >
      {error && !stores && <Failure error={error} onRetry={() => void refetch()} />}
      {!stores && !error && <Loading label="Loading the stores" rows={3} />}
      {stores?.length === 0 && (
        <div className="sheet">
          <Empty title="No store yet" action={add}>
            Figures need orders, and orders come from a store.
          </Empty>
        </div>
      )}
      {stores?.map(store => (
        <StoreCard key={store.id} store={store} />
      ))}
    </SettingsSection>
  )
}

function StoreCard({ store }: { store: Store }) {
  const facts: [string, string][] = [
    ['Address', store.shop_domain],
    ['Currency', store.currency],
    ['Calendar', store.timezone],
    ['Orders', count(store.orders)],
    [
      'Days',
      store.first_day && store.last_day ? spanText(store.first_day, store.last_day) : 'none with orders yet',
    ],
    ['Facts from', ageText(store.as_of)],
  ]
  return (
    <article aria-label={store.name} className="sheet p-4 sm:p-5">
      <h3 className="mb-3 flex flex-wrap items-center gap-2 text-base font-semibold">
        {store.name}
        {store.is_sandbox && <Badge tone="brass">Sandbox</Badge>}
      </h3>
      <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4 border-b border-rule pb-2">
            <dt className="text-soft">{name}</dt>
            <dd className="min-w-0 text-right wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
