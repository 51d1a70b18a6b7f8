import { Check, Copy, Download } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/shared/ui/Button'
import { Popup } from '@/shared/ui/Popup'

/** Shown once: to be copied, kept as a file, or written down. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const [copied, setCopied] = useState<boolean | null>(null)
  const text = codes.join('\n')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      setCopied(false)
    }
  }
  const save = () => {
    const address = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = address
    link.download = 'royal-equips-recovery-codes.txt'
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <Popup
      title="Keep your recovery codes"
      about="For the day on which your phone is lost. Each works once in place of a code. They are not shown again."
      onClose={onClose}
    >
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-1 gap-x-6 gap-y-1 rounded-md bg-sunk p-4 font-mono text-sm min-[24rem]:grid-cols-2"
      >
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button onClick={() => void copy()}>
          {copied ? (
            <Check aria-hidden="true" className="size-4" />
          ) : (
            <Copy aria-hidden="true" className="size-4" />
          )}
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button onClick={save}>
          <Download aria-hidden="true" className="size-4" />
          Save as a file
        </Button>
        <Button kind="primary" onClick={onClose} className="ml-auto">
          I have them
        </Button>
      </div>
      <p role="status" className="mt-2 text-sm text-soft">
        {copied === false && 'The browser does not allow copying here: select them and copy them by hand.'}
      </p>
    </Popup>
  )
}
