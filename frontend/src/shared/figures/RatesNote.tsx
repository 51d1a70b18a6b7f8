/** By which exchange rates a report was told, or which ones it would need. Nothing where nothing was converted. */
import { Link } from '@tanstack/react-router'
import type { RateUse, Row } from '@/shared/api/types'
import { dayText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { buttonClass } from '@/shared/ui/Button'
import { Note } from '@/shared/ui/States'

interface Converted {
  total: Row
  currency: string
  timezone?: string | null
  stores: { name: string; currency: string; timezone: string }[]
  rates: RateUse[]
}

const SOURCES: Record<string, string> = { entered: 'entered', imported: 'imported', feed: 'published' }

function rateText(rate: RateUse): string {
  const via = rate.via ? ` through ${rate.via}` : ''
  const days = rate.days === 1 ? '1 day' : `${rate.days} days`
  return `1 ${rate.from} = ${rate.latest} ${rate.to}${via} on ${dayText(rate.newest)}; ${days} by their own ${SOURCES[rate.source] ?? rate.source} rates, ${ageOf(rate)}`
}

function ageOf(rate: RateUse): string {
  if (rate.max_age_days === 0) return 'none of them older'
  return `at most ${rate.max_age_days} ${rate.max_age_days === 1 ? 'day' : 'days'} older`
}

export function RatesNote({ report }: { report: Converted }) {
  if (report.total.withheld) {
    return (
      <Note tone="warn">
        <p className="font-semibold">Figures in {report.currency} are withheld</p>
        <p className="mt-0.5">{report.total.withheld}</p>
        <Link to={paths.settingsCurrencies} className={`${buttonClass('plain')} mt-2.5`}>
          Open Currencies
        </Link>
      </Note>
    )
  }
  if (report.stores.length < 2 && report.rates.length === 0) return null
  return (
    <p className="text-xs text-soft">
      {report.stores.length > 1 && !report.timezone && <>Each store’s days are those of its own calendar. </>}
      {report.rates.length > 0 && (
        <>
          Told in {report.currency} day by day: {report.rates.map(rateText).join('. ')}.
        </>
      )}
    </p>
  )
}
