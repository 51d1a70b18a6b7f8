import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { paths } from '@/shared/paths'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'

export function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <div className="sheet">
        <Empty
          title="This address leads nowhere"
          action={
            <Link to={paths.pulse} className={buttonClass('primary')}>
              Go to Pulse
            </Link>
          }
        >
          The page may have moved, or the address was cut when it was copied.
        </Empty>
      </div>
    </Page>
  )
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Page title="This page failed">
      <Failure error={error} onRetry={again} />
      <div className="mt-4">
        <Button kind="quiet" onClick={() => window.location.reload()}>
          Reload the whole application
        </Button>
      </div>
    </Page>
  )
}

export function PendingPage() {
  return <Loading label="Loading the page" />
}
