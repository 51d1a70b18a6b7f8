import { useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { Member } from '@/shared/api/types'
import { momentText } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Note } from '@/shared/ui/States'
import { HandedOver } from './HandedOver'
import { useResetFactor, useResetLink, useUpdateUser } from './queries'
import { RoleSelect } from './RoleSelect'

export function MemberPanel({ member, onClose }: { member: Member; onClose: () => void }) {
  const update = useUpdateUser()
  const reset = useResetLink()
  const resetFactor = useResetFactor()
  const [role, setRole] = useState(member.role)
  const error = update.error ?? reset.error ?? resetFactor.error
  const disabled = member.disabled_at != null
  return (
    <SidePanel open onClose={onClose} title={member.label}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-3">
          <RoleSelect value={role} onChange={setRole} />
          <Button
            kind="primary"
            className="self-start"
            busy={update.isPending}
            disabled={role === member.role}
            onClick={() => update.mutate({ id: member.id, role })}
          >
            Change the role
          </Button>
        </div>
        {member.kind === 'person' && !disabled && (
          <div className="flex flex-col gap-3">
            <h3 className="text-base font-semibold">Password</h3>
            {reset.data ? (
              <HandedOver link={reset.data} />
            ) : (
              <>
                <p className="text-sm text-soft">
                  A one-time link by which they set a new password. The old one works until they do.
                </p>
                <Button className="self-start" busy={reset.isPending} onClick={() => reset.mutate(member.id)}>
                  Make a link
                </Button>
              </>
            )}
          </div>
        )}
        {member.has_second_factor && !member.is_you && (
          <div className="flex flex-col gap-3">
            <h3 className="text-base font-semibold">Second factor</h3>
            <p className="text-sm text-soft">
              For when they lost their phone and their recovery codes. Their password alone lets them in until
              they turn it on again, so make sure that it is them who asks.
            </p>
            <Button
              kind="danger"
              className="self-start"
              busy={resetFactor.isPending}
              onClick={() => resetFactor.mutate(member.id)}
            >
              Take it away
            </Button>
          </div>
        )}
        {!member.is_you && (
          <div className="flex flex-col gap-3">
            <h3 className="text-base font-semibold">Access</h3>
            <p className="text-sm text-soft">
              {disabled
                ? `Deactivated ${momentText(member.disabled_at)}. Nothing of theirs lets anybody in.`
                : 'Deactivating signs them out at once and stops their tokens. It can be taken back.'}
            </p>
            <Button
              kind={disabled ? 'plain' : 'danger'}
              className="self-start"
              busy={update.isPending}
              onClick={() => update.mutate({ id: member.id, disabled: !disabled })}
            >
              {disabled ? 'Activate again' : 'Deactivate'}
            </Button>
          </div>
        )}
        {error && (
          <div role="alert">
            <Note tone="bad">{explain(error)}</Note>
          </div>
        )}
      </div>
    </SidePanel>
  )
}
