import type { OneTimeLink } from '@/shared/api/types'
import { momentText } from '@/shared/format/time'
import { ShownOnce } from '@/shared/ui/ShownOnce'
import { Note } from '@/shared/ui/States'

/** A one-time link: on its way by mail, or to be handed over by hand. */
export function HandedOver({ link }: { link: OneTimeLink }) {
  const until = momentText(link.expires_at)
  if (!link.url) {
    return (
      <p role="status" className="text-sm text-soft">
        A letter is on its way to <strong className="text-ink wrap-anywhere">{link.email}</strong>. The link
        in it works once, until {until}.
      </p>
    )
  }
  return (
    <div className="flex flex-col gap-3">
      {link.mail_failure && (
        <Note tone="warn">
          {link.mail === 'later'
            ? 'The letter did not go out yet and is tried again. Or hand the link over yourself.'
            : 'The letter did not go out, so hand the link over yourself.'}{' '}
          {link.mail_failure}
        </Note>
      )}
      <p className="text-sm text-soft">
        Give them this address. It works once, until {until}, and is not shown again.
      </p>
      <ShownOnce label="Link" value={link.url} />
    </div>
  )
}
