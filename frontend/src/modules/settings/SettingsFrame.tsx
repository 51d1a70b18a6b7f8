/** Settings: the list of sections beside the one that is open; on a phone one after the other. */
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { SECTION_GROUPS } from '@/shared/settings/sections'
import { Page } from '@/shared/ui/Page'

export function SettingsFrame() {
  const { pathname } = useLocation()
  const atIndex = pathname.replace(/\/$/, '') === paths.settings
  return (
    <Page title="Settings">
      {!atIndex && (
        <Link
          to={paths.settings}
          search={keepRange}
          className="mb-3 -ml-1.5 inline-flex min-h-9 items-center gap-1 rounded-md px-1.5 text-sm text-soft hover:text-ink md:hidden"
        >
          <ChevronLeft aria-hidden="true" className="size-4" />
          All settings
        </Link>
      )}
      <div className="md:grid md:grid-cols-[12rem_minmax(0,1fr)] md:gap-8">
        <nav aria-label="Sections of Settings" className="hidden md:block">
          <ul className="sticky top-20 flex flex-col gap-4">
            {SECTION_GROUPS.map(group => (
              <li key={group.label}>
                <p className="label-caps px-2.5 pb-1">{group.label}</p>
                <ul className="flex flex-col gap-0.5">
                  {group.sections.map(section => (
                    <li key={section.to}>
                      <Link
                        to={section.to}
                        search={keepRange}
                        activeOptions={{ includeSearch: false }}
                        className="flex min-h-9 items-center rounded-md px-2.5 text-sm text-soft hover:bg-sunk hover:text-ink aria-[current=page]:bg-sunk aria-[current=page]:font-semibold aria-[current=page]:text-ink"
                      >
                        {section.label}
                      </Link>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </nav>
        <Outlet />
      </div>
    </Page>
  )
}
