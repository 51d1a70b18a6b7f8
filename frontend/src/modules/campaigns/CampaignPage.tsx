/** One campaign: its days, its ad sets, and what its profit is made of. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { CampaignDetail } from '@/shared/api/types'
import { LineChart } from '@/shared/charts/LineChart'
import { money, number, share } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange, type Range, rangeTitle } from '@/shared/range/range'
import { useRange, useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Absent, Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { AdsOf } from './AdsOf'
import { ChangesOf, changeText } from './ChangesOf'
import { campaignColumns } from './columns'
import { Facts } from './Facts'
import { campaignQuery } from './queries'
import { PLATFORMS, STATUSES, times } from './words'

const CampaignOwn = lazy(() => import('./CampaignOwn'))
const ChangePanel = lazy(() => import('./ChangePanel'))
const COLUMNS = campaignColumns(false)

export function CampaignPage() {
  const { id } = useParams({ strict: false })
  const range = useRange()
  if (!id || !range) return <Loading label="Loading the campaign" rows={8} />
  return <CampaignOf id={id} range={range} />
}

function CampaignOf({ id, range }: { id: string; range: Range }) {
  const { data, error, refetch } = useQuery(campaignQuery(id, range))
  if (error && !data) {
    return (
      <Page title="Campaign">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!data) return <Loading label="Loading the campaign" rows={8} />
  return <CampaignView detail={data} range={range} />
}

function CampaignView({ detail, range }: { detail: CampaignDetail; range: Range }) {
  const [sort, setSort] = useState('-spent')
  const [changing, setChanging] = useState(false)
  const store = useStore()
  const may = useMay('changes:write')
  const { campaign: of, margin } = detail
  const lives = of.status === 'active' || of.status === 'paused'
  const former = of.earlier_names.at(-1)
  const firstOpen = detail.days.find(day => day.provisional)?.day
  const points = detail.days.map(day => ({
    at: day.day,
    values: { spent: day.spent, revenue: day.claimed_revenue },
  }))
  const markers = detail.changes.flatMap(change => {
    const at = change.at.slice(0, 10)
    const counts = change.state === 'applied' && points.some(point => point.at === at)
    return counts ? [{ at, label: `${change.label}: ${changeText(change)}` }] : []
  })
  return (
    <Page
      actions={may && lives && store && <Button onClick={() => setChanging(true)}>Propose a change</Button>}
      title={of.name}
      lead={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to={paths.campaigns}
            search={keepRange}
            className="underline decoration-dotted underline-offset-4"
          >
            Campaigns
          </Link>
          <span>
            {PLATFORMS[of.platform]} {of.number}
          </span>
          <Badge tone={STATUSES[of.status].tone}>{STATUSES[of.status].label}</Badge>
          {former && <span className="text-faint">earlier: {former.name}</span>}
        </span>
      }
    >
      {changing && store && (
        <Suspense>
          <ChangePanel detail={detail} storeId={store.id} onClose={() => setChanging(false)} />
        </Suspense>
      )}
      <div className="flex flex-col gap-5">
        <Facts
          facts={[
            {
              label: `Spent, ${rangeTitle(range)}`,
              value: <Amount value={of.spent} currency={of.currency} />,
              note:
                of.budget &&
                `Budget ${money(of.budget, of.currency)}${of.budget_span === 'day' ? ' a day' : ''}`,
            },
            {
              label: 'POAS',
              value: of.poas == null ? <Absent reason={of.unavailable.poas} /> : times(of.poas),
              note: 'Margin of claimed revenue for each unit of spend',
            },
            {
              label: 'ROAS, claimed',
              value: of.roas == null ? <Absent reason={of.unavailable.roas} /> : times(of.roas),
              note: detail.break_even_roas != null && `Break-even at ${times(detail.break_even_roas)}`,
            },
            {
              label: 'Claimed purchases',
              value: of.purchases_by ? (
                number(of.conversions, 1)
              ) : (
                <Absent reason={of.unavailable.conversions} />
              ),
              note: of.purchases_by && `Counted as ${of.purchases_by}`,
            },
          ]}
        />
        {firstOpen && (
          <Note>
            Days from {dayText(firstOpen)} on are provisional: conversions come late, and the platform still
            corrects them.
          </Note>
        )}
        <Section
          title="Day by day"
          note={`Days of ${detail.ad_account.time_zone}, as the platform tells them`}
        >
          {points.length === 0 ? (
            <Empty title="It did not run in these days" />
          ) : (
            <LineChart
              title="Spend and claimed revenue by day"
              points={points}
              series={[
                { key: 'spent', label: 'Spent', tone: 'bad' },
                { key: 'revenue', label: 'Claimed revenue', tone: 'brass' },
              ]}
              unit={{ kind: 'money', currency: of.currency }}
              markers={markers}
            />
          )}
        </Section>
        <Section title={of.platform === 'meta' ? 'Ad sets' : 'Ad groups'} flush>
          {detail.ad_sets.length === 0 ? (
            <Empty title="None is known yet" />
          ) : (
            <DataTable
              label="Ad sets"
              rows={detail.ad_sets}
              columns={COLUMNS}
              rowKey={row => row.id}
              sort={sort}
              onSort={setSort}
              total={detail.ad_sets.length}
            />
          )}
        </Section>
        {store && (
          <Suspense fallback={<Loading label="Looking at our own orders" rows={2} />}>
            <CampaignOwn id={of.id} storeId={store.id} range={range} />
          </Suspense>
        )}
        <AdsOf id={of.id} range={range} platform={PLATFORMS[of.platform]} />
        <Section title="Changes from here" flush>
          <ChangesOf changes={detail.changes} />
        </Section>
        <p className="max-w-prose text-sm text-soft">
          {margin.share == null
            ? `No margin is known: ${margin.reason ?? ''}.`
            : `The store kept ${share(margin.share)} of net revenue as contribution margin in these days, before ads. Of claimed revenue the same share is taken.`}
        </p>
      </div>
    </Page>
  )
}
