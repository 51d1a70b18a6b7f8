/** The ads of one campaign. They are read from the platform, and only once somebody asks for them. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CampaignAd } from '@/shared/api/types'
import type { Range } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { campaignColumns } from './columns'
import { adsQuery } from './queries'

const COLUMNS = columns()

/** Those of ad sets, and the ad set that each belongs to. */
function columns(): Column<CampaignAd>[] {
  const own = campaignColumns(false).map(
    ({ cell, value, ...column }): Column<CampaignAd> => ({
      ...column,
      cell: of => cell(of.ad),
      ...(value && { value: (of: CampaignAd) => value(of.ad) }),
    }),
  )
  const [name, ...figures] = own
  const set: Column<CampaignAd> = {
    id: 'ad_set',
    header: 'Ad set',
    from: 'md',
    sortable: true,
    value: of => of.ad_set_name ?? of.ad_set_number,
    cell: of => <span className="text-soft wrap-anywhere">{of.ad_set_name ?? of.ad_set_number}</span>,
  }
  return name ? [{ ...name, header: 'Ad' }, set, ...figures] : figures
}

export function AdsOf({ id, range, platform }: { id: string; range: Range; platform: string }) {
  const [asked, setAsked] = useState(false)
  return (
    <Section
      title="Ads"
      note={`Read from ${platform} when they are asked for`}
      actions={!asked && <Button onClick={() => setAsked(true)}>Show the ads</Button>}
      flush={asked}
    >
      {asked ? (
        <Ads id={id} range={range} platform={platform} />
      ) : (
        <p className="text-sm text-soft">What each ad cost and is claimed to have brought in these days.</p>
      )}
    </Section>
  )
}

function Ads({ id, range, platform }: { id: string; range: Range; platform: string }) {
  const [sort, setSort] = useState('-spent')
  const { data, error, refetch } = useQuery(adsQuery(id, range))
  if (error && !data) {
    return (
      <div className="px-4 pb-4 sm:px-5 sm:pb-5">
        <Failure error={error} onRetry={() => void refetch()} />
      </div>
    )
  }
  if (!data) {
    return (
      <div className="px-4 pb-4 sm:px-5 sm:pb-5">
        <Loading label="Asking for the ads" rows={4} />
      </div>
    )
  }
  if (data.ads.length === 0) return <Empty title={`${platform} lists no ads of it`} />
  return (
    <>
      {data.is_cut && (
        <div className="px-4 pb-3 sm:px-5">
          <Note>{`${platform} lists more ads of it than these ${data.total}.`}</Note>
        </div>
      )}
      <DataTable
        label="Ads"
        rows={data.ads}
        columns={COLUMNS}
        rowKey={row => row.ad.id}
        sort={sort}
        onSort={setSort}
        total={data.total}
      />
    </>
  )
}
