import { Menu } from '@base-ui/react/menu'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { BookOpen, LogOut } from 'lucide-react'
import { api, body } from '@/shared/api/client'
import { useSession } from '@/shared/api/queries'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import type { DeferredPart } from '@/shared/ui/Deferred'
import { forgetOfflineData } from '../offline'
import { ITEM, POPUP } from './menu'

export default function PersonMenu({ defaultOpen, label, className, children }: DeferredPart) {
  const session = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: () => body(api.POST('/v1/auth/logout')),
    onSettled: async () => {
      forgetOfflineData()
      await navigate({ to: paths.login })
      client.clear()
    },
  })
  return (
    <Menu.Root defaultOpen={defaultOpen}>
      <Menu.Trigger aria-label={label} className={className}>
        {children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} collisionPadding={8} className="z-50">
          <Menu.Popup className={POPUP}>
            <div className="px-2.5 pt-1.5 pb-2">
              <p className="truncate font-semibold">{session?.user.email}</p>
              <p className="truncate text-xs text-faint">
                {session?.workspace.name} · {words(session?.user.role)}
              </p>
            </div>
            <Menu.Separator className="my-1 border-t border-rule" />
            <Menu.Item className={ITEM} render={<a href="/docs" />}>
              <BookOpen aria-hidden="true" className="size-4 text-faint" /> API reference
            </Menu.Item>
            <Menu.Item className={ITEM} onClick={() => signOut.mutate()}>
              <LogOut aria-hidden="true" className="size-4 text-faint" /> Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
