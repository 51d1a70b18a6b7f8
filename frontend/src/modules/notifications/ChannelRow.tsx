/** One channel: whether it works, when it last did, why not; a test, its settings, its end. */
import { useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { NotificationChannel } from '@/shared/api/types'
import { ageText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Confirm } from '@/shared/ui/Confirm'
import { useRemoveChannel, useTestChannel } from './queries'
import { toldText } from './words'

export function ChannelRow({ channel, onEdit }: { channel: NotificationChannel; onEdit: () => void }) {
  const test = useTestChannel(channel.id)
  const [removing, setRemoving] = useState(false)
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-semibold wrap-anywhere">
          {channel.name}
          <State channel={channel} />
        </p>
        <p className="mt-0.5 text-sm text-soft wrap-anywhere">
          {channel.kind === 'slack' ? 'Slack and the like' : 'Signed webhook'} · {channel.address}
        </p>
        <p className="mt-0.5 text-sm text-soft">
          {toldText(channel.preferences)} ·{' '}
          {channel.last_sent_at ? `last sent ${ageText(channel.last_sent_at)}` : 'nothing sent yet'}
        </p>
        {channel.off_reason && (
          <p className="mt-0.5 text-sm text-bad wrap-anywhere">
            Switched off by itself: {channel.off_reason}. Mend it, then switch it on again.
          </p>
        )}
        {!channel.off_reason && channel.last_error && (
          <p className="mt-0.5 text-sm text-bad wrap-anywhere">Last failure: {channel.last_error}</p>
        )}
        <p role="status" className="mt-0.5 text-sm wrap-anywhere empty:hidden">
          {test.data?.state === 'sent' && <span className="text-good">The test was taken.</span>}
          {test.data?.state === 'dead' && (
            <span className="text-bad">The test did not arrive: {test.data.last_error}</span>
          )}
          {test.error && <span className="text-bad">{explain(test.error)}</span>}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Only may="channels:test">
          <Button
            busy={test.isPending}
            aria-label={`Send a test to ${channel.name}`}
            onClick={() => test.mutate(undefined)}
          >
            Send a test
          </Button>
        </Only>
        <Only may="channels:write">
          <Button aria-label={`Change ${channel.name}`} onClick={onEdit}>
            Change
          </Button>
          <Button kind="quiet" aria-label={`Remove ${channel.name}`} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        </Only>
      </div>
      {removing && <Remove channel={channel} onClose={() => setRemoving(false)} />}
    </li>
  )
}

function State({ channel }: { channel: NotificationChannel }) {
  if (!channel.is_enabled) return <Badge tone={channel.off_reason ? 'bad' : 'neutral'}>Off</Badge>
  if (channel.failing_since) return <Badge tone="warn">Failing since {ageText(channel.failing_since)}</Badge>
  if (channel.last_sent_at) return <Badge tone="good">Works</Badge>
  return <Badge>On</Badge>
}

function Remove({ channel, onClose }: { channel: NotificationChannel; onClose: () => void }) {
  const remove = useRemoveChannel()
  return (
    <Confirm
      title={`Remove ${channel.name}?`}
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(channel.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      Nothing is sent there any more, and its secrets are deleted.
    </Confirm>
  )
}
