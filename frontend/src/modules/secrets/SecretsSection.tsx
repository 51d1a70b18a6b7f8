/** Settings → Secrets: what is stored, where the rest comes from, and the keys over all of it. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Secret, SecretList } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { Only, useMay } from '@/shared/session/may'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { KeysCard } from './KeysCard'
import { secretsQuery, useDeleteSecret } from './queries'
import { SourcesCard } from './SourcesCard'

const SecretDialog = lazy(() => import('./SecretDialog'))
const ConfirmDialog = lazy(() => import('./ConfirmDialog'))

type Open = { set: string | undefined } | { remove: string }

const HEADING = {
  title: 'Secrets',
  lead: 'Credentials are written and never read back. What belongs to a connection or a channel goes with it.',
}

export function SecretsSection() {
  if (useMay('secrets:read')) return <Secrets />
  return (
    <SettingsSection {...HEADING}>
      <div className="sheet">
        <Empty title="Only admins see which secrets there are">
          Ask an admin or the owner of the workspace when a credential has to be replaced.
        </Empty>
      </div>
    </SettingsSection>
  )
}

function Secrets() {
  const { data, error, refetch } = useQuery(secretsQuery)
  const [open, setOpen] = useState<Open | null>(null)
  const add = (
    <Only may="secrets:write">
      <Button kind="primary" onClick={() => setOpen({ set: undefined })}>
        Add a secret
      </Button>
    </Only>
  )
  return (
    <SettingsSection {...HEADING} actions={add}>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the secrets" rows={4} />}
      {data && <Stored list={data} onOpen={setOpen} add={add} />}
      {data && <SourcesCard names={data.looked_up} />}
      <KeysCard />
      <Suspense>
        {open && 'set' in open && (
          <SecretDialog {...(open.set && { name: open.set })} onClose={() => setOpen(null)} />
        )}
        {open && 'remove' in open && <Remove name={open.remove} onClose={() => setOpen(null)} />}
      </Suspense>
    </SettingsSection>
  )
}

function Remove({ name, onClose }: { name: string; onClose: () => void }) {
  const remove = useDeleteSecret()
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      action="Remove it"
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(name, { onSuccess: onClose })}
      onClose={onClose}
    >
      What uses it stops working unless another place has it. Nobody can bring the value back.
    </ConfirmDialog>
  )
}

interface StoredProps {
  list: SecretList
  add: React.ReactNode
  onOpen: (open: Open) => void
}

function Stored({ list, add, onOpen }: StoredProps) {
  if (list.secrets.length === 0) {
    return (
      <div className="sheet">
        <Empty title="No secret is stored here" action={add}>
          Connections keep their credentials here by themselves. Add one by hand when a setting needs it and
          you do not want it in the environment.
        </Empty>
      </div>
    )
  }
  return (
    <ul aria-label="Stored secrets" className="sheet divide-y divide-rule">
      {list.secrets.map(secret => (
        <SecretRow key={secret.name} secret={secret} onOpen={onOpen} />
      ))}
    </ul>
  )
}

function SecretRow({ secret, onOpen }: { secret: Secret; onOpen: (open: Open) => void }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <code className="font-mono text-sm font-semibold wrap-anywhere">{secret.name}</code>
          {secret.managed && <Badge>{secret.name.startsWith('channel/') ? 'Channel' : 'Connection'}</Badge>}
          {!secret.fingerprint && <Badge tone="bad">Does not open</Badge>}
        </p>
        <p className="mt-0.5 text-xs text-soft">
          Version {count(secret.version)} · entered {ageText(secret.created_at)} ·{' '}
          {secret.last_used_at ? `used ${ageText(secret.last_used_at)}` : 'never used'}
          {secret.fingerprint && (
            <>
              {' · fingerprint '}
              <code className="font-mono">{secret.fingerprint}</code>
            </>
          )}
        </p>
      </div>
      {!secret.managed && (
        <div className="flex gap-2">
          <Button aria-label={`Replace ${secret.name}`} onClick={() => onOpen({ set: secret.name })}>
            Replace
          </Button>
          <Button
            kind="quiet"
            aria-label={`Remove ${secret.name}`}
            onClick={() => onOpen({ remove: secret.name })}
          >
            Remove
          </Button>
        </div>
      )}
    </li>
  )
}
