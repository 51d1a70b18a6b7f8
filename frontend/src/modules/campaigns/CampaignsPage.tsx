/** Campaigns judged by the profit that they leave, not by the revenue that they claim. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { CampaignList, Store } from '@/shared/api/types'
import { money, share } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange, type Range } from '@/shared/range/range'
import { useRange, useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Absent, Amount } from '@/shared/ui/Amount'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { Accounts } from './Accounts'
import { campaignColumns } from './columns'
import { Facts } from './Facts'
import { campaignsQuery } from './queries'
import { Scatter } from './Scatter'
import { times } from './words'

const OfFiles = lazy(() => import('./OfFiles'))
const NewCampaign = lazy(() => import('./NewCampaign'))
const ProfitOnAds = lazy(() => import('./ProfitOnAds'))
const ConnectAds = lazy(() => import('./ConnectAds'))
const COLUMNS = campaignColumns(true)

export function CampaignsPage() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the campaigns" rows={8} />
  return <CampaignsOf key={store.id} store={store} range={range} />
}

function CampaignsOf({ store, range }: { store: Store; range: Range }) {
  const { data, error, refetch } = useQuery(campaignsQuery(store.id, range))
  const [connecting, setConnecting] = useState(false)
  const [making, setMaking] = useState(false)
  const own = data?.ad_accounts.filter(of => of.currency != null) ?? []
  const connect = (
    <Only may="connections:write">
      <Button onClick={() => setConnecting(true)}>Connect an ad account</Button>
    </Only>
  )
  const none = data?.ad_accounts.length === 0
  return (
    <Page
      title="Campaigns"
      lead={<Lead list={data} />}
      actions={
        !none &&
        data && (
          <>
            <Link
              to={paths.attribution}
              search={keepRange}
              className="inline-flex min-h-9 items-center text-sm font-semibold underline decoration-dotted underline-offset-4"
            >
              Attribution
            </Link>
            <Only may="changes:write">
              {own.length > 0 && <Button onClick={() => setMaking(true)}>New campaign</Button>}
            </Only>
            {connect}
          </>
        )
      }
    >
      {connecting && (
        <Suspense>
          <ConnectAds storeId={store.id} onClose={() => setConnecting(false)} />
        </Suspense>
      )}
      {making && (
        <Suspense>
          <NewCampaign accounts={own} storeId={store.id} onClose={() => setMaking(false)} />
        </Suspense>
      )}
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the campaigns" rows={8} />}
      {none && (
        <div className="sheet">
          <Empty title="No ad account is connected yet" action={connect}>
            Connect Meta or Google Ads: what each campaign spends stands in your net profit by day, and is set
            against the margin that its sales leave. Spend of other channels comes from a file, under Costs.
          </Empty>
        </div>
      )}
      {none && (
        <Suspense>
          <OfFiles storeId={store.id} range={range} />
        </Suspense>
      )}
      {data && !none && <Judged list={data} storeId={store.id} range={range} />}
    </Page>
  )
}

function Lead({ list }: { list: CampaignList | undefined }) {
  if (!list || list.ad_accounts.length === 0)
    return 'What advertisements cost, and what of it comes back as profit.'
  const losing = list.campaigns.filter(of => of.poas != null && of.poas < 1).length
  if (losing === 0) return `${list.active} ${plural(list.active, 'campaign is', 'campaigns are')} active`
  return `${losing} of ${list.total} ${plural(list.total, 'campaign', 'campaigns')} ${plural(losing, 'costs', 'cost')} more than ${plural(losing, 'it brings', 'they bring')}`
}

function Pace({ list }: { list: CampaignList }) {
  const { projected, limit } = list.pacing
  if (projected == null) return 'Nothing was spent in the last seven days'
  const at = `${money(projected, list.currency)} at the pace of the last week`
  if (limit == null) return at
  const over = Number(projected) > Number(limit)
  return (
    <span className={over ? 'text-bad' : undefined}>
      {at}, {over ? 'above' : 'below'} {money(limit, list.currency)}
    </span>
  )
}

function Judged({ list, storeId, range }: { list: CampaignList; storeId: string; range: Range }) {
  const [sort, setSort] = useState('-spent')
  const ratio = (value: number | null | undefined, field: string) =>
    value == null ? (
      <Absent reason={list.unavailable[field]} />
    ) : (
      <span className="numeral">{times(value)}</span>
    )
  const { currency } = list
  return (
    <div className="flex flex-col gap-5">
      <Facts
        facts={[
          {
            label: 'Spent',
            value: (
              <Amount value={list.total_spent} currency={currency} reason={list.unavailable.total_spent} />
            ),
            note: list.spend_share != null && `${share(list.spend_share)} of net revenue`,
          },
          {
            label: 'This month so far',
            value: (
              <Amount
                value={list.pacing.spent}
                currency={currency}
                reason={list.pacing.unknown ?? undefined}
              />
            ),
            note: <Pace list={list} />,
          },
          {
            label: 'POAS, profit on ad spend',
            value: ratio(list.poas, 'poas'),
            note: 'Above 1 ads earn more than they cost',
          },
          {
            label: 'ROAS, as the platforms claim',
            value: ratio(list.average_roas, 'average_roas'),
            note: list.break_even_roas != null && `Break-even at ${times(list.break_even_roas)}`,
          },
          {
            label: 'MER, revenue for each unit of spend',
            value: ratio(list.mer, 'mer'),
            note: 'All net revenue of the store, whatever brought it',
          },
          {
            label: 'A new customer costs',
            value: (
              <Amount
                value={list.new_customer_cac}
                currency={currency}
                reason={list.unavailable.new_customer_cac ?? 'nobody bought for the first time'}
              />
            ),
            note: 'All spend, by all new customers',
          },
        ]}
      />
      {list.margin.reason ? (
        <Note tone="warn">Profit on spend is not known: {list.margin.reason}.</Note>
      ) : (
        list.campaigns.length > 0 && (
          <Section
            title="Spend and profit on it"
            note="Hollow: some days may still move, because conversions come late"
          >
            <Scatter campaigns={list.campaigns} currency={currency} />
          </Section>
        )
      )}
      <Section title="All campaigns" note="Purchases and revenue are the platforms’ own claims" flush>
        {list.campaigns.length === 0 ? (
          <Empty title="Nothing ran in these days">
            Once the account has been read, its campaigns stand here.
          </Empty>
        ) : (
          <DataTable
            label="Campaigns"
            rows={list.campaigns}
            columns={COLUMNS}
            rowKey={of => of.id}
            sort={sort}
            onSort={setSort}
            total={list.total}
          />
        )}
      </Section>
      <Suspense fallback={<Loading label="Working out what the spend sold" rows={6} />}>
        <ProfitOnAds storeId={storeId} range={range} />
      </Suspense>
      <Accounts accounts={list.ad_accounts} />
    </div>
  )
}
