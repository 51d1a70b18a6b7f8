import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { keepRange } from '@/shared/range/range'
import { SECTION_GROUPS } from '@/shared/settings/sections'

export function SettingsIndex() {
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {SECTION_GROUPS.map(group => (
        <section key={group.label} aria-label={group.label}>
          <h2 className="label-caps pb-1.5">{group.label}</h2>
          <ul className="sheet divide-y divide-rule">
            {group.sections.map(section => (
              <li key={section.to}>
                <Link
                  to={section.to}
                  search={keepRange}
                  className="flex min-h-14 items-center gap-3 px-4 py-2.5 hover:bg-sunk sm:px-5"
                >
                  <span className="min-w-0 flex-1">
                    <span className="block font-semibold">{section.label}</span>
                    <span className="block text-sm text-soft">{section.about}</span>
                  </span>
                  <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-faint" />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
