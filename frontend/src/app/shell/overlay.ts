import { create } from 'zustand'

export type Overlay = 'palette' | 'help' | 'stop' | 'lift' | null

interface OverlayStore {
  open: Overlay
  show: (overlay: Overlay) => void
}

export const useOverlay = create<OverlayStore>()(set => ({
  open: null,
  show: open => set({ open }),
}))
