/** What one product earned, from what it costs and at which price. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { ProductAnswer, Store } from '@/shared/api/types'
import { CoverageParts } from '@/shared/figures/CoverageParts'
import { LazyPassport, useExplained } from '@/shared/figures/LazyPassport'
import { count, money } from '@/shared/format/money'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange, type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useSetRange, useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { MarginBridge } from './MarginBridge'
import { MarginOverTime } from './MarginOverTime'
import { OrdersOfIt } from './OrdersOfIt'
import { PriceHistory } from './PriceHistory'
import { ProductChart } from './ProductChart'
import { productQuery } from './queries'
import { RefundRate } from './RefundRate'
import { VariantTable } from './VariantTable'

const DiscountPanel = lazy(() => import('./DiscountPanel'))
const PricePanel = lazy(() => import('./PricePanel'))

/** All variants of the product, or one. */
type Pricing = { variant: string | undefined }

export function ProductPage() {
  const { id } = useParams({ strict: false })
  const store = useStore()
  const range = useRange()
  if (!store || !range || !id) return <Loading label="Loading the product" rows={10} />
  return <ProductOf id={id} store={store} range={range} />
}

function ProductOf({ id, store, range }: { id: string; store: Store; range: Range }) {
  const { data, error, refetch } = useQuery(productQuery(id, store.id, range))
  if (error && !data) {
    return (
      <Page title="Product">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!data) return <Loading label="Loading the product" rows={10} />
  return <ProductView answer={data} store={store} range={range} />
}

function ProductView({ answer, store, range }: { answer: ProductAnswer; store: Store; range: Range }) {
  const { product, performance, currency } = answer
  const without = product.variants_without_cost
  const may = useMay('changes:write')
  const [pricing, setPricing] = useState<Pricing | null>(null)
  const [discounting, setDiscounting] = useState(false)
  return (
    <Page
      title={product.title}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {[product.vendor, product.product_type].filter(Boolean).join(' · ')}
          <Badge tone={product.status.toLowerCase() === 'active' ? 'good' : 'neutral'}>
            {words(product.status)}
          </Badge>
          {product.inventory != null && <span>{count(product.inventory)} in stock</span>}
        </span>
      }
      actions={
        <>
          {may && <Button onClick={() => setPricing({ variant: undefined })}>Change prices</Button>}
          {may && <Button onClick={() => setDiscounting(true)}>Give a discount</Button>}
          <Link
            to={paths.orders}
            search={old => ({ ...keepRange(old), product_id: product.id })}
            className={buttonClass('plain')}
          >
            Orders with it
          </Link>
          <Link to={paths.products} search={keepRange} className={buttonClass('quiet')}>
            All products
          </Link>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        {without > 0 && (
          <Note tone="warn">
            {without === product.variants_count
              ? 'No variant has'
              : `${without} of ${product.variants_count} variants have no`}
            {without === product.variants_count ? ' a known cost' : ' known cost'}: what they bring is shown,
            what they earn is not known.{' '}
            <Link
              to={paths.costs}
              search={old => ({ ...keepRange(old), state: 'missing', q: product.id })}
              className="font-semibold underline"
            >
              Tell it under Costs
            </Link>{' '}
            or enter “cost per item” in Shopify; the next sync takes it.
          </Note>
        )}
        {performance ? <Earned answer={answer} store={store} range={range} /> : <NotSold />}
        <PriceHistory answer={answer} range={range} />
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <Section title="Variants" note={`Prices and costs in ${currency}`} flush>
            <VariantTable
              variants={product.variants}
              earned={answer.variants_performance}
              currency={currency}
              onPrice={may ? variant => setPricing({ variant }) : undefined}
            />
          </Section>
          <div className="flex min-w-0 flex-col gap-5">
            {performance && <RefundRate id={product.id} store={store} range={range} />}
            <OrdersOfIt id={product.id} store={store} range={range} />
          </div>
        </div>
      </div>
      {discounting && (
        <Suspense>
          <DiscountPanel store={store} products={[product.id]} onClose={() => setDiscounting(false)} />
        </Suspense>
      )}
      {pricing && (
        <Suspense>
          <PricePanel
            store={store}
            range={range}
            products={[product.id]}
            variant={pricing.variant}
            onClose={() => setPricing(null)}
          />
        </Suspense>
      )}
    </Page>
  )
}

const REASONS: Record<string, string> = {
  shipping_cost: 'Not told yet: enter a shipping table under Costs.',
  ad_spend: 'Ad spend belongs to days, not to products.',
  fixed_costs: 'Fixed costs belong to days, not to products.',
  cost_of_goods: 'No cost is told for what was sold.',
  cm1: 'No cost is told for what was sold, so neither is what it earned.',
  cm2: 'No cost is told for what was sold, so neither is what it earned.',
  cm3: 'No cost is told for what was sold, so neither is what it earned.',
  net_profit: 'No cost is told for what was sold, so neither is what it earned.',
}

function Earned({ answer, store, range }: { answer: ProductAnswer; store: Store; range: Range }) {
  const explained = useExplained()
  const { performance, currency } = answer
  if (!performance) return null
  const scope = {
    store: store.id,
    from: range.from,
    to: range.to,
    currency: undefined,
    product: answer.product.id,
  }
  return (
    <>
      <Section
        title="Where the money goes"
        note={`${rangeTitle(range)} · ${rangeDetail(range)} · press a step for where it comes from`}
      >
        <p className="mb-3 text-sm text-soft">
          {count(performance.units)} units in {count(performance.orders_containing ?? performance.orders)}{' '}
          orders, {money(performance.net_sales, currency)} net sales.
        </p>
        <div className="mb-4 max-w-md">
          <CoverageParts coverage={performance.coverage} product={answer.product.id} />
        </div>
        <MarginBridge
          row={performance}
          unavailable={REASONS}
          currency={currency}
          onExplain={explained.explain}
        />
      </Section>
      <Section title="Day by day">
        <ProductChart answer={answer} range={range} />
      </Section>
      <MarginOverTime answer={answer} range={range} />
      <LazyPassport explained={explained} scope={scope} />
    </>
  )
}

function NotSold() {
  const setRange = useSetRange()
  return (
    <div className="sheet">
      <Empty
        title="Not sold in this period"
        action={
          <Button
            kind="primary"
            onClick={() => void setRange({ range: 'all', from: undefined, to: undefined })}
          >
            Show everything
          </Button>
        }
      />
    </div>
  )
}
