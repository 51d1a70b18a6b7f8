/** What prices and stock at suppliers mean for what the store sells, and what may be done: another price, another supplier, no more ads. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type {
  Store,
  SupplierAlert,
  SupplierAlertCampaign,
  SupplierAlertList,
  SupplierTouched,
} from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { PLATFORMS } from '@/shared/format/ad-platforms'
import { count, money, number } from '@/shared/format/money'
import { asSentence, plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Only } from '@/shared/session/may'
import { Absent } from '@/shared/ui/Amount'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { alertsQuery, useMap } from './queries'

const TONES: Record<SupplierAlert['kind'], Tone> = {
  gone: 'bad',
  out_of_stock: 'bad',
  loses: 'bad',
  thin: 'warn',
  dearer: 'warn',
  cost_unknown: 'neutral',
}

function alertText({ kind, percent }: SupplierAlert): string {
  switch (kind) {
    case 'gone':
      return 'Not offered any more'
    case 'out_of_stock':
      return 'Out of stock there'
    case 'loses':
      return 'Costs more than it sells for'
    case 'thin':
      return `${number(percent ?? 0, 1)}\u202f% margin`
    case 'dearer':
      return `${number(percent ?? 0, 1)}\u202f% dearer than before`
    case 'cost_unknown':
      return 'Cost not known'
  }
}

/** Nothing is shown where there is nothing to know. */
export function Touched({ store }: { store: Store }) {
  const { data, error, isPending, refetch } = useQuery(alertsQuery(store.id))
  if (data && data.looked_at === 0) return null
  return (
    <Section title="What it means for your listings" note={data && noteOf(data)} flush>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading label="Loading what it means" rows={3} />}
      {data && data.total === 0 && (
        <p className="px-4 pb-4 text-sm text-soft sm:px-5">
          Each is in stock at its supplier, and leaves the margin that you ask for.
        </p>
      )}
      {data && data.total > 0 && (
        <ul aria-label="Listings that are touched">
          {data.touched.map(one => (
            <li key={one.mapping_id} className="border-t border-rule px-4 py-3 sm:px-5">
              <Listing of={one} all={data} store={store} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function noteOf(of: SupplierAlertList): string {
  const parts = [
    `${count(of.looked_at)} mapped ${plural(of.looked_at, 'variant')} looked at`,
    `at least ${number(of.least_margin, 0)}\u202f% margin asked for`,
    of.no_fee_reason && 'payment fees are not known',
    of.no_campaigns_reason && `ads are not told: ${of.no_campaigns_reason}`,
    of.orders_not_read > 0 &&
      `${count(of.orders_not_read)} ${plural(of.orders_not_read, 'order names', 'orders name')} no campaign: not read`,
    of.not_looked_at > 0 && `${count(of.not_looked_at)} more not looked at`,
  ]
  return parts.filter(Boolean).join(' · ')
}

interface ListingProps {
  of: SupplierTouched
  all: SupplierAlertList
  store: Store
}

function Listing({ of, all, store }: ListingProps) {
  const propose = usePropose(store.id)
  const map = useMap()
  const amount = (value: string | null | undefined) => (value == null ? null : money(value, all.currency))
  const facts = [
    { label: 'Sold for', value: amount(of.price) },
    { label: 'Costs', value: amount(of.cost) },
    { label: 'Left', value: amount(of.left) },
  ]
  const price = of.suggested_price
  return (
    <div className="grid gap-x-5 gap-y-2 text-sm sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="min-w-0">
        <Link
          to={paths.product}
          params={{ id: of.product_id }}
          search={keepRange}
          className="font-semibold underline decoration-dotted underline-offset-4 wrap-anywhere"
        >
          {of.title}
        </Link>
        <span className="block text-xs text-faint wrap-anywhere">
          {of.supplier} · {of.product_status}
        </span>
        <span className="mt-1 flex flex-wrap gap-1">
          {of.alerts.map(alert => (
            <Badge key={alert.kind} tone={TONES[alert.kind]}>
              {alertText(alert)}
            </Badge>
          ))}
        </span>
      </div>
      <dl className="grid grid-cols-3 gap-x-4">
        {facts.map(({ label, value }) => (
          <div key={label} className="min-w-0">
            <dt className="text-xs text-soft">{label}</dt>
            <dd className="numeral">{value ?? <Absent reason="Nobody tells what it costs." />}</dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap items-center gap-2 sm:col-span-2">
        {price != null && (
          <Only may="changes:write">
            <Button
              busy={propose.isPending}
              onClick={() =>
                propose.mutate({
                  reason: `${of.supplier} asks ${of.cost} ${all.currency} for it: this price leaves the least margin`,
                  edits: [{ kind: 'price', variant_id: of.variant_id, after: price }],
                })
              }
            >
              Propose {amount(price)}
            </Button>
          </Only>
        )}
        {of.instead.map(other => (
          <span key={other.supplier_product_id} className="flex flex-wrap items-center gap-2">
            {other.mapped ? (
              <Badge tone="good">Orders may go to {other.supplier}</Badge>
            ) : (
              <Only may="opportunities:write">
                <Button
                  kind="quiet"
                  disabled={!other.supplier_variant || map.isPending}
                  onClick={() =>
                    map.mutate({
                      variant_id: of.variant_id,
                      supplier_product_id: other.supplier_product_id,
                      supplier_variant: other.supplier_variant ?? '',
                      pieces: 1,
                      suggested: false,
                      store_id: store.id,
                    })
                  }
                >
                  Also have it of {other.supplier}
                  {other.cost != null && ` at ${amount(other.cost)}`}
                </Button>
              </Only>
            )}
          </span>
        ))}
        {of.campaigns.length > 0 && <Running of={of} store={store} />}
        {(propose.error ?? map.error) && (
          <p role="alert" className="text-bad">
            {asSentence((propose.error ?? map.error)?.message ?? '')}
          </p>
        )}
      </div>
    </div>
  )
}

/** Campaigns that run and sold it: each may be paused, by a proposal that waits for approval. */
function Running({ of, store }: { of: SupplierTouched; store: Store }) {
  const propose = usePropose(store.id)
  const why = asSentence(of.alerts.map(alertText).join(', '))
  const pause = (one: SupplierAlertCampaign) =>
    propose.mutate({
      reason: `${of.title} of ${of.supplier}: ${why}`,
      edits: [
        {
          kind: 'ad_status',
          account_id: one.ad_account_id,
          level: 'campaign',
          ad_id: one.number,
          after: 'paused',
        },
      ],
    })
  return (
    <ul aria-label={`Campaigns that sell ${of.title}`} className="flex w-full flex-col divide-y divide-rule">
      {of.campaigns.map(one => (
        <li key={one.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
          <span className="min-w-0 flex-1 basis-56 wrap-anywhere">
            <Link
              to={paths.campaign}
              params={{ id: one.id }}
              search={keepRange}
              className="underline decoration-dotted underline-offset-4"
            >
              {one.name}
            </Link>
            <span className="block text-xs text-faint">
              Runs at {PLATFORMS[one.platform]}; sold {count(one.units)} of the product in {count(one.orders)}{' '}
              {plural(one.orders, 'order', 'orders')} of the last 30 days
            </span>
          </span>
          <Only may="changes:write">
            <Button
              kind="quiet"
              busy={propose.isPending}
              onClick={() => pause(one)}
              aria-label={`Propose to pause ${one.name}`}
            >
              Propose to pause
            </Button>
          </Only>
        </li>
      ))}
      {propose.error && (
        <li role="alert" className="py-1.5 text-bad">
          {asSentence(propose.error.message)}
        </li>
      )}
    </ul>
  )
}
