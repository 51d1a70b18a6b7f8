import { Monitor, Moon, Sun } from 'lucide-react'

export const THEMES = [
  { key: 'system', label: 'As the device', icon: Monitor },
  { key: 'light', label: 'Light', icon: Sun },
  { key: 'dark', label: 'Dark', icon: Moon },
] as const
