import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { Menu } from 'lucide-react'
import { unreadQuery, useStores, waitingQuery } from '@/shared/api/queries'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Brand } from '@/shared/ui/Brand'
import { cx } from '@/shared/ui/cx'
import { deferred } from '@/shared/ui/Deferred'
import { BAR, type Place, useGroups } from './places'

const MoreSheet = deferred(() => import('./MoreSheet'))

/** Before there is a store every page would lead back to choosing one. */
function useHasStore(): boolean {
  const { data: stores } = useStores()
  return stores?.length !== 0
}

export function Rail() {
  const hasStore = useHasStore()
  const groups = useGroups()
  return (
    <nav
      aria-label="Pages"
      className="sticky top-0 hidden h-dvh flex-col gap-5 overflow-y-auto border-r border-rule px-3 py-4 md:flex"
    >
      <Link to="/" search={keepRange} className="rounded-md px-2 py-1">
        <Brand />
      </Link>
      {hasStore &&
        groups.map(group => (
          <section key={group.label} aria-label={group.label ?? 'Overview'}>
            {group.label && <p className="label-caps px-2.5 pb-1">{group.label}</p>}
            <ul className="flex flex-col gap-0.5">
              {group.places.map(place => (
                <li key={place.to}>
                  <PlaceLink place={place} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      <p className="mt-auto px-2.5 text-xs text-faint">
        Press <kbd className="rounded-sm border border-rule px-1 font-mono">?</kbd> for keys
      </p>
    </nav>
  )
}

function PlaceLink({ place }: { place: Place }) {
  return (
    <Link
      to={place.to}
      search={keepRange}
      activeOptions={{ exact: place.to === '/', includeSearch: false }}
      className="group flex min-h-9 items-center gap-3 rounded-md px-2.5 text-sm font-medium text-soft hover:bg-sunk hover:text-ink aria-[current=page]:bg-sunk aria-[current=page]:text-ink aria-[current=page]:font-semibold"
    >
      <place.icon
        aria-hidden="true"
        className="size-4.5 shrink-0 group-aria-[current=page]:text-brass"
        strokeWidth={1.75}
      />
      {place.label}
      {place.to === paths.inbox && (
        <span className="ml-auto flex gap-1">
          <Waiting />
          <Unread />
        </span>
      )}
    </Link>
  )
}

const NUMBER = 'rounded-full px-1.5 text-[0.6875rem] font-semibold'

/** How many change-sets wait, beside the name of the inbox. */
function Waiting() {
  const { data } = useQuery({ ...waitingQuery, enabled: useMay('changes:read') })
  if (!data) return null
  return (
    <span className={cx(NUMBER, 'bg-brass-wash text-brass')}>
      {data > 99 ? '99+' : data}
      <span className="sr-only"> waiting</span>
    </span>
  )
}

/** How many warnings and worse one has not read, after it. */
function Unread() {
  const { data } = useQuery({ ...unreadQuery, enabled: useMay('notifications:read') })
  const count = data ? data.warning + data.critical : 0
  if (count === 0) return null
  return (
    <span className={cx(NUMBER, 'bg-bad-wash text-bad')}>
      {count > 99 ? '99+' : count}
      <span className="sr-only"> unread</span>
    </span>
  )
}

const TAB =
  'flex min-h-14 w-full flex-col items-center justify-center gap-0.5 border-t-2 border-transparent text-[0.6875rem] text-soft'
const CURRENT = 'aria-[current=page]:border-brass aria-[current=page]:text-brass'

export function BottomBar() {
  const hasStore = useHasStore()
  const { pathname } = useLocation()
  if (!hasStore) return null
  const elsewhere = !BAR.some(place => (place.to === '/' ? pathname === '/' : pathname.startsWith(place.to)))
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-rule bg-sheet pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid grid-cols-5">
        {BAR.map(place => (
          <li key={place.to}>
            <Link
              to={place.to}
              search={keepRange}
              activeOptions={{ exact: place.to === '/', includeSearch: false }}
              className={cx(TAB, CURRENT, 'relative')}
            >
              <place.icon aria-hidden="true" className="size-5" strokeWidth={1.75} />
              <span className="max-w-full truncate px-0.5">{place.label}</span>
              {place.to === paths.inbox && (
                <span className="absolute top-1 left-1/2 ml-2 flex gap-0.5">
                  <Waiting />
                  <Unread />
                </span>
              )}
            </Link>
          </li>
        ))}
        <li>
          <MoreSheet label="More pages" className={cx(TAB, elsewhere && 'border-brass! text-brass!')}>
            <Menu aria-hidden="true" className="size-5" strokeWidth={1.75} />
            <span aria-hidden="true">More</span>
          </MoreSheet>
        </li>
      </ul>
    </nav>
  )
}
