/** Over a form whose values somebody else has set since it was opened: what was typed stays until one asks for the others. */
import type { ReactNode } from 'react'
import { Note } from '@/shared/ui/States'

export function SetMeanwhile({ onShow, children }: { onShow: () => void; children: ReactNode }) {
  return (
    <div role="alert">
      <Note tone="warn">
        {children}
        <button type="button" onClick={onShow} className="min-h-6 font-semibold underline">
          Show what is stored now
        </button>
      </Note>
    </div>
  )
}
