/** What is put together from other variants, as rows that can be typed, pasted or read from a file; and whose holidays count. */
import { useRef } from 'react'
import { explain } from '@/shared/api/problem'
import type { ShopBundles } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { useShopBundles } from '@/shared/inventory/settings'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { bundlesText } from './bundles'
import type { Draft } from './draft'

interface FieldsProps {
  draft: Draft
  faults: Record<string, string | undefined>
  onChange: (next: Partial<Draft>) => void
}

export function Bundles({ storeId, draft, faults, onChange }: FieldsProps & { storeId: string }) {
  const shop = useShopBundles(storeId)
  const file = useRef<HTMLInputElement>(null)
  const fault = Object.entries(faults).find(([key, why]) => key.startsWith('bundles') && why)
  return (
    <Section
      title="Bundles"
      note="Variants that are put together from others: they last as long as their scarcest component, and what is sold of them is demand of their components."
    >
      <div className="flex flex-col gap-3">
        <Field
          label="Bundle, component, quantity"
          help="A row for each component: the bundle’s number, the component’s number, and how many one bundle takes. The number of a variant is the last part of its page’s address."
          error={fault && (fault[0] === 'bundles' ? fault[1] : `${fault[0].slice(8)} ${fault[1]}`)}
        >
          {props => (
            <textarea
              {...props}
              rows={5}
              spellCheck={false}
              autoComplete="off"
              placeholder="90011,90021,2"
              value={draft.bundles}
              onChange={event => onChange({ bundles: event.target.value })}
              className="field numeral h-auto"
            />
          )}
        </Field>
        <input
          ref={file}
          type="file"
          accept=".csv,text/csv"
          hidden
          aria-label="CSV of bundles"
          onChange={async event => {
            const chosen = event.target.files?.[0]
            event.target.value = ''
            if (chosen) onChange({ bundles: await chosen.text() })
          }}
        />
        <div className="flex flex-wrap gap-2">
          <Button
            busy={shop.isPending}
            onClick={() =>
              shop.mutate(undefined, {
                onSuccess: ({ bundles }) => bundles.length > 0 && onChange({ bundles: bundlesText(bundles) }),
              })
            }
          >
            Read from the shop
          </Button>
          <Button onClick={() => file.current?.click()}>Read a CSV file</Button>
        </div>
        <div role="status" className="text-sm text-soft">
          {shop.error && <p className="text-bad">{explain(shop.error)}</p>}
          {shop.data && <FromShop found={shop.data} />}
        </div>
      </div>
    </Section>
  )
}

function FromShop({ found }: { found: ShopBundles }) {
  const read = found.bundles.length
  return (
    <>
      <p>
        {read === 0
          ? 'The shop has no bundle that can be used here; what is typed above stays.'
          : `${read === 1 ? 'One bundle' : `${count(read)} bundles`} of the shop, in place of what was typed. They count once the settings are saved.`}
      </p>
      {found.left_out.length > 0 && (
        <ul className="mt-1 list-disc pl-5">
          {found.left_out.slice(0, 5).map(one => (
            <li key={one.variant_id}>
              <span className="numeral">{one.variant_id}</span> {one.reason}, and is left out.
            </li>
          ))}
          {found.left_out.length > 5 && <li>{count(found.left_out.length - 5)} more are left out.</li>}
        </ul>
      )}
    </>
  )
}

export function Holidays({ draft, faults, onChange }: FieldsProps) {
  return (
    <Section title="Holidays" note="Forecasts count them where a series’ own past shows that it helps.">
      <Field
        label="Country"
        help="Two letters, such as DE; empty for the country in which all of the store’s locations are."
        error={faults.holidays}
      >
        {props => (
          <input
            {...props}
            maxLength={2}
            autoComplete="off"
            value={draft.holidays}
            onChange={event => onChange({ holidays: event.target.value.toUpperCase() })}
            className="field max-w-24 uppercase"
          />
        )}
      </Field>
    </Section>
  )
}
