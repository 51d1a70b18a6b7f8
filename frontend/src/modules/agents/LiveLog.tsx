/** What a run writes down. Follows the end until somebody scrolls away from it. */
import { ArrowDownToLine } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import type { LogLine } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { clockText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { cx } from '@/shared/ui/cx'
import { useLog } from './use-log'

const SHOWN_AT_MOST = 2_000
const AT_END_WITHIN = 24

const TONES: Record<LogLine['level'], string> = { info: '', warn: 'text-warn', error: 'text-bad' }

export function LiveLog({ id }: { id: string }) {
  const { lines, done, trouble } = useLog(id)
  const box = useRef<HTMLDivElement>(null)
  const [follows, setFollows] = useState(true)
  const shown = lines.slice(-SHOWN_AT_MOST)
  const last = lines.at(-1)?.no
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line moves the end
  useLayoutEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [follows, last])
  const onScroll = () => {
    const element = box.current
    if (!element) return
    setFollows(element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END_WITHIN)
  }
  return (
    <div className="relative min-w-0">
      <div
        ref={box}
        role="log"
        aria-label="Log"
        tabIndex={0}
        onScroll={onScroll}
        className="max-h-80 overflow-y-auto rounded-md border border-rule bg-sunk/60 py-2 font-mono text-xs"
      >
        {shown.length < lines.length && (
          <p className="px-3 py-0.5 text-faint">
            The first {count(lines.length - shown.length)} lines are not shown.
          </p>
        )}
        {shown.map(line => (
          <Line key={line.no} line={line} />
        ))}
        {lines.length === 0 && !trouble && (
          <p className="px-3 py-0.5 text-faint">{done ? 'It wrote nothing down.' : 'Nothing yet…'}</p>
        )}
        {trouble && (
          <p className="px-3 py-0.5 text-bad">The log could not be fetched: {trouble} It is tried again.</p>
        )}
      </div>
      <p className="mt-1.5 text-xs text-faint">
        {count(lines.length)} {plural(lines.length, 'line')}
        {done ? '' : ' so far'}
      </p>
      {!follows && (
        <button
          type="button"
          onClick={() => setFollows(true)}
          className="popup absolute right-4 bottom-9 inline-flex min-h-8 items-center gap-1.5 rounded-md px-2.5 text-xs font-semibold"
        >
          <ArrowDownToLine aria-hidden="true" className="size-3.5" /> Follow the end
        </button>
      )}
    </div>
  )
}

function Line({ line }: { line: LogLine }) {
  return (
    <p className="grid grid-cols-[auto_1fr] gap-x-3 px-3 py-0.5">
      <time dateTime={line.at} className="numeral text-faint">
        {clockText(line.at)}
      </time>
      <span className={cx('min-w-0 whitespace-pre-wrap', TONES[line.level])}>
        {line.level !== 'info' && <span className="sr-only">{line.level}: </span>}
        {line.text}
      </span>
    </p>
  )
}
