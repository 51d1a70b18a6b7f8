import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { connectionsQuery } from '@/shared/api/queries'
import { paths } from '@/shared/paths'
import { Only } from '@/shared/session/may'
import { buttonClass } from '@/shared/ui/Button'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { ConnectionCard } from './ConnectionCard'
import { PrivacyRequests } from './PrivacyRequests'

export function ConnectionsPage() {
  const { data, error, refetch } = useQuery(connectionsQuery)
  return (
    <Page
      title="Connections"
      lead="Where facts come from, how old they are, and what is missing."
      actions={
        <Only may="connections:write">
          <Link to={paths.start} className={buttonClass('plain')}>
            Add a store
          </Link>
        </Only>
      }
    >
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the connections" />}
      {data?.length === 0 && (
        <div className="sheet">
          <Empty
            title="Nothing is connected"
            action={
              <Only may="connections:write">
                <Link to={paths.start} className={buttonClass('primary')}>
                  Choose a store
                </Link>
              </Only>
            }
          >
            Without a store there are no orders, and without orders no profit.
          </Empty>
        </div>
      )}
      <div className="flex flex-col gap-6">
        {data?.map(connection => (
          <ConnectionCard key={connection.id} connection={connection} />
        ))}
        {data && data.length > 0 && <PrivacyRequests />}
      </div>
    </Page>
  )
}
