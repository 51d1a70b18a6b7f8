/** What a run rests on: who started it, with which settings and facts; and whether it comes out the same again. */
import type { ReactNode } from 'react'
import { ApiError } from '@/shared/api/problem'
import type { Replay, Run } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Note } from '@/shared/ui/States'
import { useReplay } from './queries'
import { bytesText, isUnderWay, secondsText } from './words'

export function RunFacts({ run }: { run: Run }) {
  return (
    <Section title="What it rests on">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        <Entry label="Created">{momentText(run.created_at)}</Entry>
        {run.started_at && <Entry label="Started">{momentText(run.started_at)}</Entry>}
        {run.finished_at && <Entry label="Ended">{momentText(run.finished_at)}</Entry>}
        <Entry label="Took">{secondsText(run.seconds)}</Entry>
        <Entry label="Tries">{triesText(run)}</Entry>
        <Entry label="Settings">
          {run.settings_version === 0 ? 'the defaults' : `version ${count(run.settings_version)}`}
        </Entry>
        {run.facts ? (
          <>
            <Entry label="Facts as of">{momentText(run.facts.as_of)}</Entry>
            <Entry label="Facts">
              {bytesText(run.facts.bytes)}
              <Hash value={run.facts.sha256} />
            </Entry>
          </>
        ) : (
          <Entry label="Facts">{isUnderWay(run.status) ? 'not gathered yet' : 'none were gathered'}</Entry>
        )}
        <Entry label="Seed">
          <code className="font-mono text-xs break-all">{run.seed}</code>
        </Entry>
        <Parameters value={run.parameters} />
      </dl>
      {run.kind === 'decide' && run.facts && !isUnderWay(run.status) && <Again id={run.id} />}
    </Section>
  )
}

function Entry({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{label}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </>
  )
}

function Hash({ value }: { value: string }) {
  return (
    <code title={value} className="block font-mono text-xs break-all text-faint">
      {value.slice(0, 16)}
    </code>
  )
}

function triesText(run: Run): string {
  if (run.crashes === 0) return count(run.attempts)
  return `${count(run.attempts)}, ${count(run.crashes)} ${plural(run.crashes, 'worker')} died with it`
}

function Parameters({ value }: { value: unknown }) {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return null
  return (
    <Entry label="Parameters">
      <code className="font-mono text-xs break-all">{JSON.stringify(value)}</code>
    </Entry>
  )
}

/** Decides again on the recorded facts, and says whether it comes to the same. */
function Again({ id }: { id: string }) {
  const may = useMay('agents:run')
  const replay = useReplay(id)
  if (!may) return null
  const gone = replay.error instanceof ApiError && replay.error.status === 410
  return (
    <div className="mt-4 flex flex-col items-start gap-3 border-t border-rule pt-4">
      <p className="text-sm text-soft">
        The same facts, settings and seed must lead to the same proposals. A replay changes nothing.
      </p>
      <Button busy={replay.isPending} onClick={() => replay.mutate()}>
        Replay it
      </Button>
      {replay.data && <Verdict verdict={replay.data} />}
      {gone && <Note tone="warn">Its facts were deleted with age: it cannot be replayed any more.</Note>}
      {replay.error && !gone && (
        <p role="alert" className="text-sm text-bad">
          {replay.error.message}
        </p>
      )}
    </div>
  )
}

function Verdict({ verdict }: { verdict: Replay }) {
  const many = `${count(verdict.proposals)} ${plural(verdict.proposals, 'proposal')}`
  if (verdict.same) {
    return (
      <div role="status" className="w-full">
        <Note>
          <p className="font-semibold text-good">The same, bit for bit</p>
          <p>
            {many} again, <code className="font-mono text-xs">{verdict.replayed_sha256.slice(0, 16)}</code>.
          </p>
        </Note>
      </div>
    )
  }
  return (
    <div role="alert" className="w-full">
      <Note tone="bad">
        <p className="font-semibold">It does not come to the same</p>
        <p>
          {many} now. The version of the server that decided then knew other rules, or its record was changed:
          <br />
          <code className="font-mono text-xs">{verdict.recorded_sha256.slice(0, 16)}</code> then,{' '}
          <code className="font-mono text-xs">{verdict.replayed_sha256.slice(0, 16)}</code> now.
        </p>
      </Note>
    </div>
  )
}
