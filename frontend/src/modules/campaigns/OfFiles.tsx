/** Without an ad account: campaigns whose spend came from files, where there are any. */
import { useQuery } from '@tanstack/react-query'
import type { Range } from '@/shared/range/range'
import ProfitOnAds from './ProfitOnAds'
import { adProfitQuery } from './queries'

export default function OfFiles({ storeId, range }: { storeId: string; range: Range }) {
  const { data } = useQuery(adProfitQuery(storeId, range))
  if (!data || data.other_channels.length === 0) return null
  return <ProfitOnAds storeId={storeId} range={range} />
}
