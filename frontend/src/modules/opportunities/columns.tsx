import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Opportunity, SourcedAmount } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Absent } from '@/shared/ui/Amount'
import type { Column } from '@/shared/ui/data-columns'
import { SupplierPicture } from '@/shared/ui/SupplierPicture'
import { Badges } from './OpportunityCard'
import { amountText, intervalText, leadText, marginText, reasonOf, scoreText, whyNoMargin } from './words'

export function opportunityColumns(): Column<Opportunity>[] {
  const amount = (figure: SourcedAmount, currency: string): ReactNode => {
    const text = amountText(figure, currency)
    return text === null ? <Absent reason={reasonOf(figure)} /> : <span className="numeral">{text}</span>
  }
  return [
    {
      id: 'title',
      header: 'Product',
      cell: of => (
        <div className="flex items-start gap-3">
          <SupplierPicture
            id={of.supplier_leads[0]?.supplier_product_id}
            title={of.title}
            told={of.image_url != null}
            className="max-sm:hidden"
          />
          <div className="min-w-0">
            <Link
              to={paths.opportunity}
              params={{ id: of.id }}
              search={keepRange}
              className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
            >
              {of.title}
            </Link>
            <span className="block text-xs text-faint wrap-anywhere">{leadText(of.supplier_leads[0])}</span>
            <Badges of={of} />
          </div>
        </div>
      ),
    },
    {
      id: 'price',
      header: 'Price',
      align: 'right',
      cell: of => amount(of.price, of.currency),
    },
    {
      id: 'landed',
      header: 'Landed cost',
      align: 'right',
      from: 'md',
      cell: of => amount(of.landed_cost.total, of.currency),
    },
    {
      id: 'margin',
      header: 'Margin',
      align: 'right',
      from: 'sm',
      cell: of => {
        const text = marginText(of)
        return text === null ? <Absent reason={whyNoMargin(of)} /> : <span className="numeral">{text}</span>
      },
    },
    {
      id: 'break-even',
      header: 'Ads to break even',
      align: 'right',
      from: 'lg',
      cell: of => amount(of.break_even_cost_per_order, of.currency),
    },
    {
      id: 'known',
      header: 'Known',
      align: 'right',
      from: 'lg',
      cell: of => <span className="numeral">{of.confidence_score} %</span>,
    },
    {
      id: 'score',
      header: 'Score',
      align: 'right',
      cell: of => (
        <>
          <span className="numeral font-semibold">{scoreText(of.score)}</span>
          <span className="block text-xs whitespace-nowrap text-faint">{intervalText(of)}</span>
        </>
      ),
    },
  ]
}
