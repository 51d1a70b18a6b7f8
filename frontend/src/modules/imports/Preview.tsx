/** The first rows, as they are understood and as they stand. */
import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck } from 'lucide-react'
import type { Import } from '@/shared/api/types'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { previewQuery } from './queries'

export function Preview({ item }: { item: Import }) {
  const { data, error, refetch } = useQuery(previewQuery(item))
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Loading the first rows" rows={4} />
  return (
    <>
      {data.things.length > 0 && (
        <Section title="As it is understood" note="The first of the file">
          <ul className="flex flex-col divide-y divide-rule text-sm">
            {data.things.map(thing => (
              <li key={thing.first_row} className="flex gap-3 py-2">
                <span className="numeral w-14 shrink-0 text-faint">row {thing.first_row}</span>
                {thing.text ? (
                  <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-good" />
                ) : (
                  <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
                )}
                <div className="min-w-0 wrap-anywhere">
                  {thing.text && <p>{thing.text}</p>}
                  {thing.problems.map(problem => (
                    <p
                      key={`${problem.row}${problem.column}${problem.reason}`}
                      className={problem.severity === 'refused' ? 'text-bad' : 'text-soft'}
                    >
                      {problem.column && <span className="font-semibold">{problem.column}: </span>}
                      {problem.value && <q>{problem.value}</q>} {problem.reason}
                    </p>
                  ))}
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="As it stands" note={`${data.headers.length} columns`} flush>
        <section aria-label="First rows of the file" tabIndex={0} className="relative overflow-x-auto">
          <table className="w-full text-left text-xs">
            <thead>
              <tr className="border-y border-rule">
                <th scope="col" className="py-2 pr-3 pl-4 font-semibold text-faint sm:pl-5">
                  Row
                </th>
                {data.headers.map((header, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a file's headers have no other identity
                  <th key={at} scope="col" className="px-3 py-2 font-semibold whitespace-nowrap">
                    {header || '(no name)'}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.rows.map(row => (
                <tr key={row.row} className="border-b border-rule last:border-0">
                  <td className="numeral py-1.5 pr-3 pl-4 text-faint sm:pl-5">{row.row}</td>
                  {data.headers.map((_, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells stand by their place
                    <td key={at} className="max-w-56 truncate px-3 py-1.5">
                      {row.cells[at]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Section>
    </>
  )
}
