/** Pairs as a table; tagging one with the other is proposed, never done at once. */
import { Link } from '@tanstack/react-router'
import type { BoughtTogether, PairTogether } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { BundleLink } from './BundleLink'
import { chanceText, liftText, shareText } from './words'

interface PairsProps {
  pairs: PairTogether[]
  /** `null`: one may not. */
  onTag: ((product: string, title: string, tags: string[]) => void) | null
  busy: string | null
}

const HEAD =
  'border-y border-rule bg-sunk px-2.5 py-2 text-left text-xs font-medium text-soft first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'
const CELL =
  'border-b border-rule px-2.5 py-2.5 align-top first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5 [tr:last-child>&]:border-b-0'

export function Pairs({ pairs, onTag, busy }: PairsProps) {
  if (pairs.length === 0)
    return <p className="px-4 pb-4 text-sm text-soft sm:px-5">No pair stands by itself.</p>
  return (
    <table aria-label="Pairs" className="w-full border-separate border-spacing-0 text-sm">
      <thead>
        <tr>
          <th scope="col" className={HEAD}>
            Products
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Together
          </th>
          <th scope="col" className={`${HEAD} hidden text-right sm:table-cell`}>
            Lift
          </th>
          <th scope="col" className={`${HEAD} hidden text-right lg:table-cell`}>
            Chance alone
          </th>
        </tr>
      </thead>
      <tbody>
        {pairs.map(pair => (
          <Row key={pair.products.map(p => p.product_id).join()} pair={pair} onTag={onTag} busy={busy} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ pair, onTag, busy }: Omit<PairsProps, 'pairs'> & { pair: PairTogether }) {
  const [first, second] = pair.products
  if (!first || !second) return null
  return (
    <tr className="hover:bg-sunk/50">
      <th scope="row" className={`${CELL} text-left font-normal`}>
        <ul className="flex flex-col gap-2">
          <Thing of={first} other={second} share={pair.confidence} onTag={onTag} busy={busy} />
          <Thing of={second} other={first} share={pair.backward} onTag={onTag} busy={busy} />
        </ul>
        <div className="mt-1.5">
          <BundleLink products={pair.products} />
        </div>
        <p className="mt-1.5 text-xs text-faint sm:hidden">Lift {liftText(pair.lift)}</p>
      </th>
      <td className={`${CELL} numeral text-right`}>
        <span className="font-semibold">{count(pair.together)}</span>
        <span className="block text-xs text-faint">
          of {pair.expected.toFixed(pair.expected < 10 ? 1 : 0)} by chance
        </span>
      </td>
      <td className={`${CELL} numeral hidden text-right sm:table-cell`}>{liftText(pair.lift)}</td>
      <td className={`${CELL} numeral hidden text-right text-soft lg:table-cell`}>{chanceText(pair.p)}</td>
    </tr>
  )
}

interface ThingProps extends Omit<PairsProps, 'pairs'> {
  of: BoughtTogether
  other: BoughtTogether
  share: PairTogether['confidence']
}

function Thing({ of, other, share, onTag, busy }: ThingProps) {
  const tag = other.tag
  const has = tag != null && of.tags.some(own => own.trim().toLowerCase() === tag.toLowerCase())
  const can = onTag && tag != null && of.offered && other.offered && !has
  return (
    <li>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Product of={of} />
        {!of.offered && <Badge>Not on sale</Badge>}
        {has && <Badge tone="good">Tagged</Badge>}
        {can && (
          <Button
            kind="quiet"
            className="min-h-7 px-2 text-xs"
            busy={busy === of.product_id}
            onClick={() => onTag(of.product_id, of.title, [tag])}
          >
            Propose the tag
            <span className="sr-only">
              {' '}
              {tag} for {of.title}
            </span>
          </Button>
        )}
      </span>
      <span className="block text-xs text-faint">
        {shareText(share)} of its {count(of.orders)} orders have the other
      </span>
    </li>
  )
}

export function Product({ of }: { of: BoughtTogether }) {
  return (
    <Link
      to={paths.product}
      params={{ id: of.product_id }}
      search={keepRange}
      className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
    >
      {of.title}
    </Link>
  )
}
