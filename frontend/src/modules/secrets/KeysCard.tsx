/** The keys over all secrets, and their replacement. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { count } from '@/shared/format/money'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { keysQuery, useRotate } from './queries'

const ConfirmDialog = lazy(() => import('./ConfirmDialog'))

export function KeysCard() {
  const { data, error, refetch } = useQuery(keysQuery)
  const rotate = useRotate()
  const [asking, setAsking] = useState(false)
  return (
    <section aria-labelledby="secret-keys" className="sheet p-4 sm:p-5">
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h3 id="secret-keys" className="font-semibold">
            Keys
          </h3>
          <p className="max-w-prose text-sm text-soft">
            One key seals; older ones still open what backups hold. Keep a copy of the keyring apart from the
            database: without it the secrets are lost.
          </p>
        </div>
        <Only may="keys:rotate">
          <Button onClick={() => setAsking(true)}>Rotate the key</Button>
        </Only>
      </header>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Opening every secret once" rows={2} />}
      {rotate.data && (
        <div className="mt-3" role="status">
          <Note>A new key seals now. {count(rotate.data.rewrapped)} secrets were sealed again with it.</Note>
        </div>
      )}
      {data && data.damaged > 0 && (
        <div className="mt-3">
          <Note tone="bad">{count(data.damaged)} secrets do not open. Enter them again.</Note>
        </div>
      )}
      <ul className="mt-3 divide-y divide-rule text-sm">
        {data?.keys.map(key => (
          <li key={key.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-2">
            <span className="flex min-w-0 flex-wrap items-center gap-2">
              <code className="font-mono text-xs wrap-anywhere">{key.id}</code>
              <Badge tone={key.primary ? 'good' : 'neutral'}>{key.primary ? 'Seals' : 'Opens only'}</Badge>
            </span>
            <span className="text-soft tabular-nums">
              {count(key.secrets)} secrets · sealed {count(key.uses)} times
            </span>
          </li>
        ))}
      </ul>
      <Suspense>
        {asking && (
          <ConfirmDialog
            title="Rotate the key?"
            action="Rotate"
            busy={rotate.isPending}
            error={rotate.error}
            onConfirm={() => rotate.mutate(undefined, { onSuccess: () => setAsking(false) })}
            onClose={() => setAsking(false)}
          >
            A new key is made and every secret is sealed again with it. Nothing stops working. Copy the
            keyring anew afterwards.
          </ConfirmDialog>
        )}
      </Suspense>
    </section>
  )
}
