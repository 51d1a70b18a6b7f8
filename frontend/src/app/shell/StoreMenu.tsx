import { Menu } from '@base-ui/react/menu'
import { Link } from '@tanstack/react-router'
import { Check, Plus } from 'lucide-react'
import { useStores } from '@/shared/api/queries'
import { paths } from '@/shared/paths'
import { useSetRange, useStore } from '@/shared/range/use-range'
import { Badge } from '@/shared/ui/Badge'
import type { DeferredPart } from '@/shared/ui/Deferred'
import { ITEM, POPUP } from './menu'

export default function StoreMenu({ defaultOpen, label, className, children }: DeferredPart) {
  const { data: stores } = useStores()
  const store = useStore()
  const setRange = useSetRange()
  return (
    <Menu.Root defaultOpen={defaultOpen}>
      <Menu.Trigger aria-label={label} className={className}>
        {children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" sideOffset={6} collisionPadding={8} className="z-50">
          <Menu.Popup className={POPUP}>
            <Menu.RadioGroup value={store?.id} onValueChange={(id: string) => void setRange({ store: id })}>
              {stores?.map(candidate => (
                <Menu.RadioItem key={candidate.id} value={candidate.id} closeOnClick className={ITEM}>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{candidate.name}</span>
                    <span className="block truncate text-xs text-faint">{candidate.shop_domain}</span>
                  </span>
                  {candidate.is_sandbox && <Badge tone="brass">Sandbox</Badge>}
                  <Menu.RadioItemIndicator>
                    <Check aria-hidden="true" className="size-4 text-brass" />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
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
