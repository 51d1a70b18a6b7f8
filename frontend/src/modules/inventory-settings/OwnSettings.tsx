/** Variants that have settings of their own: each is changed on its page, and let go here. */
import { Link } from '@tanstack/react-router'
import type { InventorySettings, VariantSettings } from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import type { Draft } from './draft'

interface OwnSettingsProps {
  found: InventorySettings
  draft: Draft
  onChange: (next: Partial<Draft>) => void
}

export function OwnSettings({ found, draft, onChange }: OwnSettingsProps) {
  const toggle = (id: string) =>
    onChange({
      released: draft.released.includes(id)
        ? draft.released.filter(one => one !== id)
        : [...draft.released, id],
    })
  return (
    <Section title="Variants with settings of their own" note="They are set on the page of each variant.">
      <ul className="flex flex-col">
        {found.variants.map(variant => {
          const released = draft.released.includes(variant.variant_id)
          return (
            <li
              key={variant.variant_id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-rule py-2 text-sm first:border-0"
            >
              <span className={released ? 'text-faint line-through' : undefined}>
                <Link
                  to={paths.stocked}
                  params={{ id: variant.variant_id }}
                  search={keepRange}
                  className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4"
                >
                  Variant {variant.variant_id}
                </Link>
                <span className="text-soft">: {settingsText(variant)}</span>
              </span>
              <Button
                kind="quiet"
                aria-label={`${released ? 'Keep' : 'Take away'} those of variant ${variant.variant_id}`}
                onClick={() => toggle(variant.variant_id)}
              >
                {released ? 'Keep' : 'Take away'}
              </Button>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function settingsText({ lead_time: lead, pack, minimum, supplier_id: supplier }: VariantSettings): string {
  const parts = [
    lead && `${number(lead.mean_days, 1)} ± ${number(lead.sd_days, 1)} days`,
    pack != null && `packs of ${count(pack)}`,
    minimum != null && `at least ${count(minimum)}`,
    supplier && 'a supplier',
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : 'nothing'
}
