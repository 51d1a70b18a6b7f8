/** How much of net sales has its costs known: actual, estimated, missing; each part leads to where it is told. */
import { Link } from '@tanstack/react-router'
import type { Coverage, Share } from '@/shared/api/types'
import { share } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'

const PARTS = [
  { key: 'cost', label: 'Product cost', search: { state: 'missing' } },
  { key: 'shipping', label: 'Shipping', search: { tab: 'shipping' } },
  { key: 'fees', label: 'Fees', search: { tab: 'fees' } },
  { key: 'ad_spend', label: 'Ad spend', search: { tab: 'spend' } },
] as const

interface CoveragePartsProps {
  coverage: Coverage
  /** Of one product: its number, to which the list of missing costs is narrowed. */
  product?: string
}

export function CoverageParts({ coverage, product }: CoveragePartsProps) {
  return (
    <ul aria-label="Coverage of net sales" className="flex min-w-0 flex-col">
      {PARTS.map(part => (
        <li key={part.key}>
          <Link
            to={paths.costs}
            search={old => ({
              ...keepRange(old),
              ...part.search,
              ...(part.key === 'cost' && product && { q: product }),
            })}
            className="-mx-2 grid min-h-7 grid-cols-[5.5rem_minmax(2rem,1fr)_minmax(0,auto)] items-center gap-x-2 sm:gap-x-3 rounded-md px-2 text-xs hover:bg-sunk"
          >
            <span className="text-soft">{part.label}</span>
            <Bar part={coverage[part.key]} />
            <span className="text-right">{partText(coverage[part.key])}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** "92 % actual, 5 % estimated, 3 % missing", without what is nothing. */
export function partText(part: Share | undefined): string {
  if (part?.missing == null) return 'no sales'
  if (part.missing >= 1) return 'missing'
  const told: [number | null | undefined, string][] = [
    [part.actual, 'actual'],
    [part.estimated, 'estimated'],
    [part.missing, 'missing'],
  ]
  const shown = told.filter(([value]) => (value ?? 0) > 0)
  if (shown.length === 1) return `all ${shown[0]?.[1] ?? ''}`
  return shown.map(([value, word]) => `${share(value)} ${word}`).join(', ')
}

/** Solid where it is actual, half as high where it is estimated, empty where it is missing. */
function Bar({ part }: { part: Share | undefined }) {
  const actual = (part?.actual ?? 0) * 100
  const estimated = (part?.estimated ?? 0) * 100
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      className="block h-2 w-full rounded-sm bg-sunk"
    >
      <rect width={actual} height="8" className="fill-good" />
      <rect x={actual} y="4" width={estimated} height="4" className="fill-warn" />
    </svg>
  )
}
