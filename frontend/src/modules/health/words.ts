/** Parts of the program as the health answer names them, in words. */
import { sentence } from '@/shared/api/problem'
import type { Connection, HealthCheck } from '@/shared/api/types'
import { words } from '@/shared/format/words'
import type { Tone } from '@/shared/ui/Badge'

export const OVERALL: Record<string, { label: string; tone: Tone; says: string }> = {
  healthy: { label: 'Healthy', tone: 'good', says: 'Everything works.' },
  degraded: { label: 'Degraded', tone: 'warn', says: 'It works, but for what stands below.' },
  unhealthy: { label: 'Unhealthy', tone: 'bad', says: 'It cannot work until what stands below is mended.' },
}

const PARTS: Record<string, string> = {
  database: 'Database',
  redis: 'Redis',
  backups: 'Backups',
  reconciliation: 'Reconciliation',
}

const PROVIDERS: Record<string, string> = {
  'meta-ads': 'Meta ads',
  'google-ads': 'Google Ads',
  cjdropshipping: 'CJdropshipping',
  autods: 'AutoDS',
  openai: 'Language model',
  ecb: 'Exchange rates',
  oidc: 'Sign-in elsewhere',
}

const EFFECTS: Record<string, string> = { read: 'reading', write: 'writing' }

/** Names of circuits are `provider/account/effect`, with the part between them that has a circuit of its own, e.g. `files`; the account is named where it is one of ours. */
export function nameOf(check: HealthCheck, connections: readonly Connection[]): string {
  const parts = check.name.split('/')
  const [first = '', account] = parts
  if (!account) return PARTS[first] ?? words(first)
  const effect = parts.pop() ?? ''
  const known = check.account_name ?? connections.find(one => one.id === account)?.name
  return `${accountOf(parts.join('/'), known)}, ${EFFECTS[effect] ?? effect}`
}

/** An account (`provider/account`, with the part of it); one that is nobody's is called by its provider. */
export function accountOf(account: string, known: string | null | undefined): string {
  const [provider = '', , ...part] = account.split('/')
  const kind = PROVIDERS[provider] ?? words(provider)
  // A supplier's account has no name but the supplier's.
  return [kind, known === kind ? null : known, ...part].filter(Boolean).join(', ')
}

export const CIRCUITS: Record<string, { label: string; tone: Tone }> = {
  closed: { label: 'Working', tone: 'good' },
  open: { label: 'Paused after failures', tone: 'bad' },
  half_open: { label: 'Trying again', tone: 'warn' },
  forced_open: { label: 'Switched off', tone: 'bad' },
  disabled: { label: 'Not watched', tone: 'neutral' },
}

export function stateOf(check: HealthCheck): { label: string; tone: Tone } {
  const circuit = check.circuit_state && CIRCUITS[check.circuit_state]
  if (circuit) return circuit
  if (check.healthy) return { label: 'Working', tone: 'good' }
  return check.required ? { label: 'Broken', tone: 'bad' } : { label: 'Needs a look', tone: 'warn' }
}

/** What a check says beyond its state; the state's own word is no news. */
export function newsOf(check: HealthCheck): string | null {
  const { message } = check
  return message === 'ok' || message in CIRCUITS ? null : message
}

/** A recommendation begins with the name of its check, which is for machines. */
export function adviceOf(
  text: string,
  checks: readonly HealthCheck[],
  connections: readonly Connection[],
): string {
  const check = checks.find(({ name }) => text.startsWith(`${name}: `))
  return check ? `${nameOf(check, connections)}${text.slice(check.name.length)}` : sentence(text)
}
