import type { HowToTell, NotificationPreferences, Severity } from '@/shared/api/types'

export const SEVERITIES: { severity: Severity; label: string; about: string }[] = [
  {
    severity: 'critical',
    label: 'Critical',
    about: 'Stops, writes of which nobody knows whether they happened.',
  },
  { severity: 'warning', label: 'Warnings', about: 'What failed, differs, is down or expires.' },
  { severity: 'info', label: 'For information', about: 'Proposals that wait for approval.' },
]

export const HOWS: { how: HowToTell; label: string }[] = [
  { how: 'now', label: 'At once' },
  { how: 'digest', label: 'In the digest' },
  { how: 'off', label: 'Only in the Inbox' },
]

/** What a new channel is told. */
export const TO_CHANNEL: NotificationPreferences = {
  critical: 'now',
  warning: 'now',
  info: 'off',
  quiet: null,
  digest_at: '08:00',
  zone: null,
}

/** "critical and warnings at once, digest at 08:00". */
export function toldText(wanted: NotificationPreferences): string {
  const of = (how: HowToTell) =>
    SEVERITIES.filter(({ severity }) => wanted[severity] === how).map(({ label }) => label.toLowerCase())
  const now = of('now')
  const digest = of('digest')
  const parts = [
    now.length > 0 && `${now.join(' and ')} at once`,
    digest.length > 0 && `${digest.join(' and ')} at ${wanted.digest_at}`,
    wanted.quiet && `quiet from ${wanted.quiet.from} to ${wanted.quiet.until}`,
  ]
  return parts.filter(Boolean).join(' · ') || 'is told nothing'
}
