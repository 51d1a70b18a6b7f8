/** Choices about the interface that belong to this browser. */
import { create } from 'zustand'

export type Theme = 'system' | 'light' | 'dark'

interface Preferences {
  theme: Theme
  setTheme: (theme: Theme) => void
}

const KEY = 'royal.theme'

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

export function applyTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export const usePreferences = create<Preferences>()(set => ({
  theme: stored(),
  setTheme: theme => {
    try {
      if (theme === 'system') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, theme)
    } catch {
      // A browser without storage forgets the choice; it still applies now.
    }
    applyTheme(theme)
    set({ theme })
  },
}))
