import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './Button'

/** A secret that the server shows once: selected with one press, copied with another. */
export function ShownOnce({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState<boolean | null>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setCopied(true)
    } catch {
      setCopied(false)
    }
  }
  return (
    <div className="flex flex-col gap-2">
      <input
        aria-label={label}
        readOnly
        value={value}
        onFocus={event => event.target.select()}
        className="field font-mono text-sm"
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => void copy()}>
          {copied ? (
            <Check aria-hidden="true" className="size-4" />
          ) : (
            <Copy aria-hidden="true" className="size-4" />
          )}
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <p role="status" className="text-sm text-soft">
          {copied === false && 'The browser does not allow copying here: select it and copy it by hand.'}
        </p>
      </div>
    </div>
  )
}
