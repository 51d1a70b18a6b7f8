/** The frame of a page: one title, what it is about, and what can be done there. */
import { type ReactNode, useEffect } from 'react'
import { cx } from './cx'

interface PageProps {
  title: string
  /** For the browser's tab, when it should say more than the heading. */
  tab?: string
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Page({ title, tab, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${tab ?? title} · Royal Equips`
  }, [title, tab])
  return (
    <div className="mx-auto w-full max-w-[84rem] px-4 pt-5 pb-12 sm:px-6 lg:px-8">
      <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          {lead && <div className="mt-0.5 text-sm text-soft">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

interface SectionProps {
  title: string
  note?: ReactNode
  actions?: ReactNode
  className?: string
  /** Without inner padding, for tables that reach the edges. */
  flush?: boolean
  children: ReactNode
}

export function Section({ title, note, actions, className, flush, children }: SectionProps) {
  return (
    <section aria-label={title} className={cx('sheet min-w-0', className)}>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3.5 pb-2.5 sm:px-5">
        <div className={cx('min-w-0', note ? 'flex-1 basis-40' : '')}>
          <h2 className="text-base font-semibold">{title}</h2>
          {note && <p className="text-xs text-faint">{note}</p>}
        </div>
        {actions}
      </header>
      <div className={flush ? '' : 'px-4 pb-4 sm:px-5 sm:pb-5'}>{children}</div>
    </section>
  )
}
