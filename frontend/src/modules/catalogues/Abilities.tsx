/** What can be done at each platform, and how. What is not supported is said, and refused. */
import { useQuery } from '@tanstack/react-query'
import type { SupplierPlatformInfo } from '@/shared/api/types'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Section } from '@/shared/ui/Page'
import { platformsQuery } from './queries'
import { ABILITIES } from './words'

const ability = (
  id: 'price' | 'stock' | 'shipping' | 'place_order' | 'call_off' | 'tracking',
  header: string,
  from?: 'sm' | 'md' | 'lg',
): Column<SupplierPlatformInfo> => ({
  id,
  header,
  ...(from && { from }),
  cell: of => <span className={of[id] === 'none' ? 'text-faint' : undefined}>{ABILITIES[of[id]]}</span>,
})

const COLUMNS: Column<SupplierPlatformInfo>[] = [
  { id: 'name', header: 'Platform', cell: of => <span className="font-semibold">{of.name}</span> },
  ability('price', 'Prices', 'sm'),
  ability('stock', 'Stock', 'md'),
  ability('shipping', 'Shipping', 'lg'),
  ability('place_order', 'Orders'),
  ability('call_off', 'Calling off, unpaid', 'lg'),
  ability('tracking', 'Tracking', 'md'),
]

export function Abilities() {
  const { data } = useQuery(platformsQuery)
  if (!data) return null
  return (
    <Section
      title="What each platform can do"
      note="What the platform itself offers; no order is placed there from here"
      flush
    >
      <DataTable label="What each platform can do" rows={data} columns={COLUMNS} rowKey={of => of.platform} />
    </Section>
  )
}
