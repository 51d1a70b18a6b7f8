import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { Invitation, Member } from '@/shared/api/types'
import { ageText, momentText } from '@/shared/format/time'
import { useMay } from '@/shared/session/may'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { MailNote } from './MailNote'
import { MemberPanel } from './MemberPanel'
import { InvitePopup, ServicePopup } from './NewMemberPopups'
import { roleText } from './permissions'
import { invitationsQuery, usersQuery, useUninvite } from './queries'

export function PeopleSection() {
  const mayRead = useMay('people:read')
  return (
    <SettingsSection
      title="People"
      lead="Who belongs to this workspace and what they may do. Service accounts are names in which scripts act and nobody signs in."
      actions={<Actions />}
    >
      {mayRead ? (
        <>
          <MailNote />
          <Members />
          <Invitations />
        </>
      ) : (
        <div className="sheet">
          <Empty title="Only admins see who belongs here">
            Ask an admin or the owner of the workspace when you need another role.
          </Empty>
        </div>
      )}
    </SettingsSection>
  )
}

function Actions() {
  const mayWrite = useMay('people:write')
  const [adding, setAdding] = useState<'person' | 'service' | null>(null)
  if (!mayWrite) return null
  return (
    <>
      <Button onClick={() => setAdding('service')}>Add a service account</Button>
      <Button kind="primary" onClick={() => setAdding('person')}>
        Invite somebody
      </Button>
      {adding === 'person' && <InvitePopup onClose={() => setAdding(null)} />}
      {adding === 'service' && <ServicePopup onClose={() => setAdding(null)} />}
    </>
  )
}

function Members() {
  const list = useInfiniteQuery(usersQuery)
  const members = list.data?.pages.flatMap(page => page.users) ?? []
  const [openId, setOpenId] = useState<string | null>(null)
  const open = members.find(member => member.id === openId)
  return (
    <>
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the people" rows={4} />}
      {members.length > 0 && (
        <ul aria-label="People and service accounts" className="sheet divide-y divide-rule">
          {members.map(member => (
            <MemberRow key={member.id} member={member} onOpen={() => setOpenId(member.id)} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      {open && <MemberPanel member={open} onClose={() => setOpenId(null)} />}
    </>
  )
}

function MemberRow({ member, onOpen }: { member: Member; onOpen: () => void }) {
  const mayWrite = useMay('people:write')
  const seen = member.last_seen_at ? `here ${ageText(member.last_seen_at)}` : 'not signed in'
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2 font-semibold wrap-anywhere">
          {member.label}
          {member.is_you && <Badge tone="brass">You</Badge>}
          {member.kind === 'service' && <Badge tone="slate">Service account</Badge>}
          {member.has_second_factor && <Badge tone="good">Second factor</Badge>}
          {member.disabled_at && <Badge tone="bad">Deactivated</Badge>}
        </p>
        <p className="mt-0.5 text-sm text-soft">
          {roleText(member.role)}
          {member.kind === 'person' && !member.disabled_at && ` · ${seen}`}
        </p>
      </div>
      {mayWrite && member.is_yours_to_change && (
        <Button onClick={onOpen} aria-label={`Change ${member.label}`}>
          Change
        </Button>
      )}
    </li>
  )
}

function Invitations() {
  const { data, error, refetch } = useQuery(invitationsQuery)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data || data.invitations.length === 0) return null
  return (
    <section aria-labelledby="invitations">
      <h3 id="invitations" className="pb-2 text-base font-semibold">
        Invited
      </h3>
      <ul aria-label="Open invitations" className="sheet divide-y divide-rule">
        {data.invitations.map(invitation => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  )
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const mayWrite = useMay('people:write')
  const uninvite = useUninvite()
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-semibold wrap-anywhere">{invitation.email}</p>
        <p className="mt-0.5 text-sm text-soft">
          {roleText(invitation.role)} · the link works until {momentText(invitation.expires_at)}
        </p>
        {uninvite.error && (
          <p role="alert" className="text-sm text-bad">
            {explain(uninvite.error)}
          </p>
        )}
      </div>
      {mayWrite && (
        <Button busy={uninvite.isPending} onClick={() => uninvite.mutate(invitation.id)}>
          Take back
        </Button>
      )}
    </li>
  )
}
