/** What stands where data would: nothing yet, not now, or not at all. */
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { ApiError, explain, UnreachableError } from '@/shared/api/problem'
import { Button } from './Button'
import { cx } from './cx'

interface EmptyProps {
  title: string
  children?: ReactNode
  /** The one button that mends it. */
  action?: ReactNode
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-start gap-3 px-4 py-10 sm:items-center sm:text-center">
      <p className="text-lg font-semibold">{title}</p>
      {children && <div className="max-w-prose text-sm text-soft">{children}</div>}
      {action}
    </div>
  )
}

/** The filters leave nothing over. */
export function NoMatch({
  title,
  onClear,
  children,
}: {
  title: string
  onClear: () => void
  children?: ReactNode
}) {
  return (
    <Empty
      title={title}
      action={
        <Button kind="primary" onClick={onClear}>
          Clear the filters
        </Button>
      }
    >
      {children}
    </Empty>
  )
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.problem.request_id : undefined
  const title =
    error instanceof UnreachableError ? 'The server cannot be reached' : 'This could not be loaded'
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-2 rounded-md border border-bad bg-bad-wash p-4"
    >
      <p className="flex items-center gap-2 font-semibold text-bad">
        <CircleAlert aria-hidden="true" className="size-4 shrink-0" />
        {title}
      </p>
      <p className="text-sm">{explain(error)}</p>
      {requestId && (
        <p className="text-xs text-soft">
          Request <code className="font-mono">{requestId}</code>
        </p>
      )}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}

type NoteTone = 'warn' | 'bad' | 'slate'

const NOTES: Record<NoteTone, string> = {
  warn: 'border-warn bg-warn-wash',
  bad: 'border-bad bg-bad-wash',
  slate: 'border-slate bg-slate-wash',
}

export function Note({ tone = 'slate', children }: { tone?: NoteTone; children: ReactNode }) {
  return <div className={cx('rounded-md border-l-4 px-4 py-3 text-sm', NOTES[tone])}>{children}</div>
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cx('skeleton', className)} />
}

export function Loading({ label, rows = 6 }: { label: string; rows?: number }) {
  const widths = ['w-full', 'w-11/12', 'w-full', 'w-4/5']
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, index) => `row-${index}`).map((key, index) => (
        <Skeleton key={key} className={cx('h-5', widths[index % widths.length])} />
      ))}
    </div>
  )
}
