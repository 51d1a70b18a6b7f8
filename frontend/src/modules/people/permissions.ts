/** What permissions mean, in words. A permission without a word here shows its own name. */
import { useSession } from '@/shared/api/queries'

const WORDS: Record<string, string> = {
  'profile:read': 'See who is signed in',
  'profile:write': 'Change one’s own password, sessions and tokens',
  'reports:read': 'Read reports and figures',
  'orders:read': 'Read orders',
  'products:read': 'Read products',
  'connections:read': 'See connections and stores',
  'connections:write': 'Connect and disconnect stores',
  'syncs:read': 'See syncs',
  'syncs:run': 'Start and stop syncs',
  'stream:read': 'Follow changes as they happen',
  'health:read': 'See the health of the program',
  'people:read': 'See people, and everybody’s tokens',
  'people:write': 'Invite people, change roles, take back tokens',
  'imports:read': 'See imported files',
  'imports:write': 'Import files and undo imports',
  'rates:write': 'Enter and fetch exchange rates',
  'workspace:write': 'Set the workspace’s currency',
  'secrets:read': 'See which secrets there are, never their values',
  'secrets:write': 'Set and delete secrets',
  'keys:rotate': 'Change the key over all secrets',
  'audit:read': 'Read the audit',
}

export function permissionText(name: string): string {
  return WORDS[name] ?? name.replace(':', ' · ')
}

/** Whether the one who is signed in may do this: from the list that the server sends. */
export function useMay(permission: string): boolean {
  const permissions = useSession()?.permissions ?? []
  return permissions.includes(permission)
}

export const ROLES = ['viewer', 'analyst', 'operator', 'admin', 'owner']

/** The roles that somebody of this role may give. */
export function rolesUpTo(role: string | undefined): string[] {
  return ROLES.slice(0, ROLES.indexOf(role ?? '') + 1)
}

export function roleText(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1)
}
