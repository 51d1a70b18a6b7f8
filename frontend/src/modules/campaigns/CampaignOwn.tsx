/** What our own orders say of one campaign: its sales, what a new customer costs through it, and when that is paid back. */
import { useQuery } from '@tanstack/react-query'
import { count } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import type { Range } from '@/shared/range/range'
import { Absent, Amount } from '@/shared/ui/Amount'
import { Section } from '@/shared/ui/Page'
import { Loading } from '@/shared/ui/States'
import { Facts } from './Facts'
import { OwnAdSets } from './OwnAdSets'
import { adProfitQuery } from './queries'
import { times } from './words'

export default function CampaignOwn({ id, storeId, range }: { id: string; storeId: string; range: Range }) {
  const { data } = useQuery(adProfitQuery(storeId, range))
  if (!data) return <Loading label="Looking at our own orders" rows={2} />
  const of = data.campaigns.find(one => one.campaign.id === id)
  if (!of) return null
  const { currency } = data
  const unnamed = 'no order of these days names it'
  const sold = data.products.filter(one => one.campaigns.some(campaign => campaign.id === id))
  return (
    <>
      <Section
        title="By our own orders"
        note="Last visit before the order; what the platform claims is not in it"
      >
        <Facts
          facts={[
            {
              label: 'Our orders',
              value: of.own ? count(of.own.orders) : <Absent reason={unnamed} />,
              note:
                sold.length > 0 &&
                `Of ${sold
                  .slice(0, 3)
                  .map(one => one.title ?? one.product_id)
                  .join(', ')}${sold.length > 3 ? ' …' : ''}`,
            },
            {
              label: 'Our POAS',
              value:
                of.poas == null ? (
                  <Absent reason={of.own ? 'the cost of something sold is not known' : unnamed} />
                ) : (
                  times(of.poas)
                ),
              note: 'Margin of these orders for each unit of spend',
            },
            {
              label: 'A new customer costs',
              value: (
                <Amount
                  value={of.payback.cac}
                  currency={currency}
                  reason="nobody bought for the first time through it"
                />
              ),
              note: `${count(of.payback.new_customers)} ${plural(of.payback.new_customers, 'new customer')}`,
            },
            {
              label: 'Paid back after',
              value:
                of.payback.payback_days == null ? (
                  <Absent reason={of.payback.reason ?? undefined} />
                ) : (
                  `${of.payback.payback_days} ${plural(of.payback.payback_days, 'day')}`
                ),
              note: 'By what an average customer leaves',
            },
          ]}
        />
      </Section>
      <OwnAdSets id={id} range={range} isMeta={of.campaign.platform === 'meta'} />
    </>
  )
}
