import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiToken } from '@/shared/api/types'
import { ageText, momentText } from '@/shared/format/time'
import { useMay } from '@/shared/session/may'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Confirm } from '@/shared/ui/Confirm'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { NewTokenPopup } from './NewTokenPopup'
import { tokensQuery, useRevokeToken } from './queries'

export function TokensSection() {
  const mayCreate = useMay('profile:write')
  const maySeeAll = useMay('people:read')
  const { values, set } = useUrlFilters(['whose'])
  const all = maySeeAll && values.whose === 'all'
  const list = useInfiniteQuery(tokensQuery(all))
  const tokens = list.data?.pages.flatMap(page => page.tokens) ?? []
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiToken | null>(null)
  const create = mayCreate && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      Create a token
    </Button>
  )
  return (
    <SettingsSection
      title="API tokens"
      lead="Keys for scripts. A token is shown once, may do no more than the one it acts for, and can be taken back at any time."
      actions={create}
    >
      {maySeeAll && (
        <label className="flex min-h-9 w-fit items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={all}
            onChange={event => void set({ whose: event.target.checked ? 'all' : undefined })}
            className="size-4 accent-brass"
          />
          Everybody’s, not only mine
        </label>
      )}
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the tokens" rows={3} />}
      {list.data && tokens.length === 0 && (
        <div className="sheet">
          <Empty title="No token yet" action={create}>
            A script sends it as <code className="font-mono">Authorization: Bearer …</code>
          </Empty>
        </div>
      )}
      {tokens.length > 0 && (
        <ul aria-label="API tokens" className="sheet divide-y divide-rule">
          {tokens.map(token => (
            <TokenRow key={token.id} token={token} whose={all} onRevoke={() => setRevoking(token)} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      {creating && <NewTokenPopup onClose={() => setCreating(false)} />}
      {revoking && <RevokeToken token={revoking} onClose={() => setRevoking(null)} />}
    </SettingsSection>
  )
}

interface TokenRowProps {
  token: ApiToken
  whose: boolean
  onRevoke: () => void
}

function TokenRow({ token, whose, onRevoke }: TokenRowProps) {
  const mayRevoke = useMay('profile:write')
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-semibold wrap-anywhere">
          {token.name}
          {token.is_expired && <Badge tone="bad">Expired</Badge>}
        </p>
        <p className="mt-0.5 text-sm text-soft">
          {whose && <span className="wrap-anywhere">{token.user} · </span>}
          {token.last_used_at ? `used ${ageText(token.last_used_at)}` : 'never used'}
          {' · '}
          {token.expires_at
            ? `${token.is_expired ? 'expired' : 'valid until'} ${momentText(token.expires_at)}`
            : 'does not expire'}
        </p>
        <p className="mt-1.5 flex flex-wrap gap-1">
          {token.scopes.length === 0 ? (
            <Badge tone="warn">Everything its user may do</Badge>
          ) : (
            token.scopes.map(scope => <Badge key={scope}>{scope}</Badge>)
          )}
        </p>
      </div>
      {mayRevoke && (
        <Button kind="danger" onClick={onRevoke} aria-label={`Revoke ${token.name}`}>
          Revoke
        </Button>
      )}
    </li>
  )
}

function RevokeToken({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const revoke = useRevokeToken()
  return (
    <Confirm
      title={`Revoke ${token.name}?`}
      action="Revoke"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(token.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      Scripts that use it are refused from now on. It cannot be brought back.
    </Confirm>
  )
}
