/** Profit and loss as a matrix: figures down, periods across. */
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { ProfitReport } from '@/shared/api/types'
import { CoverageParts } from '@/shared/figures/CoverageParts'
import { coverageSentence } from '@/shared/figures/coverage'
import { LazyPassport, useExplained } from '@/shared/figures/LazyPassport'
import { LeftOut } from '@/shared/figures/LeftOut'
import { type FigureScope, scopeOf } from '@/shared/figures/queries'
import { RatesNote } from '@/shared/figures/RatesNote'
import { type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useSetRange, useView, type View } from '@/shared/range/use-range'
import { Button, buttonClass } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { Matrix } from './Matrix'
import { csvAddress, type Grain, grainOf, pnlQuery } from './queries'

const GRAINS: { key: Grain; label: string }[] = [
  { key: 'day', label: 'Days' },
  { key: 'week', label: 'Weeks' },
  { key: 'month', label: 'Months' },
]

export function PnlPage() {
  const view = useView()
  const range = useRange()
  if (!view || !range) return <Loading label="Loading the report" />
  return <PnlOf view={view} range={range} />
}

function PnlOf({ view, range }: { view: View; range: Range }) {
  const { values, set } = useUrlFilters(['by'] as const)
  const grain = grainOf(values.by, range)
  const { data, error, refetch } = useQuery(pnlQuery(view, range, grain))
  return (
    <Page
      title="Profit and loss"
      lead={`${rangeTitle(range)} · ${rangeDetail(range)}`}
      actions={
        <>
          <fieldset className="flex rounded-md border border-edge p-0.5">
            <legend className="sr-only">Columns</legend>
            {GRAINS.map(entry => (
              <button
                key={entry.key}
                type="button"
                aria-pressed={entry.key === grain}
                onClick={() => void set({ by: entry.key })}
                className={cx(
                  'min-h-8 rounded-sm px-3 text-sm',
                  entry.key === grain ? 'bg-action font-semibold text-on-action' : 'text-soft hover:bg-sunk',
                )}
              >
                {entry.label}
              </button>
            ))}
          </fieldset>
          <a
            href={csvAddress(view, range, grain)}
            download={fileName(view, range, grain)}
            className={buttonClass('plain')}
          >
            <Download aria-hidden="true" className="size-4" /> Export CSV
          </a>
        </>
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the report" rows={14} />}
      {data && <Report report={data} scope={scopeOf(view, data)} />}
    </Page>
  )
}

function fileName(view: View, range: Range, grain: Grain): string {
  const name = view.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `${name || 'store'}-profit-by-${grain}-${range.from}-${range.to}.csv`
}

function Report({ report, scope }: { report: ProfitReport; scope: FigureScope }) {
  const explained = useExplained()
  const setRange = useSetRange()
  if (report.rows.length === 0) {
    return (
      <div className="sheet">
        <Empty
          title="Nothing in this period"
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
  return (
    <>
      <RatesNote report={report} />
      <Matrix report={report} onExplain={explained.explain} />
      <p className="mt-3 text-sm text-soft">
        {coverageSentence(report.coverage)} <LeftOut field="net_profit" excludes={report.excludes} /> A return
        counts on the day of the return. Every column adds up to the total, to the cent.
      </p>
      <div className="mt-2 max-w-md">
        <CoverageParts coverage={report.coverage} />
      </div>
      <LazyPassport explained={explained} scope={scope} />
    </>
  )
}
