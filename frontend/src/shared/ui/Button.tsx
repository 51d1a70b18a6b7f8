import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { cx } from './cx'

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger'

const BASE =
  'inline-flex items-center justify-center gap-2 rounded-md min-h-9 px-3.5 text-sm font-semibold transition-colors disabled:opacity-55 select-none'

const KINDS: Record<ButtonKind, string> = {
  primary: 'bg-action text-on-action hover:opacity-90',
  plain: 'border border-edge bg-sheet text-ink hover:bg-sunk',
  quiet: 'text-soft hover:bg-sunk hover:text-ink',
  danger: 'border border-bad text-bad bg-sheet hover:bg-bad-wash',
}

export function buttonClass(kind: ButtonKind = 'plain', extra?: string): string {
  return cx(BASE, KINDS[kind], extra)
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind
  busy?: boolean
  children: ReactNode
}

export function Button({
  kind = 'plain',
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={buttonClass(kind, className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  )
}

export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="size-3.5 animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  )
}
