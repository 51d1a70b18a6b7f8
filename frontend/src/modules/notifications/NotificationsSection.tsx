/** Settings → Notifications: what one is told by mail, the channels, and what became of messages. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { NotificationChannel } from '@/shared/api/types'
import { Only, useMay } from '@/shared/session/may'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { ChannelRow } from './ChannelRow'
import { Deliveries } from './Deliveries'
import { OwnPreferences } from './OwnPreferences'
import { channelsQuery } from './queries'

const ChannelPopup = lazy(() => import('./ChannelPopup'))

export function NotificationsSection() {
  const maySeeChannels = useMay('channels:read')
  return (
    <SettingsSection
      title="Notifications"
      lead="Everything is in the Inbox. Here is what else tells you of it, and when. The same cause is told once a day, and counted."
    >
      <OwnPreferences />
      {maySeeChannels && <Channels />}
      {maySeeChannels && <Deliveries />}
    </SettingsSection>
  )
}

function Channels() {
  const { data, error, refetch } = useQuery(channelsQuery)
  const [open, setOpen] = useState<{ channel?: NotificationChannel } | null>(null)
  const add = (
    <Only may="channels:write">
      <Button onClick={() => setOpen({})}>Add a channel</Button>
    </Only>
  )
  return (
    <Section
      title="Channels"
      note="Slack and services like it, and signed webhooks of your own"
      actions={add}
      flush
    >
      {error && !data && (
        <div className="p-4">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!data && !error && <Loading label="Loading the channels" rows={3} />}
      {data?.length === 0 && (
        <Empty title="No channel yet">
          A channel tells a whole team, or another program. Messages to programs are signed after Standard
          Webhooks.
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul aria-label="Channels" className="divide-y divide-rule border-t border-rule">
          {data.map(channel => (
            <ChannelRow key={channel.id} channel={channel} onEdit={() => setOpen({ channel })} />
          ))}
        </ul>
      )}
      <Suspense>
        {open && (
          <ChannelPopup {...(open.channel && { channel: open.channel })} onClose={() => setOpen(null)} />
        )}
      </Suspense>
    </Section>
  )
}
