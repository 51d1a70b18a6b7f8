/** Beside a profit: which of its costs are missing, else which are estimated. Leads to exactly that; nothing where all are actual. */
import { Link } from '@tanstack/react-router'
import type { Coverage } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'

const KINDS = [
  ['cost', { state: 'missing' }],
  ['shipping', { tab: 'shipping' }],
  ['fees', { tab: 'fees' }],
] as const

interface LackingCostsProps {
  coverage: Coverage | undefined
  /** Whose profit it is, for those who hear the link alone. */
  of: string
  /** The product's number, to which the list of missing costs is narrowed. */
  product: string
  store?: string | null | undefined
}

export function LackingCosts({ coverage, of, product, store }: LackingCostsProps) {
  if (!coverage) return null
  const missing = KINDS.filter(([kind]) => (coverage[kind].missing ?? 0) > 0)
  const lacking = missing.length > 0 ? missing : KINDS.filter(([kind]) => (coverage[kind].estimated ?? 0) > 0)
  const first = lacking[0]
  if (!first) return null
  const [kind, search] = first
  const names = lacking.map(([name]) => name)
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : kind
  const how = missing.length > 0 ? 'missing' : 'estimated'
  // Short enough for a column on a phone; what it counts is told to those who hear it, and on hover.
  const text = names.length > 1 ? `${names.length} costs ${how}` : `${kind} ${how}`
  const which = names.length > 1 ? ` (${list})` : ''
  return (
    <Link
      to={paths.costs}
      search={old => ({
        ...keepRange(old),
        ...(store && { store }),
        ...search,
        ...(kind === 'cost' && missing.length === 0 && { state: 'estimated' }),
        ...(kind === 'cost' && { q: product }),
      })}
      aria-label={`${of}: ${text}${which}. Open Costs`}
      title={`${list} ${how}`}
      className="inline-flex min-h-6 items-center text-xs text-warn underline decoration-dotted underline-offset-4"
    >
      {text}
    </Link>
  )
}
