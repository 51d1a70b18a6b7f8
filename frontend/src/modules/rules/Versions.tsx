import { useQuery } from '@tanstack/react-query'
import type { Store } from '@/shared/api/types'
import { ageText } from '@/shared/format/time'
import { Section } from '@/shared/ui/Page'
import { versionsQuery } from './queries'

/** What the rule said before. */
export function Versions({ id, store }: { id: string; store: Store }) {
  const { data } = useQuery(versionsQuery(id, store.id))
  if (!data) return null
  return (
    <Section title="Versions">
      <ol className="flex flex-col gap-3 text-sm">
        {data.versions.map(version => (
          <li key={version.version} className="wrap-anywhere">
            <span className="font-semibold">Version {version.version}</span>
            <span className="text-faint">
              {' '}
              · {version.by}, {ageText(version.at)}
              {!version.enabled && ' · off'}
            </span>
            <span className="block text-soft">{version.sentence}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
