import { Link } from '@tanstack/react-router'
import type { Campaign } from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Absent, Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import type { Column } from '@/shared/ui/data-columns'
import { PLATFORMS, STATUSES, times } from './words'

function Ratio({ value, reason }: { value: number | null | undefined; reason: string | undefined }) {
  if (value == null) return <Absent reason={reason} />
  return <span className="numeral">{times(value)}</span>
}

/** Of campaigns, whose names lead to their pages, or of the ad sets of one. */
export function campaignColumns(linked: boolean): Column<Campaign>[] {
  return [
    {
      id: 'name',
      header: linked ? 'Campaign' : 'Ad set',
      value: of => of.name,
      sortable: true,
      cell: of => (
        <>
          {linked ? (
            <Link
              to={paths.campaign}
              params={{ id: of.id }}
              search={keepRange}
              className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
            >
              {of.name}
            </Link>
          ) : (
            // Google leaves most ads without a name.
            <span className="font-semibold wrap-anywhere">{of.name || of.number}</span>
          )}
          <span className="mt-0.5 flex flex-wrap items-center gap-1.5 text-xs text-faint">
            {PLATFORMS[of.platform]}
            <Badge tone={STATUSES[of.status].tone}>{STATUSES[of.status].label}</Badge>
            {of.provisional && <Badge tone="slate">Provisional</Badge>}
          </span>
        </>
      ),
    },
    {
      id: 'spent',
      header: 'Spent',
      align: 'right',
      sortable: true,
      decimal: true,
      value: of => of.spent,
      cell: of => <Amount value={of.spent} currency={of.currency} />,
    },
    {
      id: 'conversions',
      header: 'Claimed purchases',
      align: 'right',
      from: 'md',
      cell: of =>
        of.purchases_by ? (
          <span className="numeral">{number(of.conversions, 1)}</span>
        ) : (
          <Absent reason={of.unavailable.conversions} />
        ),
    },
    {
      id: 'clicks',
      header: 'Clicks',
      align: 'right',
      from: 'lg',
      cell: of => <span className="numeral">{count(of.clicks)}</span>,
    },
    {
      id: 'roas',
      header: 'ROAS',
      align: 'right',
      from: 'sm',
      sortable: true,
      decimal: true,
      value: of => (of.roas == null ? undefined : String(of.roas)),
      cell: of => <Ratio value={of.roas} reason={of.unavailable.roas} />,
    },
    {
      id: 'poas',
      header: 'POAS',
      align: 'right',
      sortable: true,
      decimal: true,
      value: of => (of.poas == null ? undefined : String(of.poas)),
      cell: of => <Ratio value={of.poas} reason={of.unavailable.poas ?? of.unavailable.roas} />,
    },
    {
      id: 'profit',
      header: 'Profit',
      align: 'right',
      from: 'md',
      sortable: true,
      decimal: true,
      value: of => of.profit,
      cell: of => (
        <Amount
          value={of.profit}
          currency={of.currency}
          style="signed"
          reason={of.unavailable.poas ?? of.unavailable.roas}
        />
      ),
    },
  ]
}
