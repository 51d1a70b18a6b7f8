/** Which store, or all of them; and in which currency amounts are shown. */
import { Menu } from '@base-ui/react/menu'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, Plus } from 'lucide-react'
import { useStores, workspaceQuery } from '@/shared/api/queries'
import { paths } from '@/shared/paths'
import { ALL_STORES } from '@/shared/range/range'
import { useSetRange, useSetStore, useStore, useView } from '@/shared/range/use-range'
import { Badge } from '@/shared/ui/Badge'
import type { DeferredPart } from '@/shared/ui/Deferred'
import { ITEM, POPUP } from './menu'

const USUAL = 'usual'

export default function StoreMenu({ defaultOpen, label, className, children }: DeferredPart) {
  const { data: stores } = useStores()
  const view = useView()
  const setStore = useSetStore()
  return (
    <Menu.Root defaultOpen={defaultOpen}>
      <Menu.Trigger aria-label={label} className={className}>
        {children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" sideOffset={6} collisionPadding={8} className="z-50">
          <Menu.Popup className={POPUP}>
            <Menu.RadioGroup value={view?.store} onValueChange={(id: string) => void setStore(id)}>
              {stores && stores.length > 1 && (
                <Menu.RadioItem value={ALL_STORES} closeOnClick className={ITEM}>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">All stores</span>
                    <span className="block truncate text-xs text-faint">
                      {stores.length} stores, in the workspace’s currency
                    </span>
                  </span>
                  <Chosen />
                </Menu.RadioItem>
              )}
              {stores?.map(candidate => (
                <Menu.RadioItem key={candidate.id} value={candidate.id} closeOnClick className={ITEM}>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{candidate.name}</span>
                    <span className="block truncate text-xs text-faint">
                      {candidate.shop_domain} · {candidate.currency}
                    </span>
                  </span>
                  {candidate.is_sandbox && <Badge tone="brass">Sandbox</Badge>}
                  <Chosen />
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Currencies />
            <Menu.Separator className="my-1 border-t border-rule" />
            <Menu.Item className={ITEM} render={<Link to={paths.start} />}>
              <Plus aria-hidden="true" className="size-4 text-faint" /> Add a store
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

function Chosen() {
  return (
    <Menu.RadioItemIndicator>
      <Check aria-hidden="true" className="size-4 text-brass" />
    </Menu.RadioItemIndicator>
  )
}

/** Only where there is a choice: the usual currency, the workspace's, and those of the other stores. */
function Currencies() {
  const { data: workspace } = useQuery(workspaceQuery)
  const view = useView()
  const store = useStore()
  const setRange = useSetRange()
  if (!workspace || !view || !store) return null
  const usual = view.all ? workspace.currency : store.currency
  const others = [workspace.currency, ...workspace.currencies].filter(
    (code): code is string => code != null && code !== usual,
  )
  const choices = [...new Set(others)].sort()
  if (choices.length === 0) return null
  return (
    <>
      <Menu.Separator className="my-1 border-t border-rule" />
      <Menu.Group>
        <Menu.GroupLabel className="label-caps px-2.5 py-1">Amounts in</Menu.GroupLabel>
        <Menu.RadioGroup
          value={view.currency && view.currency !== usual ? view.currency : USUAL}
          onValueChange={(code: string) => void setRange({ currency: code === USUAL ? undefined : code })}
        >
          <Menu.RadioItem value={USUAL} closeOnClick className={ITEM}>
            <span className="flex-1">
              {usual} <span className="text-xs text-faint">{view.all ? 'workspace' : 'store’s own'}</span>
            </span>
            <Chosen />
          </Menu.RadioItem>
          {choices.map(code => (
            <Menu.RadioItem key={code} value={code} closeOnClick className={ITEM}>
              <span className="flex-1">
                {code} <span className="text-xs text-faint">by each day’s rate</span>
              </span>
              <Chosen />
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Group>
    </>
  )
}
