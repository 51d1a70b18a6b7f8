import type { ChangeSet } from '@/shared/api/types'
import { dayText, momentText } from '@/shared/format/time'
import { Section } from '@/shared/ui/Page'

const DAY = /^\d{4}-\d{2}-\d{2}$/

export function EvidenceTables({ evidence }: { evidence: ChangeSet['evidence'] }) {
  if (evidence.length === 0) return null
  return (
    <Section title="What it rests on">
      <div className="flex flex-col gap-4">
        {evidence.map(table => (
          <table key={`${table.title}/${table.observed_at}`} className="w-full text-sm">
            <caption className="pb-1 text-left">
              <span className="font-semibold">{table.title}</span>{' '}
              <span className="text-xs text-faint">as of {momentText(table.observed_at)}</span>
            </caption>
            <tbody>
              {table.rows.map(row => (
                <tr key={row.label} className="border-t border-rule">
                  <th scope="row" className="py-1.5 pr-3 text-left font-normal text-soft">
                    {DAY.test(row.label) ? (
                      <time dateTime={row.label} className="whitespace-nowrap">
                        {dayText(row.label)}
                      </time>
                    ) : (
                      row.label
                    )}
                  </th>
                  <td className="numeral py-1.5 text-right">{row.value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </Section>
  )
}
