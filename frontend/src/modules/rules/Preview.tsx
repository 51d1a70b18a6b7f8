/** What the rule, as it is being written, would touch at this moment. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { RuleDocument } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { Section } from '@/shared/ui/Page'
import { Loading } from '@/shared/ui/States'
import { previewQuery } from './queries'

const SETTLES_AFTER_MS = 600

/** The text when nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

interface PreviewProps {
  /** Null while something in it cannot stand. */
  rule: RuleDocument | null
  id: string | null
  store: string
}

export function Preview({ rule, id, store }: PreviewProps) {
  const settled = useSettled(JSON.stringify(rule))
  const document = JSON.parse(settled) as RuleDocument | null
  const { data, error, isFetching } = useQuery(previewQuery(document, id, store))
  return (
    <Section title="What it would do now" note="Nothing is written by looking.">
      {!rule && <p className="text-sm text-soft">Fill in what is missing, and it is looked at here.</p>}
      {rule && error && (
        <p role="alert" className="text-sm text-bad">
          {explain(error)}
        </p>
      )}
      {rule && !error && !data && <Loading label="Looking" rows={3} />}
      {rule && data && !error && (
        <div aria-busy={isFetching || undefined} className="flex flex-col gap-3 text-sm">
          <p role="status" className="font-semibold">
            {data.hits.length === 0
              ? 'Nothing'
              : `${count(data.hits.length)} ${plural(data.hits.length, 'thing')}`}{' '}
            of {count(data.looked_at)} looked at
          </p>
          <ul aria-label="What it would do" className="flex flex-col gap-2">
            {data.hits.map(hit => (
              <li key={hit.title} className="wrap-anywhere">
                {hit.title}
                <span className="block text-xs text-faint">{hit.reason}</span>
              </li>
            ))}
          </ul>
          {data.notes.map(note => (
            <p key={note.text} className="text-xs text-soft wrap-anywhere">
              <strong>{note.about}:</strong> {note.text}
            </p>
          ))}
        </div>
      )}
    </Section>
  )
}
