import { useQuery } from '@tanstack/react-query'
import { ageText } from '@/shared/format/time'
import { Note } from '@/shared/ui/States'
import { mailQuery } from './queries'

/** The last letter that did not go out, until one does again. */
export function MailNote() {
  const { data } = useQuery(mailQuery)
  const failure = data?.last_failure
  if (!failure) return null
  return (
    <Note tone="warn">
      A letter to <strong className="wrap-anywhere">{failure.to}</strong> did not go out {ageText(failure.at)}
      : {failure.reason}.
    </Note>
  )
}
