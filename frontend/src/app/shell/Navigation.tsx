import { Link } from '@tanstack/react-router'
import { useStores } from '@/shared/api/queries'
import { keepRange } from '@/shared/range/range'
import { Brand } from '@/shared/ui/Brand'
import { cx } from '@/shared/ui/cx'
import { PLACES } from './places'

/** Before there is a store every page would lead back to choosing one. */
function usePlaces(): readonly (typeof PLACES)[number][] {
  const { data: stores } = useStores()
  return stores?.length === 0 ? [] : PLACES
}

export function Rail() {
  const places = usePlaces()
  return (
    <nav
      aria-label="Pages"
      className="sticky top-0 hidden h-dvh flex-col gap-6 border-r border-rule px-3 py-4 md:flex"
    >
      <Link to="/" search={keepRange} className="rounded-md px-2 py-1">
        <Brand />
      </Link>
      <ul className="flex flex-col gap-0.5">
        {places.map(place => (
          <li key={place.to}>
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
            </Link>
          </li>
        ))}
      </ul>
      <p className="mt-auto px-2.5 text-xs text-faint">
        Press <kbd className="rounded-sm border border-rule px-1 font-mono">?</kbd> for keys
      </p>
    </nav>
  )
}

export function BottomBar() {
  const places = usePlaces()
  if (places.length === 0) return null
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-rule bg-sheet pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid grid-cols-5">
        {places.map(place => (
          <li key={place.to}>
            <Link
              to={place.to}
              search={keepRange}
              activeOptions={{ exact: place.to === '/', includeSearch: false }}
              className={cx(
                'flex min-h-14 flex-col items-center justify-center gap-0.5 text-[0.6875rem] text-soft',
                'border-t-2 border-transparent aria-[current=page]:border-brass aria-[current=page]:text-brass',
              )}
            >
              <place.icon aria-hidden="true" className="size-5" strokeWidth={1.75} />
              <span className="max-w-full truncate px-0.5">{place.short}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
