/** Asks before a decision: what it does, how much money it moves, and whether it can be undone. */
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useState } from 'react'
import type { ChangeSet } from '@/shared/api/types'
import { plural } from '@/shared/format/words'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Field } from '@/shared/ui/Field'
import { type Decision, useDecide } from './queries'
import { perUnit, reversibilityText, stakeOf, stakeText, valueClass, valueText } from './words'

export type DecisionKind = Decision['kind']

interface DecisionSheetProps {
  set: ChangeSet
  kind: DecisionKind
  /** Operations that an approval leaves out. */
  leftOut?: number[]
  onClose: () => void
  onDone?: (set: ChangeSet) => void
}

const TITLES: Record<DecisionKind, string> = { approve: 'Approve', reject: 'Reject', undo: 'Undo' }
const NOTES: Record<DecisionKind, string> = {
  approve: 'Note (optional)',
  reject: 'Why (optional)',
  undo: 'Why (optional)',
}
const SHOWN_AT_MOST = 4

export default function DecisionSheet({ set, kind, leftOut = [], onClose, onDone }: DecisionSheetProps) {
  const [note, setNote] = useState('')
  const decide = useDecide(set.id)
  const send = () => {
    const decision: Decision =
      kind === 'approve' ? { kind, digest: set.digest, reject: leftOut, note } : { kind, note }
    decide.mutate(decision, {
      onSuccess: answer => {
        onClose()
        onDone?.(answer)
      },
    })
  }
  return (
    <AlertDialog.Root open onOpenChange={open => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <AlertDialog.Popup className="popup fixed inset-x-2 top-[8dvh] z-50 mx-auto max-h-[84dvh] max-w-md overflow-y-auto p-5">
          <AlertDialog.Title className="text-lg font-semibold">
            {TITLES[kind]} “{set.title}”?
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-soft" render={<div />}>
            <What set={set} kind={kind} leftOut={leftOut} />
          </AlertDialog.Description>
          <div className="mt-4">
            <Field label={NOTES[kind]}>
              {field => (
                <input
                  {...field}
                  maxLength={500}
                  value={note}
                  onChange={event => setNote(event.target.value)}
                  className="field"
                />
              )}
            </Field>
          </div>
          {decide.error && (
            <p role="alert" className="mt-3 text-sm text-bad">
              {decide.error.message}
            </p>
          )}
          <div className="mt-5 flex justify-end gap-2">
            <Button onClick={onClose}>Leave it</Button>
            <Button kind={kind === 'reject' ? 'danger' : 'primary'} busy={decide.isPending} onClick={send}>
              {kind === 'undo' ? 'Propose the undo' : TITLES[kind]}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

function What({ set, kind, leftOut }: { set: ChangeSet; kind: DecisionKind; leftOut: number[] }) {
  if (kind === 'reject') return <p>Nothing is written. The set is kept with your reason.</p>
  if (kind === 'undo') {
    return (
      <p>
        What it changed is proposed back to what it was before, as a new change-set. Nothing is written before
        that one is approved.
      </p>
    )
  }
  const chosen = set.operations.filter(one => !leftOut.includes(one.no))
  const stake = stakeOf(chosen)
  return (
    <>
      <p>
        {chosen.length} {plural(chosen.length, 'change is', 'changes are')} written to your shop
        {leftOut.length > 0 && `, ${leftOut.length} ${plural(leftOut.length, 'is', 'are')} left out`}. Each is
        read again before and after.
      </p>
      <ul className="mt-2 flex flex-col gap-0.5">
        {chosen.slice(0, SHOWN_AT_MOST).map(one => (
          <li key={one.no} className="flex justify-between gap-3">
            <span className="min-w-0 truncate">{one.label}</span>
            <span className={cx(valueClass(one.after), 'max-w-2/3 text-right font-semibold text-ink')}>
              {valueText(one.before)} → {valueText(one.after)}
            </span>
          </li>
        ))}
        {chosen.length > SHOWN_AT_MOST && <li>and {chosen.length - SHOWN_AT_MOST} more</li>}
      </ul>
      {stake && (
        <p className="mt-3 text-ink">
          Money: <strong className="numeral">{stakeText(stake)}</strong> in all{perUnit(chosen)}.
        </p>
      )}
      <p className="mt-1 text-ink">{reversibilityText(set.reversibility)}</p>
    </>
  )
}
