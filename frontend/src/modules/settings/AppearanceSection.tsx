import { SettingsSection } from '@/shared/settings/SettingsSection'
import { type Theme, usePreferences } from '@/shared/ui/preferences'

const CHOICES: { value: Theme; label: string; about: string }[] = [
  { value: 'system', label: 'As the system', about: 'Follows the setting of this device.' },
  { value: 'light', label: 'Light', about: 'Ink on paper.' },
  { value: 'dark', label: 'Dark', about: 'For the evening.' },
]

export function AppearanceSection() {
  const { theme, setTheme } = usePreferences()
  return (
    <SettingsSection title="Appearance" lead="Kept in this browser only.">
      <fieldset className="sheet divide-y divide-rule">
        <legend className="sr-only">Colours</legend>
        {CHOICES.map(choice => (
          <label
            key={choice.value}
            className="flex min-h-14 cursor-pointer items-center gap-3 px-4 py-2.5 hover:bg-sunk sm:px-5"
          >
            <input
              type="radio"
              name="theme"
              value={choice.value}
              checked={theme === choice.value}
              onChange={() => setTheme(choice.value)}
              className="size-4 shrink-0 accent-brass"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{choice.label}</span>
              <span className="block text-sm text-soft">{choice.about}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </SettingsSection>
  )
}
