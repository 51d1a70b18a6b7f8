/** Imports under Settings: a place to drop a file, and what became of earlier ones. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useStores } from '@/shared/api/queries'
import type { Import } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { UploadBox } from '@/shared/imports/UploadBox'
import { paths } from '@/shared/paths'
import { Only } from '@/shared/session/may'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { buttonClass } from '@/shared/ui/Button'
import { Meter } from '@/shared/ui/Meter'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { importsQuery } from './queries'
import { SavedMappings } from './SavedMappings'
import { isWorking, kindLabel, stateOf } from './words'

export function ImportsSection() {
  const { data: stores } = useStores()
  const { data, error, refetch } = useQuery(importsQuery)
  const store = stores?.[0]
  return (
    <SettingsSection
      title="Imports"
      lead="Files are checked first and imported as a whole or not at all. Every import can be undone."
    >
      {stores?.length === 0 ? (
        <div className="sheet">
          <Empty
            title="A file needs a store to go to"
            action={
              <Only may="connections:write">
                <Link to={paths.start} className={buttonClass('primary')}>
                  Choose a store
                </Link>
              </Only>
            }
          >
            Its name, currency and calendar decide what amounts and days mean.
          </Empty>
        </div>
      ) : (
        <Only
          may="imports:write"
          fallback={<p className="text-sm text-soft">Operators and above import files and undo imports.</p>}
        >
          <UploadBox store={store?.id} />
        </Only>
      )}
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the imports" rows={3} />}
      {data?.length === 0 && stores && stores.length > 0 && (
        <p className="text-sm text-soft">No file has been imported yet.</p>
      )}
      {data && data.length > 0 && (
        <ul aria-label="Imports" className="sheet divide-y divide-rule">
          {data.map(item => (
            <li key={item.id}>
              <ImportRow item={item} />
            </li>
          ))}
        </ul>
      )}
      <SavedMappings />
    </SettingsSection>
  )
}

function ImportRow({ item }: { item: Import }) {
  const state = stateOf(item)
  return (
    <Link
      to={paths.import}
      params={{ id: item.id }}
      className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-sunk sm:px-5"
    >
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-semibold wrap-anywhere">{item.file.name}</span>
        <span className="block text-sm text-soft">
          {kindLabel(item.kind)} · {ageText(item.created_at)}
        </span>
      </span>
      <span className="numeral text-sm text-soft">{outcome(item)}</span>
      {isWorking(item) && (
        <span className="w-24">
          <Meter label={`Progress of ${item.file.name}`} value={item.progress.share} thin />
        </span>
      )}
      <Badge tone={state.tone}>{state.label}</Badge>
    </Link>
  )
}

function outcome(item: Import): string {
  if (item.status === 'done') {
    const written = item.counts.created + item.counts.changed
    return `${count(written)} written`
  }
  if (item.status === 'undone' || item.status === 'cancelled') {
    return item.undone > 0 ? `${count(item.undone)} put back` : ''
  }
  if (item.report?.questions.length) return ''
  if (item.report) {
    return item.report.refused > 0
      ? `${count(item.report.refused)} of ${count(item.report.things)} refused`
      : `${count(item.report.good)} good`
  }
  return ''
}
