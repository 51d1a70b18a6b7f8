import { Popover } from '@base-ui/react/popover'
import { type FormEvent, useState } from 'react'
import type { Store } from '@/shared/api/types'
import { type CompareKey, PRESETS, type Range } from '@/shared/range/range'
import { useRange, useSetRange, useStore } from '@/shared/range/use-range'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import type { DeferredPart } from '@/shared/ui/Deferred'

const COMPARISONS: { key: CompareKey | 'none'; label: string }[] = [
  { key: 'previous', label: 'Previous period' },
  { key: 'year', label: 'A year before' },
  { key: 'none', label: 'Nothing' },
]

export default function RangeMenu({ defaultOpen, className, children }: DeferredPart) {
  const [open, setOpen] = useState(defaultOpen)
  const range = useRange()
  const store = useStore()
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={className}>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="end" sideOffset={6} collisionPadding={8} className="z-50">
          <Popover.Popup className="popup flex max-h-[80dvh] w-[min(34rem,calc(100vw-1rem))] flex-col gap-4 overflow-y-auto p-4">
            <Popover.Title className="sr-only">Period and comparison</Popover.Title>
            {range && store && <Choices range={range} store={store} onDone={() => setOpen(false)} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Choices({ range, store, onDone }: { range: Range; store: Store; onDone: () => void }) {
  const setRange = useSetRange()
  return (
    <>
      <fieldset>
        <legend className="label-caps mb-2">Period</legend>
        <div className="grid grid-cols-2 gap-1 sm:grid-cols-3">
          {PRESETS.map(preset => (
            <Choice
              key={preset.key}
              chosen={range.preset === preset.key}
              onChoose={() => {
                void setRange({ range: preset.key, from: undefined, to: undefined })
                onDone()
              }}
            >
              {preset.label}
            </Choice>
          ))}
        </div>
      </fieldset>
      <CustomDays range={range} store={store} onDone={onDone} />
      <fieldset>
        <legend className="label-caps mb-2">Compare with</legend>
        <div className="grid grid-cols-2 gap-1 sm:grid-cols-3">
          {COMPARISONS.map(entry => (
            <Choice
              key={entry.key}
              chosen={(range.compare ?? 'none') === entry.key}
              onChoose={() => {
                void setRange({ compare: entry.key === 'previous' ? undefined : entry.key })
                onDone()
              }}
            >
              {entry.label}
            </Choice>
          ))}
        </div>
      </fieldset>
      <p className="text-xs text-faint">
        Days begin and end at midnight in {store.timezone}.
        {range.anchoredAt && ' The last order of this store lies far back, so periods end on that day.'}
      </p>
    </>
  )
}

function Choice({ chosen, onChoose, children }: { chosen: boolean; onChoose: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={cx(
        'min-h-9 rounded-md px-2.5 text-left text-sm hover:bg-sunk',
        chosen && 'bg-brass-wash font-semibold text-brass',
      )}
    >
      {children}
    </button>
  )
}

function CustomDays({ range, store, onDone }: { range: Range; store: Store; onDone: () => void }) {
  const setRange = useSetRange()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const from = String(form.get('from'))
    const to = String(form.get('to'))
    if (!from || !to) return
    void setRange({ range: undefined, from: from < to ? from : to, to: from < to ? to : from })
    onDone()
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 items-end gap-2 min-[26rem]:grid-cols-[1fr_1fr_auto]">
      <label className="flex flex-col gap-1 text-xs text-soft">
        From
        <input
          type="date"
          name="from"
          required
          defaultValue={range.from}
          min={store.first_day ?? undefined}
          className="field"
        />
      </label>
      <label className="flex flex-col gap-1 text-xs text-soft">
        To
        <input
          type="date"
          name="to"
          required
          defaultValue={range.to}
          min={store.first_day ?? undefined}
          className="field"
        />
      </label>
      <Button type="submit" className="min-h-10">
        Show
      </Button>
    </form>
  )
}
