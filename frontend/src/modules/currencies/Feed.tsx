/** The published series: on or off, when it was read, what went wrong. */
import { explain } from '@/shared/api/problem'
import type { RateStatus } from '@/shared/api/types'
import { ageText, dayText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Note } from '@/shared/ui/States'
import { useRefresh } from './queries'

const STATES: Record<string, { label: string; tone: Tone }> = {
  off: { label: 'Off', tone: 'neutral' },
  waiting: { label: 'Not read yet', tone: 'slate' },
  ok: { label: 'OK', tone: 'good' },
  failing: { label: 'Failing', tone: 'bad' },
}

export function Feed({ feed }: { feed: RateStatus['feed'] }) {
  const refresh = useRefresh()
  const state = STATES[feed.state] ?? { label: feed.state, tone: 'neutral' as const }
  const facts: [string, string][] = [
    ['Read from', feed.url ?? '—'],
    ['Newest day', dayText(feed.newest)],
    ['Last read', ageText(feed.last_success_at)],
  ]
  return (
    <Section
      title="Published series"
      actions={
        feed.state !== 'off' && (
          <Only may="rates:write">
            <Button busy={refresh.isPending} onClick={() => refresh.mutate()}>
              Read now
            </Button>
          </Only>
        )
      }
    >
      {feed.state === 'off' ? (
        <p className="max-w-prose text-sm text-soft">
          Rates can be fetched by themselves, from the European Central Bank or anything that publishes in its
          format: start the server with{' '}
          <code className="font-mono text-xs wrap-anywhere">
            RATES_URL=https://www.ecb.europa.eu/stats/eurofxref
          </code>
          . Until then nothing leaves this machine for rates.
        </p>
      ) : (
        <>
          <p className="mb-3 flex flex-wrap items-center gap-2 text-sm font-semibold">
            {feed.publisher} <Badge tone={state.tone}>{state.label}</Badge>
          </p>
          <dl className="grid gap-x-8 gap-y-2 text-sm">
            {facts.map(([name, value]) => (
              <div key={name} className="flex justify-between gap-4 border-b border-rule pb-2 last:border-0">
                <dt className="text-soft">{name}</dt>
                <dd className="min-w-0 text-right wrap-anywhere">{value}</dd>
              </div>
            ))}
          </dl>
          {feed.error && (
            <div className="mt-3">
              <Note tone="bad">
                {feed.error} It is tried again by itself; rates that are known stay in use.
              </Note>
            </div>
          )}
          {refresh.error && !feed.error && (
            <p role="alert" className="mt-3 text-sm text-bad">
              {explain(refresh.error)}
            </p>
          )}
        </>
      )}
    </Section>
  )
}
