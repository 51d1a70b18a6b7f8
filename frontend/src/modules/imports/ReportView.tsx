/** What the check found, the questions it asks, and the way on. */
import { useState } from 'react'
import type { Import, ImportQuestion, ImportReport } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { spanText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Note } from '@/shared/ui/States'
import { Problems } from './Problems'
import { useImportAction, useSetMapping } from './queries'

export function ReportView({ item }: { item: Import }) {
  const report = item.report
  if (!report) return null
  return (
    <>
      {report.questions.length > 0 ? (
        <Questions item={item} report={report} />
      ) : (
        <Verdict item={item} report={report} />
      )}
      {report.problems + report.noted > 0 && <Problems item={item} />}
    </>
  )
}

function Verdict({ item, report }: { item: Import; report: ImportReport }) {
  const act = useImportAction(item.id)
  const clean = report.refused === 0
  return (
    <section aria-label="Result of the check" className="sheet flex flex-col gap-4 p-5">
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Figure name="Rows read" value={count(report.rows)} />
        <Figure name="Good" value={count(report.good)} tone="text-good" />
        <Figure name="Refused" value={count(report.refused)} tone={clean ? undefined : 'text-bad'} />
        {report.first_day && report.last_day && (
          <Figure name="Days" value={spanText(report.first_day, report.last_day)} />
        )}
      </dl>
      {report.notes.map(note => (
        <Note key={note}>{note}</Note>
      ))}
      {report.good === 0 && (
        <Note tone="bad">
          Nothing in this file can be imported. Mend what is named below and upload it again.
        </Note>
      )}
      {!clean && report.good > 0 && (
        <Note tone="warn">
          With refused rows nothing is imported, unless you choose the good ones only.
          {item.kind === 'orders' && ' Of orders, only whole ones are imported.'}
        </Note>
      )}
      {act.error && (
        <p role="alert" className="text-sm text-bad">
          {act.error.message}
        </p>
      )}
      <Only may="imports:write">
        <div className="flex flex-wrap gap-2">
          {report.good > 0 && (
            <Button
              kind="primary"
              busy={act.isPending}
              onClick={() => act.mutate(clean ? 'start' : 'start-good')}
            >
              {clean ? `Import ${count(report.good)}` : `Import the ${count(report.good)} good ones only`}
            </Button>
          )}
          <Button kind="quiet" busy={act.isPending} onClick={() => act.mutate('cancel')}>
            Discard the file
          </Button>
        </div>
      </Only>
    </section>
  )
}

function Figure({ name, value, tone }: { name: string; value: string; tone?: string | undefined }) {
  return (
    <div>
      <dt className="label-caps">{name}</dt>
      <dd className={`numeral text-xl font-semibold ${tone ?? ''}`}>{value}</dd>
    </div>
  )
}

function Questions({ item, report }: { item: Import; report: ImportReport }) {
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const set = useSetMapping(item.id)
  const ready = report.questions.every(question => answers[question.key])
  return (
    <form
      aria-label="Questions"
      onSubmit={event => {
        event.preventDefault()
        if (item.mapping) {
          const mapping = { ...item.mapping, answers: { ...item.mapping.answers, ...answers } }
          set.mutate({ mapping, check: true })
        }
      }}
    >
      <Section title="Before this can be read" note="The file can be understood in more than one way">
        <div className="flex flex-col gap-5">
          {report.questions.map(question => (
            <Question
              key={question.key}
              question={question}
              value={answers[question.key]}
              onAnswer={value => setAnswers({ ...answers, [question.key]: value })}
            />
          ))}
          {set.error && (
            <p role="alert" className="text-sm text-bad">
              {set.error.message}
            </p>
          )}
          <Only may="imports:write">
            <Button
              type="submit"
              kind="primary"
              className="self-start"
              busy={set.isPending}
              disabled={!ready}
            >
              Go on with the check
            </Button>
          </Only>
        </div>
      </Section>
    </form>
  )
}

interface QuestionProps {
  question: ImportQuestion
  value: string | undefined
  onAnswer: (value: string) => void
}

function Question({ question, value, onAnswer }: QuestionProps) {
  const place = [question.column, question.row && `row ${question.row}`].filter(Boolean).join(', ')
  return (
    <fieldset>
      <legend className="font-semibold">{question.question}</legend>
      {place && <p className="text-xs text-faint">{place}</p>}
      <div className="mt-2 flex flex-col gap-1">
        {question.choices.map(choice => (
          <label
            key={choice.value}
            className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 text-sm hover:bg-sunk"
          >
            <input
              type="radio"
              name={question.key}
              checked={value === choice.value}
              onChange={() => onAnswer(choice.value)}
              className="size-4 shrink-0 accent-(--brass)"
            />
            {choice.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
