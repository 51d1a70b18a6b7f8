import { CircleHelp, MessageCircle, OctagonX, Search, UserRound } from 'lucide-react'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { deferred } from '@/shared/ui/Deferred'
import { useOverlay } from '@/shared/ui/overlay'
import { Freshness } from './Freshness'
import { RangePicker } from './RangePicker'
import { StoreSwitcher } from './StoreSwitcher'
import { ThemeToggle } from './ThemeToggle'

const PersonMenu = deferred(() => import('./PersonMenu'))

const ICON_BUTTON =
  'grid size-9 shrink-0 place-items-center rounded-md text-soft hover:bg-sunk hover:text-ink'

export function TopBar() {
  const store = useStore()
  const show = useOverlay(state => state.show)
  return (
    <header className="sticky top-0 z-30 border-b border-rule bg-paper/95 backdrop-blur-sm">
      <div className="flex flex-wrap items-center gap-x-1.5 gap-y-1 px-2 py-2 sm:flex-nowrap sm:px-4 lg:px-6">
        <div className="flex min-w-0 flex-1 items-center gap-x-1.5">
          <StoreSwitcher />
          {store?.is_sandbox && (
            <span className="hidden xs:contents">
              <Badge tone="brass">Sandbox</Badge>
            </span>
          )}
          <Freshness />
        </div>
        <div className="ml-auto flex shrink-0 items-center">
          <Only may="stops:write">
            <button
              type="button"
              aria-label="Emergency stop"
              aria-haspopup="dialog"
              onClick={() => show('stop')}
              className="grid size-9 shrink-0 place-items-center rounded-md text-bad hover:bg-bad-wash"
            >
              <OctagonX aria-hidden="true" className="size-4.5" strokeWidth={2} />
            </button>
          </Only>
          <button
            type="button"
            aria-label="Search and commands"
            aria-keyshortcuts="Meta+K Control+K"
            onClick={() => show('palette')}
            className={ICON_BUTTON}
          >
            <Search aria-hidden="true" className="size-4.5" strokeWidth={1.75} />
          </button>
          <Only may="assistant:use">
            <button
              type="button"
              aria-label="Ask the assistant"
              aria-haspopup="dialog"
              onClick={() => show('assistant')}
              className={ICON_BUTTON}
            >
              <MessageCircle aria-hidden="true" className="size-4.5" strokeWidth={1.75} />
            </button>
          </Only>
          <span className="hidden sm:contents">
            <button
              type="button"
              aria-label="Help and keys"
              onClick={() => show('help')}
              className={ICON_BUTTON}
            >
              <CircleHelp aria-hidden="true" className="size-4.5" strokeWidth={1.75} />
            </button>
          </span>
          <ThemeToggle className={ICON_BUTTON} />
          <PersonMenu label="Account" className={ICON_BUTTON}>
            <UserRound aria-hidden="true" className="size-4.5" strokeWidth={1.75} />
          </PersonMenu>
        </div>
        {store && (
          <div className="order-last w-full sm:order-none sm:w-auto">
            <RangePicker />
          </div>
        )}
      </div>
    </header>
  )
}
