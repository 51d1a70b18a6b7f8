/** An amount, or a dash that says on hover and on focus why there is none. */
import { useId, useRef } from 'react'
import { isNegative, money, NONE } from '@/shared/format/money'
import { cx } from './cx'

interface AmountProps {
  value: string | null | undefined
  currency: string
  reason?: string | undefined
  style?: 'exact' | 'whole' | 'signed'
  className?: string
}

export function Amount({ value, currency, reason, style = 'exact', className }: AmountProps) {
  if (value == null) return <Absent reason={reason} />
  return (
    <span className={cx('numeral', isNegative(value) && 'text-bad', className)}>
      {money(value, currency, style)}
    </span>
  )
}

const GAP = 6
const EDGE = 12

/** A dash with its reason in the browser's own popover, which no scrolling container can cut. */
export function Absent({ reason }: { reason?: string | undefined }) {
  const id = useId()
  const trigger = useRef<HTMLButtonElement>(null)
  const popup = useRef<HTMLSpanElement>(null)
  if (!reason) return <span className="text-faint">{NONE}</span>
  const show = () => {
    const box = trigger.current?.getBoundingClientRect()
    const element = popup.current
    if (!box || !element?.showPopover) return
    element.showPopover()
    const left = Math.min(box.right - element.offsetWidth, window.innerWidth - element.offsetWidth - EDGE)
    element.style.left = `${Math.max(EDGE, left)}px`
    const above = box.bottom + GAP + element.offsetHeight > window.innerHeight
    element.style.top = `${above ? box.top - GAP - element.offsetHeight : box.bottom + GAP}px`
  }
  const hide = () => popup.current?.hidePopover?.()
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-label={`Not known: ${reason}`}
        aria-describedby={id}
        onPointerEnter={show}
        onPointerLeave={hide}
        onFocus={show}
        onBlur={hide}
        onClick={show}
        className="inline-block min-h-6 min-w-6 rounded-sm text-right text-faint underline decoration-dotted underline-offset-4"
      >
        {NONE}
      </button>
      <span
        ref={popup}
        id={id}
        role="tooltip"
        popover="manual"
        className="popup fixed inset-auto m-0 max-w-72 px-3 py-2 text-left text-sm font-normal text-ink"
      >
        {reason}
      </span>
    </>
  )
}
