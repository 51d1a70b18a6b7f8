/** An answer: what is said, the figures with where they come from, their rows, and where to go on. */
import { Link } from '@tanstack/react-router'
import type { AssistantAnswer, AssistantFact, AssistantTable } from '@/shared/api/types'
import { LineChart } from '@/shared/charts/LineChart'
import { count, inMoney } from '@/shared/format/money'
import { momentText, spanText } from '@/shared/format/time'
import { seriesOf, valueText } from './values'

interface AnswerViewProps {
  answer: AssistantAnswer
  /** Asks something that was suggested; without it suggestions are not offered. */
  onAsk?: ((question: string) => void) | undefined
}

export function AnswerView({ answer, onAsk }: AnswerViewProps) {
  return (
    <div className="flex flex-col gap-3">
      <Sentences text={answer.text} />
      <Facts facts={answer.facts} rows={answer.table?.rows ?? []} />
      {answer.table && <Rows table={answer.table} />}
      {answer.links.length > 0 && (
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {answer.links.map(link => (
            <Place key={`${link.to} ${link.label}`} to={link.to}>
              {link.label}
            </Place>
          ))}
        </p>
      )}
      {onAsk && answer.suggestions.length > 0 && <Suggestions questions={answer.suggestions} onAsk={onAsk} />}
    </div>
  )
}

export function Sentences({ text }: { text: string }) {
  return (
    <div className="flex max-w-prose flex-col gap-1.5">
      {text.split('\n').map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text, which never change their places
        <p key={index}>{inMoney(line)}</p>
      ))}
    </div>
  )
}

export function Suggestions({
  questions,
  onAsk,
}: {
  questions: string[]
  onAsk: (question: string) => void
}) {
  return (
    <ul aria-label="Questions to ask" className="flex flex-wrap gap-2">
      {questions.map(question => (
        <li key={question}>
          <button
            type="button"
            onClick={() => onAsk(question)}
            className="min-h-8 rounded-full border border-edge bg-sheet px-3 text-left text-sm hover:bg-sunk"
          >
            {question}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Figures with days, unless the table has them; counts of lists are in the sentence already. */
function Facts({ facts, rows }: { facts: AssistantFact[]; rows: AssistantTable['rows'] }) {
  const inTable = new Set(rows.map(row => row.label))
  const shown = facts.filter(fact => fact.source.from != null && !inTable.has(fact.label)).slice(0, 4)
  if (shown.length === 0) return null
  return (
    <dl className="flex flex-wrap gap-2">
      {shown.map(fact => (
        <div key={fact.label} className="min-w-0 rounded-md border border-rule px-3 py-2">
          <dt className="text-xs text-soft">{fact.label}</dt>
          <dd className="numeral text-lg font-semibold">{valueText(fact.value)}</dd>
          <dd className="text-xs text-faint">
            <Place to={fact.source.link}>Where it comes from</Place>
            {fact.source.from && fact.source.to && `, ${spanText(fact.source.from, fact.source.to)}`}
            {fact.source.as_of && `, read ${momentText(fact.source.as_of)}`}
          </dd>
          {fact.reason && <dd className="max-w-prose text-xs text-soft">{fact.reason}</dd>}
        </div>
      ))}
    </dl>
  )
}

function Rows({ table }: { table: AssistantTable }) {
  const series = seriesOf(table)
  const [first = '', ...others] = table.columns
  if (series) {
    const title = `${others[0] ?? 'Value'} by ${first.toLowerCase()}`
    return (
      <LineChart
        title={title}
        xTitle={first}
        points={series.points}
        series={[{ key: 'value', label: others[0] ?? 'Value', tone: 'slate', area: true }]}
        unit={series.unit}
      />
    )
  }
  return (
    <div className="overflow-x-auto">
      <table className="w-full max-w-2xl text-sm">
        <thead>
          <tr className="border-b border-rule text-xs text-soft">
            <th scope="col" className="py-1.5 pr-4 text-left font-semibold">
              {first}
            </th>
            {others.map(name => (
              <th key={name} scope="col" className="py-1.5 pl-4 text-right font-semibold">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a kept answer, which never change; labels may repeat
            <tr key={index} className="border-b border-rule last:border-0">
              <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                {row.link ? <Place to={row.link}>{row.label}</Place> : row.label}
              </th>
              {row.values.map((value, column) => (
                <td
                  key={others[column] ?? column}
                  className="numeral py-1.5 pl-4 text-right whitespace-nowrap"
                >
                  {valueText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.left_out > 0 && (
        <p className="pt-1.5 text-xs text-faint">{count(table.left_out)} more are not shown.</p>
      )}
    </div>
  )
}

/** An address of ours that the server names. */
function Place({ to, children }: { to: string; children: string }) {
  const [path = '/', query = ''] = to.split('?')
  return (
    <Link
      to={path}
      search={Object.fromEntries(new URLSearchParams(query))}
      className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4 hover:decoration-solid"
    >
      {children}
    </Link>
  )
}
