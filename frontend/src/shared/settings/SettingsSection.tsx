/** The frame of one section of Settings: its title, what it is for, and what can be done there. */
import { type ReactNode, useEffect } from 'react'

interface SettingsSectionProps {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function SettingsSection({ title, lead, actions, children }: SettingsSectionProps) {
  useEffect(() => {
    document.title = `${title} · Settings · Royal Equips`
  }, [title])
  return (
    <section aria-labelledby="settings-section" className="min-w-0">
      <header className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h2 id="settings-section" className="text-lg font-semibold">
            {title}
          </h2>
          {lead && <div className="mt-0.5 max-w-prose text-sm text-soft">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className="flex flex-col gap-5">{children}</div>
    </section>
  )
}
