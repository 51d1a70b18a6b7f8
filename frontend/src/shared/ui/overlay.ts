/** What lies over the page, if anything; pages may ask for it too. */
import { create } from 'zustand'
import type { StopScope } from '@/shared/api/types'

export type Overlay = 'palette' | 'help' | 'stop' | 'lift' | 'assistant' | null

interface OverlayStore {
  open: Overlay
  /** What a stop is about, where that is known already. */
  scope: StopScope | null
  show: (overlay: Overlay, scope?: StopScope) => void
}

export const useOverlay = create<OverlayStore>()(set => ({
  open: null,
  scope: null,
  show: (open, scope) => set({ open, scope: scope ?? null }),
}))
