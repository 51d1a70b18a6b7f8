import { Menu } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { DeferredPart } from '@/shared/ui/Deferred'
import { type Theme, usePreferences } from '@/shared/ui/preferences'
import { ITEM, POPUP } from './menu'
import { THEMES } from './themes'

export default function ThemeMenu({ defaultOpen, label, className, children }: DeferredPart) {
  const { theme, setTheme } = usePreferences()
  return (
    <Menu.Root defaultOpen={defaultOpen}>
      <Menu.Trigger aria-label={label} className={className}>
        {children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} collisionPadding={8} className="z-50">
          <Menu.Popup className={POPUP}>
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => setTheme(value)}>
              {THEMES.map(entry => (
                <Menu.RadioItem key={entry.key} value={entry.key} closeOnClick className={ITEM}>
                  <entry.icon aria-hidden="true" className="size-4 text-faint" />
                  <span className="flex-1">{entry.label}</span>
                  <Menu.RadioItemIndicator>
                    <Check aria-hidden="true" className="size-4 text-brass" />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
