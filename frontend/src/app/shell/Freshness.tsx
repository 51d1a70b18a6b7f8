/** How old the facts are, as a dot and in words. */
import { Link } from '@tanstack/react-router'
import { isMoving } from '@/shared/api/queries'
import { share } from '@/shared/format/money'
import { ageSeconds, ageText } from '@/shared/format/time'
import { useLive } from '@/shared/live/live'
import { paths } from '@/shared/paths'
import { useStore } from '@/shared/range/use-range'
import { cx } from '@/shared/ui/cx'
import { useNow } from '@/shared/ui/use-now'

const FRESH_SECONDS = 15 * 60
const OLD_SECONDS = 6 * 3600

const LINK = 'flex min-h-9 items-center gap-1.5 rounded-md px-2 text-xs text-soft hover:bg-sunk'

export function Freshness() {
  const store = useStore()
  const line = useLive(state => state.line)
  const now = useNow()
  if (!store) return null
  if (store.sync && isMoving(store.sync.status)) {
    return (
      <Link to={paths.sync} params={{ id: store.sync.id }} className={LINK}>
        <span aria-hidden="true" className="size-2 shrink-0 animate-pulse rounded-full bg-brass" />
        <span className="hidden sm:inline">Syncing</span>
        {store.sync.progress != null && share(store.sync.progress)}
      </Link>
    )
  }
  const seconds = store.as_of ? ageSeconds(store.as_of, now) : Number.POSITIVE_INFINITY
  const tone = seconds <= FRESH_SECONDS ? 'bg-good' : seconds <= OLD_SECONDS ? 'bg-warn' : 'bg-bad'
  const state = seconds <= FRESH_SECONDS ? 'Fresh' : seconds <= OLD_SECONDS ? 'Ageing' : 'Old'
  return (
    <Link
      to={paths.connections}
      className={LINK}
      aria-label={`${state}: facts from ${ageText(store.as_of, now)}`}
    >
      <span
        aria-hidden="true"
        className={cx('size-2 shrink-0 rounded-full', tone, line === 'lost' && 'ring-2 ring-bad')}
      />
      <span className="hidden whitespace-nowrap sm:inline">{ageText(store.as_of, now)}</span>
    </Link>
  )
}
