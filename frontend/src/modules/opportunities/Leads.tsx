/** Who offers it, the best first: what it costs there, when it comes, and whether it is there. */
import { lazy, Suspense, useState } from 'react'
import type { Opportunity, SupplierLead } from '@/shared/api/types'
import { number } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { countryName } from '@/shared/format/words'
import { useMay } from '@/shared/session/may'
import { Absent } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { SupplierPicture } from '@/shared/ui/SupplierPicture'
import { amountText, daysText, PLATFORMS, PRESENCE, reasonOf, sameText } from './words'

const SplitPopup = lazy(() => import('./SplitPopup'))
const JoinPopup = lazy(() => import('./JoinPopup'))

export function Leads({ of }: { of: Opportunity }) {
  const may = useMay('opportunities:write')
  const [split, setSplit] = useState<SupplierLead | null>(null)
  const [joins, setJoins] = useState(false)
  if (of.supplier_leads.length === 0)
    return <p className="p-4 text-sm text-soft sm:px-5">Nobody offers it any more.</p>
  return (
    <>
      <ul aria-label="Offers">
        {of.supplier_leads.map(lead => (
          <li key={lead.supplier_product_id} className="border-t border-rule px-4 py-3 sm:px-5">
            <Offer lead={lead} title={of.title} all={of.supplier_leads} currency={of.currency} />
            {may && of.supplier_leads.length > 1 && (
              <Button kind="quiet" onClick={() => setSplit(lead)} className="-ml-3">
                It is another thing
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-rule px-4 py-3 sm:px-5">
        {may && <Button onClick={() => setJoins(true)}>Add an offer of the same thing</Button>}
        <p className="text-xs text-faint">
          Offers are put together by barcode, title, and picture with title.
        </p>
      </div>
      {split && (
        <Suspense>
          <SplitPopup of={of} lead={split} onClose={() => setSplit(null)} />
        </Suspense>
      )}
      {joins && (
        <Suspense>
          <JoinPopup of={of} onClose={() => setJoins(false)} />
        </Suspense>
      )}
    </>
  )
}

interface OfferProps {
  lead: SupplierLead
  title: string
  all: SupplierLead[]
  currency: string
}

function Offer({ lead, title, all, currency }: OfferProps) {
  const same = sameText(lead, all)
  const presence = PRESENCE[lead.presence]
  const facts = [
    { label: 'Product', value: amountText(lead.product, currency), why: reasonOf(lead.product) },
    { label: 'Shipping', value: amountText(lead.shipping, currency), why: reasonOf(lead.shipping) },
    { label: 'With a customer in', value: daysText(lead), why: 'The list tells no time to where orders go.' },
    {
      label: 'Rating',
      value: lead.rating == null ? null : `${number(lead.rating, 2)} of 5`,
      why: 'The supplier’s list has no rating.',
    },
  ]
  return (
    <div className="grid gap-x-5 gap-y-2 text-sm sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <div className="flex min-w-0 items-start gap-3">
        <SupplierPicture id={lead.supplier_product_id} title={title} told={lead.has_image} size="md" />
        <div className="min-w-0">
          <p className="font-semibold wrap-anywhere">{lead.supplier ?? 'A supplier without a name'}</p>
          <p className="text-xs text-faint">
            {[
              PLATFORMS[lead.platform],
              lead.ships_from && `from ${lead.ships_from}`,
              `told ${ageText(lead.observed_at)}`,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {same && <p className="text-xs text-soft wrap-anywhere">{same}</p>}
          <span className="mt-1 flex flex-wrap gap-1">
            <Badge tone={presence.tone}>{presence.label}</Badge>
            {!lead.orderable && <Badge tone="warn">Only ranges of prices</Badge>}
          </span>
          {lead.url && (
            <a
              href={lead.url}
              target="_blank"
              rel="noreferrer noopener"
              className="mt-1 inline-flex min-h-6 items-center text-xs underline decoration-dotted underline-offset-4"
            >
              To the offer
            </a>
          )}
        </div>
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 lg:grid-cols-4">
        {facts.map(({ label, value, why }) => (
          <div key={label} className="min-w-0">
            <dt className="text-xs text-soft">{label}</dt>
            <dd className="numeral">{value ?? <Absent reason={why} />}</dd>
          </div>
        ))}
      </dl>
      {lead.times.length > 0 && <Times times={lead.times} />}
    </div>
  )
}

/** To each country to which orders go: how long, of how many orders, and how old that is. */
function Times({ times }: { times: SupplierLead['times'] }) {
  return (
    <ul aria-label="Days by country" className="flex flex-wrap gap-x-5 gap-y-1 text-xs sm:col-span-2">
      {times.map(time => (
        <li key={time.country}>
          <span className="text-soft">
            {countryName(time.country)}, {number(time.orders_percent, 0)} % of orders:{' '}
          </span>
          {time.min_days == null || time.max_days == null ? (
            <span className="text-faint">nobody tells</span>
          ) : (
            <>
              <span className="numeral">{daysText(time)}</span>
              <span className="text-faint">
                {' '}
                · {time.source?.startsWith('api:') ? 'quoted' : 'from a list'} {ageText(time.observed_at)}
              </span>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
