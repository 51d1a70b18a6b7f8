/** What the audit's words mean. A word that is not here shows itself. */
const WORDS: Record<string, string> = {
  'session.begin': 'Sign-in',
  'session.end': 'Sign-out',
  'session.revoke': 'Session ended',
  'session.revoke_others': 'All other sessions ended',
  'token.create': 'Token created',
  'token.revoke': 'Token revoked',
  'user.create': 'User created',
  'user.invite': 'Invited',
  'user.uninvite': 'Invitation taken back',
  'user.join': 'Joined',
  'user.role': 'Role changed',
  'user.disable': 'Deactivated',
  'user.enable': 'Activated again',
  'user.password': 'Password changed',
  'user.reset': 'Reset link made',
  'user.second_factor': 'Second factor on',
  'user.second_factor_off': 'Second factor off',
  'user.second_factor_reset': 'Second factor taken away',
  'user.recovery_code': 'Recovery code used',
  'user.recovery_codes': 'New recovery codes',
  'user.code': 'Code entered',
  'user.identity': 'Identity elsewhere linked',
  'mail.send': 'Letter sent',
  'service_account.create': 'Service account added',
  'workspace.create': 'Workspace created',
  'connection.create': 'Connected',
  'connection.delete': 'Disconnected',
}

export function actionText(action: string): string {
  return WORDS[action] ?? action.replaceAll('.', ' · ').replaceAll('_', ' ')
}

export const AREAS = [
  { value: 'session', label: 'Sign-ins and sessions' },
  { value: 'token', label: 'Tokens' },
  { value: 'user', label: 'Users and roles' },
  { value: 'service_account', label: 'Service accounts' },
  { value: 'mail', label: 'Letters' },
  { value: 'connection', label: 'Connections' },
]

export const OUTCOMES = [
  { value: 'done', label: 'Done' },
  { value: 'refused', label: 'Refused' },
  { value: 'failed', label: 'Failed' },
]
