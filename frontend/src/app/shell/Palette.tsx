/** ⌘K: go to a page, run or pause an agent, choose a period, find an order or a product. */
import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from 'react'
import { runInTheWay, useStartRun } from '@/shared/agents/start-run'
import { useAgents } from '@/shared/agents/use-agents'
import { api, body } from '@/shared/api/client'
import { explain } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import { money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange, PRESETS } from '@/shared/range/range'
import { useSetRange, useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { SECTIONS } from '@/shared/settings/sections'
import { afterPaint } from '@/shared/ui/after-paint'
import { cx } from '@/shared/ui/cx'
import { useOverlay } from '@/shared/ui/overlay'
import { usePlaces } from './places'

interface Command {
  id: string
  group: string
  label: string
  detail?: string
  run: () => void
  /** Takes its time and may be refused: the palette stays until it is known. */
  attempt?: () => Promise<unknown>
}

const FOUND_AT_MOST = 5

export default function Palette() {
  const show = useOverlay(state => state.show)
  const [text, setText] = useState('')
  const [cursor, setCursor] = useState(0)
  const listId = useId()
  const { commands, searching } = useCommands(text.trim())
  const at = Math.min(cursor, Math.max(0, commands.length - 1))

  const [attempt, setAttempt] = useState<{ busy: boolean; trouble?: string }>({ busy: false })
  const tryOut = (work: () => Promise<unknown>) => {
    setAttempt({ busy: true })
    work().then(
      () => show(null),
      (error: unknown) =>
        runInTheWay(error) ? show(null) : setAttempt({ busy: false, trouble: explain(error) }),
    )
  }
  const run = (command: Command | undefined) => {
    if (!command || attempt.busy) return
    if (command.attempt) return tryOut(command.attempt)
    show(null)
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      const next = (at + step + commands.length) % Math.max(1, commands.length)
      setCursor(next)
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(commands[at])
    }
  }

  return (
    <Dialog.Root open onOpenChange={open => !open && afterPaint(() => show(null))}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <Dialog.Popup className="popup fixed inset-x-2 top-[8dvh] z-50 mx-auto flex max-h-[70dvh] max-w-xl flex-col overflow-hidden">
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <input
            role="combobox"
            aria-label="Search and commands"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={commands.length > 0 ? `${listId}-${at}` : undefined}
            autoComplete="off"
            placeholder="Page, agent, period, order or product"
            value={text}
            onChange={event => {
              setText(event.target.value)
              setCursor(0)
              setAttempt({ busy: false })
            }}
            onKeyDown={onKeyDown}
            className="w-full border-b border-rule bg-transparent px-4 py-3.5 outline-none"
          />
          <div id={listId} role="listbox" aria-label="Results" className="overflow-y-auto p-1.5">
            {commands.map((command, index) => (
              <div key={command.id} role="presentation">
                {command.group !== commands[index - 1]?.group && (
                  <p role="presentation" className="label-caps px-2.5 pt-2 pb-1">
                    {command.group}
                  </p>
                )}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and the keys */}
                <div
                  id={`${listId}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === at}
                  onClick={() => run(command)}
                  onPointerMove={() => setCursor(index)}
                  className={cx(
                    'flex min-h-9 cursor-pointer items-center justify-between gap-4 rounded-md px-2.5 text-sm',
                    index === at && 'bg-sunk',
                  )}
                >
                  <span className="truncate">{command.label}</span>
                  {command.detail && (
                    <span className="numeral truncate text-xs text-faint">{command.detail}</span>
                  )}
                </div>
              </div>
            ))}
          </div>
          {attempt.trouble && (
            <p role="alert" className="px-4 pb-3 text-sm text-bad">
              {attempt.trouble}
            </p>
          )}
          <p role="status" className="px-4 pb-3 text-sm text-soft empty:hidden">
            {attempt.busy && 'Starting…'}
            {commands.length === 0 && (searching ? 'Searching…' : `Nothing found for “${text}”.`)}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function action(id: string, label: string, run: () => void): Command {
  return { id, group: 'Actions', label, run }
}

/** What can be done with each agent: look at it, run it, stop it. */
function useAgentCommands(store: string | undefined): Command[] {
  const navigate = useNavigate()
  const show = useOverlay(state => state.show)
  const mayRun = useMay('agents:run')
  const mayStop = useMay('stops:write')
  const agents = useAgents()
  const { mutateAsync: start } = useStartRun(store ?? '')
  return useMemo(
    () =>
      agents.flatMap(agent => {
        const look = () => void navigate({ to: paths.agent, params: { id: agent.id }, search: keepRange })
        const run = { run: look, attempt: () => start(agent.id) }
        const stop = () => show('stop', { kind: 'agent', id: agent.id })
        const may = {
          run: mayRun && agent.status !== 'stopped',
          stop: mayStop && agent.stop?.scope !== 'agent',
        }
        return [
          { id: `agent-${agent.id}`, group: 'Agents', label: agent.name, run: look },
          ...(may.run
            ? [{ id: `run-${agent.id}`, group: 'Agents', label: `Run ${agent.name} now`, ...run }]
            : []),
          ...(may.stop
            ? [{ id: `pause-${agent.id}`, group: 'Agents', label: `Pause agent ${agent.name}`, run: stop }]
            : []),
        ]
      }),
    [agents, navigate, show, start, mayRun, mayStop],
  )
}

function useCommands(text: string): { commands: Command[]; searching: boolean } {
  const navigate = useNavigate()
  const setRange = useSetRange()
  const store = useStore()
  const places = usePlaces()
  const agents = useAgentCommands(store?.id)
  const mayStop = useMay('stops:write')
  const mayLift = useMay('stops:lift')
  const show = useOverlay(state => state.show)
  const wanted = useDeferredValue(text)
  const enabled = wanted.length >= 2 && store !== undefined
  const query = { q: wanted, limit: FOUND_AT_MOST, ...(store && { store_id: store.id }) }
  const orders = useQuery({
    queryKey: [...keys.orders, 'palette', query],
    queryFn: async () => (await body(api.GET('/v1/orders', { params: { query } }))).orders,
    enabled,
  })
  const products = useQuery({
    queryKey: [...keys.products, 'palette', query],
    queryFn: async () => (await body(api.GET('/v1/products', { params: { query } }))).products,
    enabled,
  })
  const fixed = useMemo<Command[]>(
    () => [
      ...places.map(place => ({
        id: place.to,
        group: 'Pages',
        label: place.label,
        detail: `g ${place.key}`,
        run: () => void navigate({ to: place.to, search: keepRange }),
      })),
      ...(mayStop ? [action('stop', 'Emergency stop: write nothing outside', () => show('stop'))] : []),
      ...(mayLift ? [action('lift', 'Lift the emergency stop', () => show('lift'))] : []),
      ...agents,
      ...SECTIONS.map(section => ({
        id: section.to,
        group: 'Settings',
        label: section.label,
        detail: section.about,
        run: () => void navigate({ to: section.to, search: keepRange }),
      })),
      ...(store
        ? PRESETS.map(preset => ({
            id: `range-${preset.key}`,
            group: 'Periods',
            label: preset.label,
            run: () => void setRange({ range: preset.key, from: undefined, to: undefined }),
          }))
        : []),
    ],
    [navigate, setRange, store, mayStop, mayLift, show, places, agents],
  )
  const matching = fixed.filter(command => command.label.toLowerCase().includes(text.toLowerCase()))
  const found: Command[] = !enabled
    ? []
    : [
        ...(orders.data ?? []).map(order => ({
          id: `order-${order.id}`,
          group: 'Orders',
          label: order.name,
          detail: `${dayText(order.day)} · ${money(order.total, order.currency)}`,
          run: () => void navigate({ to: paths.order, params: { id: order.id }, search: keepRange }),
        })),
        ...(products.data ?? []).map(product => ({
          id: `product-${product.id}`,
          group: 'Products',
          label: product.title,
          run: () => void navigate({ to: paths.product, params: { id: product.id }, search: keepRange }),
        })),
      ]
  return { commands: [...matching, ...found], searching: orders.isFetching || products.isFetching }
}
