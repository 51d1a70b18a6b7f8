/** Where each value that the product looks up comes from, and what was tried before. */
import { useQuery } from '@tanstack/react-query'
import { ageText } from '@/shared/format/time'
import { Badge } from '@/shared/ui/Badge'
import { Skeleton } from '@/shared/ui/States'
import { sourceQuery } from './queries'

const PLACES: Record<string, string> = {
  environment: 'Environment',
  file: 'Mounted file',
  store: 'Stored here',
  vault: 'Vault',
  aws_secrets_manager: 'AWS Secrets Manager',
}

const place = (source: string) => PLACES[source] ?? source

export function SourcesCard({ names }: { names: string[] }) {
  return (
    <section aria-labelledby="secret-sources" className="sheet">
      <header className="px-4 pt-4 sm:px-5">
        <h3 id="secret-sources" className="font-semibold">
          Where values come from
        </h3>
        <p className="text-sm text-soft">
          Asked in this order: environment, mounted files, this store, then Vault and AWS where they are set
          up.
        </p>
      </header>
      <ul className="mt-2 divide-y divide-rule">
        {names.map(name => (
          <SourceRow key={name} name={name} />
        ))}
      </ul>
    </section>
  )
}

function SourceRow({ name }: { name: string }) {
  const { data, error } = useQuery(sourceQuery(name))
  const failures = data?.tried.filter(tried => tried.failure) ?? []
  return (
    <li className="px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <code className="font-mono text-sm wrap-anywhere">{name}</code>
        {!data && !error && <Skeleton className="h-5 w-28" />}
        {error && <span className="text-sm text-bad">{error.message}</span>}
        {data?.found && (
          <span className="flex flex-wrap items-center gap-2 text-sm">
            {data.found.stale && <Badge tone="warn">Last known value</Badge>}
            <Badge tone="good">{place(data.found.source)}</Badge>
            <span className="text-soft">looked up {ageText(data.found.obtained_at)}</span>
          </span>
        )}
        {data && !data.found && <span className="text-sm text-soft">in none of the places</span>}
      </div>
      {failures.map(tried => (
        <p key={tried.source} className="mt-1 text-sm text-warn wrap-anywhere">
          {place(tried.source)} could not be asked: {tried.failure}
        </p>
      ))}
    </li>
  )
}
