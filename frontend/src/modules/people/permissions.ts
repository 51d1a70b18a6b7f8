/** What permissions mean, in words. A permission without a word here shows its own name. */

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
  'costs:read': 'See what things cost',
  'costs:write': 'Say what things cost',
  'customers:read': 'See customers one by one',
  'customers:configure': 'Set the thresholds of segments',
  'segments:export': 'Export people who agreed to be written to, for mail tools',
  'customers:export': 'Take customers out as a file',
  'privacy:read': 'See requests about personal data',
  'privacy:answer': 'Answer them with what is held about a person',
  'reconciliation:read': 'See how days agree with the shop',
  'reconciliation:run': 'Compare days with the shop and mend them',
  'imports:read': 'See imported files',
  'imports:write': 'Import files and undo imports',
  'rates:write': 'Enter and fetch exchange rates',
  'workspace:write': 'Set the workspace’s currency',
  'secrets:read': 'See which secrets there are, never their values',
  'secrets:write': 'Set and delete secrets',
  'keys:rotate': 'Change the key over all secrets',
  'changes:read': 'See what is proposed and what was changed outside',
  'changes:write': 'Propose, approve, reject and undo changes',
  'stops:write': 'Pull the emergency stop',
  'stops:lift': 'Lift the emergency stop',
  'circuits:write': 'Stop calls to a provider by hand, and begin anew',
  'agents:read': 'See agents, their settings and their runs',
  'agents:run': 'Start, rehearse, cancel and replay agents',
  'agents:write': 'Set agents, and how far they may go',
  'jobs:read': 'See all work under way',
  'events:write': 'Tell of events that start agents',
  'notifications:read': 'See what happened, and how one is told',
  'notifications:write': 'Mark notices as read, and say how one is told',
  'channels:read': 'See channels, and what became of messages',
  'channels:test': 'Send a test to a channel',
  'channels:write': 'Make, change and remove channels',
  'audit:read': 'Read the audit',
}

export function permissionText(name: string): string {
  return WORDS[name] ?? name.replace(':', ' · ')
}

export const ROLES = ['viewer', 'analyst', 'operator', 'admin', 'owner']

/** The roles that somebody of this role may give. */
export function rolesUpTo(role: string | undefined): string[] {
  return ROLES.slice(0, ROLES.indexOf(role ?? '') + 1)
}

export function roleText(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1)
}
