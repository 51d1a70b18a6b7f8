/** The share of the price that stands in for costs that nobody told. */
import { useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { CostSettings } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { PreviewView } from './PreviewView'
import { useApply, usePreview } from './queries'

export function DefaultPercent({ settings, storeId }: { settings: CostSettings; storeId: string }) {
  const saved = settings.default_percent ?? ''
  const [text, setText] = useState(saved)
  const [known, setKnown] = useState(saved)
  if (known !== saved) {
    setKnown(saved)
    setText(saved)
  }
  const preview = usePreview()
  const apply = useApply()
  const percent = text.trim()
  const changes =
    percent === ''
      ? [{ remove: REMOVE_ID, ...(settings.revision != null && { revision: settings.revision }) }]
      : [
          {
            entry: { kind: 'default_cost' as const, percent },
            ...(settings.revision != null && { revision: settings.revision }),
          },
        ]
  const input = { store_id: storeId, changes }
  const error = preview.error ?? apply.error
  return (
    <section aria-label="Default cost" className="sheet px-4 py-4 sm:px-5">
      <form
        className="flex flex-wrap items-end gap-x-4 gap-y-3"
        onSubmit={event => {
          event.preventDefault()
          preview.mutate(input)
        }}
      >
        <div className="min-w-0 flex-1 basis-72">
          <label htmlFor="default-percent" className="text-sm font-semibold">
            Where no cost is known, take this percent of the price
          </label>
          <p className="text-xs text-soft">
            Marked as estimated everywhere. Empty: unknown stays unknown, and is set apart from profit.
          </p>
        </div>
        <div className="flex items-center gap-2">
          <input
            id="default-percent"
            inputMode="decimal"
            value={text}
            onChange={event => {
              setText(event.target.value)
              preview.reset()
            }}
            placeholder="none"
            className="field numeral w-24 text-right"
          />
          <span aria-hidden="true">%</span>
        </div>
        <Button type="submit" busy={preview.isPending} disabled={percent === saved}>
          Preview
        </Button>
      </form>
      {error && (
        <p role="alert" className="mt-3 text-sm font-medium text-bad">
          {explain(error)}
        </p>
      )}
      {preview.data && percent !== saved && (
        <div className="mt-4 border-t border-rule pt-4">
          <PreviewView preview={preview.data} />
          <div className="mt-4 flex justify-end gap-2">
            <Button kind="quiet" onClick={() => preview.reset()}>
              Leave it
            </Button>
            <Button
              kind="primary"
              busy={apply.isPending}
              onClick={() => apply.mutate(input, { onSuccess: () => preview.reset() })}
            >
              Apply
            </Button>
          </div>
        </div>
      )}
    </section>
  )
}

/** The one row of its kind: `{"kind":"default_cost","key":""}`. */
const REMOVE_ID = 'eyJraW5kIjoiZGVmYXVsdF9jb3N0Iiwia2V5IjoiIn0'
