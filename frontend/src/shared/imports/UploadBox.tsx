/** Where a file is dropped or chosen. */
import { useNavigate } from '@tanstack/react-router'
import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { ApiError, explain, sentence } from '@/shared/api/problem'
import { paths } from '@/shared/paths'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Note } from '@/shared/ui/States'
import { sizeText } from './size'
import { useUpload } from './upload'

interface UploadBoxProps {
  store: string | undefined
  /** What may be dropped here; everything that can be imported without. */
  accepts?: string
}

const EVERYTHING =
  'Orders and products as Shopify exports them, product costs, shipping costs, payment fees, ad spend, fixed costs, exchange rates, supplier catalogues.'

export function UploadBox({ store, accepts = EVERYTHING }: UploadBoxProps) {
  const navigate = useNavigate()
  const upload = useUpload()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file) return
    try {
      const item = await upload.mutateAsync({ file, store })
      await navigate({ to: paths.import, params: { id: item.id } })
    } catch {
      // Said below.
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  const file = upload.variables?.file
  return (
    <div className="flex flex-col gap-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same */}
      <div
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cx(
          'flex flex-col items-center gap-3 rounded-lg border-2 border-dashed px-5 py-8 text-center',
          over ? 'border-brass bg-brass-wash' : 'border-edge',
        )}
      >
        <FileUp aria-hidden="true" className="size-7 text-brass" strokeWidth={1.5} />
        <p className="font-semibold">Drop a CSV or Excel file here</p>
        <p className="max-w-prose text-sm text-soft">
          {accepts} Nothing is imported before you have seen what is in it.
        </p>
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,.xlsx,text/csv"
          aria-label="CSV file"
          className="sr-only"
          tabIndex={-1}
          onChange={event => void take(event.target.files?.[0])}
        />
        <Button kind="primary" busy={upload.isPending} onClick={() => input.current?.click()}>
          {upload.isPending && file ? `Uploading ${sizeText(file.size)}` : 'Choose a file'}
        </Button>
      </div>
      {upload.error && (
        <div role="alert">
          <Note tone="bad">
            {file && <p className="font-semibold wrap-anywhere">{file.name}</p>}
            <p>{reason(upload.error)}</p>
          </Note>
        </div>
      )}
    </div>
  )
}

function reason(error: Error): string {
  if (error instanceof ApiError) return sentence(error.problem.errors?.[0]?.message ?? error.message)
  return explain(error)
}
