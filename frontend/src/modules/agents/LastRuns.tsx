import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ageText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Badge } from '@/shared/ui/Badge'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { runsQuery } from './queries'
import { outcomeText, RUN_STATUSES, whatText } from './words'

const SHOWN = 5

export function LastRuns({ agent, store }: { agent: string; store: string }) {
  const list = useInfiniteQuery(runsQuery(agent, store, {}, SHOWN))
  const now = useNow()
  const runs = list.data?.pages[0]?.runs ?? []
  return (
    <Section
      title="Last runs"
      flush
      actions={
        runs.length > 0 && (
          <Link
            to={paths.agentRuns}
            params={{ id: agent }}
            search={keepRange}
            className="inline-flex min-h-6 items-center text-sm font-semibold underline decoration-dotted underline-offset-4"
          >
            All runs
          </Link>
        )
      }
    >
      {list.isPending && <Loading label="Loading the runs" rows={4} />}
      {list.error && !list.data && (
        <div className="p-4">
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.data && runs.length === 0 && (
        <p className="px-4 pb-4 text-sm text-soft sm:px-5">
          It has never run. Start it, or rehearse it over the past: neither changes anything in your shop.
        </p>
      )}
      <ul>
        {runs.map(run => (
          <li key={run.id} className="border-t border-rule px-4 py-2.5 text-sm sm:px-5">
            <span className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
              <Link
                to={paths.run}
                params={{ id: run.id }}
                search={keepRange}
                className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
              >
                {whatText(run)}, {ageText(run.created_at, now)}
              </Link>
              <Badge tone={RUN_STATUSES[run.status].tone}>{RUN_STATUSES[run.status].label}</Badge>
            </span>
            <span className={run.error ? 'text-bad' : 'text-soft'}>{outcomeText(run)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
