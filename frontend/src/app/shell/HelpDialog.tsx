import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useOverlay } from '@/shared/ui/overlay'
import { usePlaces } from './places'

const KEYS: [string[], string][] = [
  [['⌘ K', 'Ctrl K'], 'Search pages, periods, orders and products'],
  [['/'], 'Go to the search field of the page'],
  [['j', 'k'], 'Next and previous row of a list; Enter opens it'],
  [['e'], 'Explain the figure of the page'],
  [['x'], 'Select the row'],
  [['a', 'r'], 'Approve or reject what waits; a sheet asks first'],
  [['u'], 'Undo the change-set of the page; a sheet asks first'],
  [['?'], 'This list'],
  [['Esc'], 'Close what is open'],
  [['← →'], 'Read a chart day by day, when it has the focus'],
]

export default function HelpDialog() {
  const show = useOverlay(state => state.show)
  const places = usePlaces()
  return (
    <Dialog.Root open onOpenChange={open => !open && show(null)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <Dialog.Popup className="popup fixed inset-x-2 top-[8dvh] z-50 mx-auto max-h-[84dvh] max-w-lg overflow-y-auto p-5">
          <header className="mb-4 flex items-center justify-between">
            <Dialog.Title className="text-lg font-semibold">Keys</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-9 place-items-center rounded-md text-soft hover:bg-sunk"
            >
              <X aria-hidden="true" className="size-4" />
            </Dialog.Close>
          </header>
          <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2.5 text-sm">
            {KEYS.map(([combos, meaning]) => (
              <Entry key={meaning} combos={combos} meaning={meaning} />
            ))}
            {places.map(place => (
              <Entry key={place.to} combos={[`g ${place.key}`]} meaning={`Go to ${place.label}`} />
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Entry({ combos, meaning }: { combos: string[]; meaning: string }) {
  return (
    <div className="contents">
      <dt className="flex gap-1">
        {combos.map(combo => (
          <kbd key={combo} className="rounded-sm border border-rule bg-sunk px-1.5 py-0.5 font-mono text-xs">
            {combo}
          </kbd>
        ))}
      </dt>
      <dd className="text-soft">{meaning}</dd>
    </div>
  )
}
