/** What a bundle is put together from, or which bundles take this variant. */
import { Link } from '@tanstack/react-router'
import type { InventoryVariant } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Absent } from '@/shared/ui/Amount'
import { Section } from '@/shared/ui/Page'

type Parts = InventoryVariant['components']

export function BundleParts({ variant }: { variant: InventoryVariant }) {
  return (
    <>
      {variant.components.length > 0 && (
        <Section title="Put together from" note="It lasts as long as its scarcest component" flush>
          <List label="Components" parts={variant.components} take="in one" />
        </Section>
      )}
      {variant.part_of.length > 0 && (
        <Section title="Part of bundles" note="What is sold of them is demand of this variant" flush>
          <List label="Bundles" parts={variant.part_of} take="takes" />
        </Section>
      )}
    </>
  )
}

function List({ label, parts, take }: { label: string; parts: Parts; take: string }) {
  return (
    <ul aria-label={label} className="flex flex-col">
      {parts.map(part => (
        <li
          key={part.variant_id}
          className="flex flex-wrap items-center justify-between gap-x-5 gap-y-1 border-t border-rule px-4 py-2.5 text-sm sm:px-5"
        >
          <Link
            to={paths.stocked}
            params={{ id: part.variant_id }}
            search={keepRange}
            className="inline-flex min-h-6 min-w-0 items-center decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
          >
            {part.title ?? `${part.variant_id}, not in the catalogue any more`}
          </Link>
          <span className="text-soft">
            {take} <span className="numeral text-ink">{count(part.quantity)}</span> ·{' '}
            {part.available == null ? (
              <Absent reason="Nobody counts it." />
            ) : (
              <span className="numeral text-ink">{count(part.available)}</span>
            )}{' '}
            available
          </span>
        </li>
      ))}
    </ul>
  )
}
