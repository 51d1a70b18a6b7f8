/** What the one who is signed in may do: from the list that the server sends. The server refuses the rest by itself. */
import type { ReactNode } from 'react'
import { useSession } from '@/shared/api/queries'

export function useMay(permission: string): boolean {
  const permissions = useSession()?.permissions ?? []
  return permissions.includes(permission)
}

interface OnlyProps {
  /** The name of a permission, as in the roles' table. */
  may: string
  children: ReactNode
  /** What the others see. */
  fallback?: ReactNode
}

/** Shows what it holds to those who may use it. */
export function Only({ may, children, fallback = null }: OnlyProps) {
  return useMay(may) ? children : fallback
}
