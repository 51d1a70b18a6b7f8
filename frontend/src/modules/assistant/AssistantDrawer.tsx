/** The assistant over any page: the conversation that was open last goes on. */
import { Link, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { useOverlay } from '@/shared/ui/overlay'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Conversation } from './Conversation'
import { Start } from './Start'

const useOpenOne = create<{ id: string | null; open: (id: string | null) => void }>()(set => ({
  id: null,
  open: id => set({ id }),
}))

export default function AssistantDrawer() {
  const show = useOverlay(state => state.show)
  const { id, open } = useOpenOne()
  // Whoever follows a source wants to see the page below.
  const place = useLocation({ select: location => location.href })
  const begun = useRef(place)
  useEffect(() => {
    if (place !== begun.current) show(null)
  }, [place, show])
  return (
    <SidePanel open onClose={() => show(null)} title="Assistant">
      {id ? (
        <div className="flex flex-col gap-4">
          <p className="flex flex-wrap items-center justify-between gap-2 text-sm">
            <Link
              to={paths.conversation}
              params={{ id }}
              search={keepRange}
              className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4"
            >
              Open as a page
            </Link>
            <Button kind="quiet" onClick={() => open(null)}>
              New conversation
            </Button>
          </p>
          <Conversation key={id} id={id} session={undefined} onForgotten={() => open(null)} />
        </div>
      ) : (
        <Start onBegun={open} />
      )}
    </SidePanel>
  )
}
