import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { momentText } from '@/shared/format/time'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { EnrolPopup } from './EnrolPopup'
import { PasskeysCard } from './PasskeysCard'
import { ProofPopup } from './ProofPopup'
import { secondFactorQuery } from './queries'

const FEW = 3

/** One's own account: what a sign-in asks for besides the password. */
export function SecuritySection() {
  const { data, error, refetch } = useQuery(secondFactorQuery)
  const [open, setOpen] = useState<'enrol' | 'remove' | 'renew' | null>(null)
  const close = () => setOpen(null)
  const left = data?.recovery_codes_left ?? 0
  return (
    <SettingsSection
      title="Security"
      lead="What lets you in besides your password: a second factor that sign-in asks for, so that somebody who learns the password alone stays outside, and passkeys that take the place of both."
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the second factor" rows={2} />}
      {data && (
        <div className="sheet flex flex-wrap items-start justify-between gap-x-6 gap-y-3 p-4 sm:p-5">
          <div className="min-w-0 flex-1 basis-64">
            <h3 className="flex flex-wrap items-center gap-2 text-base font-semibold">
              Authenticator
              <Badge tone={data.enabled ? 'good' : 'neutral'}>{data.enabled ? 'On' : 'Off'}</Badge>
            </h3>
            <p className="mt-1 max-w-prose text-sm text-soft">
              {data.enabled
                ? `Since ${momentText(data.since)}. ${left} of 10 recovery codes left.`
                : 'Any app that shows six-digit codes: Aegis, 1Password, Google Authenticator and others.'}
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            {data.enabled ? (
              <>
                <Button onClick={() => setOpen('renew')}>New recovery codes</Button>
                <Button kind="danger" onClick={() => setOpen('remove')}>
                  Turn off
                </Button>
              </>
            ) : (
              <Button kind="primary" onClick={() => setOpen('enrol')}>
                Turn on
              </Button>
            )}
          </div>
        </div>
      )}
      {data?.enabled && left <= FEW && (
        <Note tone="warn">
          {left === 0 ? 'No recovery codes are left.' : `Only ${left} recovery codes are left.`} Make new ones
          while you have your phone: without either, only an admin lets you in.
        </Note>
      )}
      {data && <PasskeysCard asksForCode={data.enabled} />}
      {open === 'enrol' && <EnrolPopup onClose={close} />}
      {(open === 'remove' || open === 'renew') && <ProofPopup what={open} onClose={close} />}
    </SettingsSection>
  )
}
