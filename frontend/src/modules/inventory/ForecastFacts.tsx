/** How a forecast was made, and how well it did on its own past. */
import type { ReactNode } from 'react'
import type { Forecast } from '@/shared/api/types'
import { count, number, share } from '@/shared/format/money'
import { ageText, spanText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { Absent } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import { reasonOf } from './words'

export function ForecastFacts({ forecast }: { forecast: Forecast }) {
  const { trained, own_past: past, unavailable } = forecast
  const unknown =
    reasonOf(unavailable, 'own_past') ?? 'There is too little history to hold forecasts against.'
  return (
    <dl className="grid grid-cols-2 gap-x-5 gap-y-4 text-sm sm:grid-cols-3 lg:grid-cols-5">
      <Fact
        label="Model"
        wide
        note={forecast.reused ? 'carried on: the days since were as expected' : ageText(forecast.made_at)}
      >
        {forecast.model ? (
          <Model model={forecast.model} />
        ) : (
          <Absent reason={reasonOf(unavailable, 'model') ?? 'No model fits yet.'} />
        )}
      </Fact>
      <Fact
        label="Learned from"
        note={
          trained
            ? `${count(trained.days)} ${plural(trained.days, 'day')}${trained.censored > 0 ? `, ${count(trained.censored)} left out as out of stock` : ''}`
            : undefined
        }
      >
        {trained ? (
          spanText(trained.from, trained.to)
        ) : (
          <Absent reason={reasonOf(unavailable, 'trained') ?? 'Nothing was sold yet.'} />
        )}
      </Fact>
      <Fact label="Level borrowed from" note={forecast.borrowed_from ? 'its product type' : undefined}>
        {forecast.borrowed_from ?? 'nobody'}
      </Fact>
      <Fact label="MASE" note="under 1: better than last week’s same day">
        {past?.mase == null ? <Absent reason={unknown} /> : number(past.mase, 2)}
      </Fact>
      <Fact label="WAPE" note="misses, as a share of what sold">
        {past?.wape == null ? <Absent reason={unknown} /> : share(past.wape)}
      </Fact>
      <Fact
        label="Interval held"
        note={past ? `wanted 80 %; ${count(past.origins)} ${plural(past.origins, 'trial')}` : 'wanted 80 %'}
      >
        {past?.coverage == null ? <Absent reason={unknown} /> : share(past.coverage)}
      </Fact>
    </dl>
  )
}

const NAMED = 3

/** Those that weigh most; the others are told when somebody asks. */
function Model({ model }: { model: string }) {
  const parts = model.split(' + ')
  const others = parts.slice(NAMED)
  const first = parts.slice(0, NAMED).join(' + ')
  if (others.length === 0) return first
  return (
    <details>
      <summary className="min-h-6">
        {first} + {others.length} more
      </summary>
      <span className="text-soft">{others.join(' + ')}</span>
    </details>
  )
}

interface FactProps {
  label: string
  note?: string | undefined
  /** A row of its own. */
  wide?: boolean
  children: ReactNode
}

function Fact({ label, note, wide, children }: FactProps) {
  return (
    <div className={cx('min-w-0', wide && 'col-span-full')}>
      <dt className="label-caps">{label}</dt>
      <dd className="mt-0.5 wrap-anywhere">
        {children}
        {note && <span className="block text-xs text-faint">{note}</span>}
      </dd>
    </div>
  )
}
