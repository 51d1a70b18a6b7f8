import { deferred } from '@/shared/ui/Deferred'
import { usePreferences } from '@/shared/ui/preferences'
import { THEMES } from './themes'

const ThemeMenu = deferred(() => import('./ThemeMenu'))

export function ThemeToggle({ className }: { className: string }) {
  const theme = usePreferences(state => state.theme)
  const current = THEMES.find(entry => entry.key === theme) ?? THEMES[0]
  return (
    <ThemeMenu label={`Appearance: ${current.label}`} className={className}>
      <current.icon aria-hidden="true" className="size-4.5" strokeWidth={1.75} />
    </ThemeMenu>
  )
}
