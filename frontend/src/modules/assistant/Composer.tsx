/** Where a question is written: Enter asks it, Shift and Enter begin a new line. */
import { SendHorizontal } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { count } from '@/shared/format/money'
import { Button } from '@/shared/ui/Button'

const MOST = 4_000
/** From so many characters on it is told how many are left. */
const NEARLY = 3_600

interface ComposerProps {
  busy: boolean
  onAsk: (question: string) => Promise<unknown>
}

export function Composer({ busy, onAsk }: ComposerProps) {
  const [text, setText] = useState('')
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    field.current?.focus()
  }, [])
  const left = MOST - [...text].length
  const can = text.trim() !== '' && left >= 0 && !busy

  async function ask(event?: FormEvent) {
    event?.preventDefault()
    if (!can) return
    const question = text.trim()
    setText('')
    try {
      await onAsk(question)
    } catch {
      // What was written is not lost; the failure is shown above.
      setText(question)
    }
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      void ask()
    }
  }

  return (
    <form onSubmit={event => void ask(event)} className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="sr-only">
          Your question
        </label>
        <textarea
          id={id}
          ref={field}
          value={text}
          rows={2}
          onChange={event => setText(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Net profit last week, by product"
          aria-describedby={`${id}-left`}
          className="field block h-auto min-h-16 w-full resize-y py-2"
        />
        <p id={`${id}-left`} role="status" className="min-h-4 text-xs text-faint">
          {[...text].length > NEARLY &&
            (left >= 0 ? `${count(left)} characters are left` : `${count(-left)} characters too many`)}
        </p>
      </div>
      <Button type="submit" kind="primary" disabled={!can} busy={busy} aria-label="Ask" className="mb-4">
        {!busy && <SendHorizontal aria-hidden="true" className="size-4" />}
        <span className="hidden sm:inline">Ask</span>
      </Button>
    </form>
  )
}
