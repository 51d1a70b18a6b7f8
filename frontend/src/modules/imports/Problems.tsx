/** What is wrong, by row, column and reason; the first hundred, and all as a file. */
import { useQuery } from '@tanstack/react-query'
import type { Import } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { Badge } from '@/shared/ui/Badge'
import { buttonClass } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { problemsQuery } from './queries'

export function Problems({ item }: { item: Import }) {
  const { data, error, refetch } = useQuery(problemsQuery(item))
  const total = (item.report?.problems ?? 0) + (item.report?.noted ?? 0)
  return (
    <Section
      title="Row by row"
      note={`${count(total)} in all; rows are counted as a spreadsheet does`}
      flush
      actions={
        <a href={`/v1/imports/${item.id}/problems?format=csv`} download className={buttonClass('plain')}>
          Download as CSV
        </a>
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading what is wrong" rows={3} />}
      {data && (
        <ul className="divide-y divide-rule border-t border-rule">
          {data.problems.map((problem, at) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: the same row can be wrong twice
              key={at}
              className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2 text-sm sm:px-5"
            >
              <span className="numeral w-20 shrink-0 text-faint">row {problem.row}</span>
              <Badge tone={problem.severity === 'refused' ? 'bad' : 'slate'}>
                {problem.severity === 'refused' ? 'Refused' : 'Noted'}
              </Badge>
              <span className="min-w-0 flex-1 basis-60 wrap-anywhere">
                {problem.column && <span className="font-semibold">{problem.column} </span>}
                {problem.value && <q className="font-mono text-xs">{problem.value}</q>} {problem.reason}
              </span>
            </li>
          ))}
          {data.total != null && data.total > data.problems.length && (
            <li className="px-4 py-2 text-sm text-soft sm:px-5">
              … and {count(data.total - data.problems.length)} more in the download
            </li>
          )}
        </ul>
      )}
    </Section>
  )
}
