/** What if: another price, cost, cost of sending or ad spend, by the agents' own models; what one likes becomes a proposal. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import type { ChangeEdit, Store, WhatIf } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { money, number } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SearchField } from '@/shared/ui/Filters'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { Ads, type Spend } from './Ads'
import { askedOf, type Moves } from './moves'
import { Outcome } from './Outcome'
import { whatIfQuery } from './queries'
import { AmountSlider } from './Slider'

const FILTERS = ['variant', 'q'] as const

export function WhatIfPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading what sells" />
  return <Of key={store.id} store={store} />
}

function Of({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const [moves, setMoves] = useState<Moves>({})
  const [spend, setSpend] = useState<Spend | null>(null)
  const asked = askedOf(store.id, values.variant, moves, spend, store.currency)
  const quiet = useDeferredValue(asked)
  const { data, error, refetch, isPlaceholderData } = useQuery(
    whatIfQuery({ ...quiet, ...(values.q && { search: values.q }) }),
  )
  const choose = (variant: string | undefined) => {
    setMoves({})
    void set({ variant })
  }
  return (
    <Page
      title="What if"
      lead="Another price, cost or spend, by the models of the agents. Nothing is changed here."
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading label="Gathering what is known of sales" rows={8} />}
      {data && (
        <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)] lg:items-start">
          <div className="flex min-w-0 flex-col gap-5">
            <Section title="A product" note="What was sold most first">
              <div className="flex flex-col gap-4">
                <Picker told={data} chosen={values.variant} search={values.q} set={set} onChoose={choose} />
                {values.variant && !data.variant && !isPlaceholderData && (
                  <Note tone="warn">It is not offered any more.</Note>
                )}
                {data.variant && data.variant.variant_id === values.variant && (
                  <Levers told={data} moves={moves} onMove={next => setMoves(old => ({ ...old, ...next }))} />
                )}
              </div>
            </Section>
            <Section title="Advertising" note="A campaign that runs, by its final days">
              <Ads told={data} spend={spend} onChange={setSpend} />
            </Section>
          </div>
          <Section title="What it would mean" className="lg:sticky lg:top-20">
            <div aria-live="polite" className={isPlaceholderData ? 'opacity-60' : undefined}>
              <Outcome told={data} />
            </div>
            <Propose told={data} moves={moves} spend={spend} store={store} />
            <p className="mt-4 text-xs text-faint">
              Facts gathered {ageText(data.gathered_at)}
              {data.as_of && `, the newest observed ${ageText(data.as_of)}`}.
            </p>
          </Section>
        </div>
      )}
    </Page>
  )
}

interface PickerProps {
  told: WhatIf
  chosen: string | undefined
  search: string | undefined
  set: (next: { q: string | undefined }) => unknown
  onChoose: (variant: string | undefined) => void
}

function Picker({ told, chosen, search, set, onChoose }: PickerProps) {
  const known = told.choices.some(choice => choice.variant_id === chosen)
  if (told.choices.length === 0 && !search)
    return (
      <Empty title="Nothing is offered">
        What is on sale in the shop can be asked about. It is read with each sync.
      </Empty>
    )
  return (
    <div className="flex flex-wrap items-end gap-3">
      <SearchField label="Search products" value={search} onChange={q => void set({ q })} />
      <div className="min-w-0 flex-1 basis-64">
        <Field label="Product">
          {props => (
            <select
              {...props}
              value={chosen ?? ''}
              onChange={event => onChoose(event.target.value || undefined)}
              className="field"
            >
              <option value="">None</option>
              {chosen && !known && <option value={chosen}>{told.variant?.label ?? chosen}</option>}
              {told.choices.map(choice => (
                <option key={choice.variant_id} value={choice.variant_id}>
                  {choice.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </div>
  )
}

function Levers({ told, moves, onMove }: { told: WhatIf; moves: Moves; onMove: (next: Moves) => void }) {
  const { variant, currency } = told
  if (!variant) return null
  if (variant.why)
    return (
      <Note tone="warn">
        Nothing can be told of {variant.label}: {variant.why}.{' '}
        {variant.unit_cost == null && (
          <Link to={paths.costs} search={keepRange} className="underline underline-offset-2">
            Enter its cost
          </Link>
        )}
      </Note>
    )
  const lever = (name: keyof Moves) => ({
    value: moves[name],
    currency,
    // Left out, it stays.
    onChange: (value: string | undefined) => onMove({ [name]: value } as Moves),
  })
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-soft">
        Sells {number(variant.units_a_day ?? 0, 1)} a day at {money(variant.price, currency)}
        {variant.stock != null && `, ${number(variant.stock, 0)} in stock`}.
        {variant.elasticity && !variant.price_why && ` ${elasticityText(variant.elasticity)}`}
      </p>
      <AmountSlider label="Price" now={variant.price} why={variant.price_why} {...lever('price')} />
      <AmountSlider label="Supplier's cost of a unit" now={variant.unit_cost} {...lever('unit_cost')} />
      <AmountSlider
        label="Sending a unit"
        now={variant.shipping}
        why={variant.shipping == null ? 'what sending costs is not known yet' : null}
        {...lever('shipping')}
      />
      {variant.fee_share == null && (
        <p className="text-xs text-faint">Payment fees are not known, and left out.</p>
      )}
    </div>
  )
}

function elasticityText({
  mean,
  low,
  high,
  own_changes: own,
  changes,
}: NonNullable<NonNullable<WhatIf['variant']>['elasticity']>) {
  const show = (value: number) => number(value, 1)
  const from =
    own > 0 ? `${own} of its own changes of price` : `${changes} changes of other prices of the store`
  return `One percent more on the price has moved demand by ${show(mean)} % (${show(low)} to ${show(high)}), from ${from}.`
}

/** The edits of what is moved and can be written; costs are none: they are agreed with whoever is paid. */
export function editsOf(told: WhatIf, moves: Moves, spend: Spend | null): ChangeEdit[] {
  const edits: ChangeEdit[] = []
  const price = moves.price?.trim().replace(',', '.')
  if (told.variant && told.answer && !told.answer.why && price)
    edits.push({ kind: 'price', variant_id: told.variant.variant_id, after: price })
  if (spend && told.ads && !told.ads.why) {
    const account_id = spend.account
    if (spend.change <= -100)
      edits.push({ kind: 'ad_status', account_id, level: 'campaign', ad_id: spend.id, after: 'paused' })
    for (const { level, ad_id, after } of told.ads.budgets)
      edits.push({ kind: 'ad_budget', account_id, level: level as 'campaign' | 'ad_set', ad_id, after })
  }
  return edits
}

function Propose({
  told,
  moves,
  spend,
  store,
}: {
  told: WhatIf
  moves: Moves
  spend: Spend | null
  store: Store
}) {
  const propose = usePropose(store.id)
  const edits = editsOf(told, moves, spend)
  const costs = Boolean(moves.unit_cost || moves.shipping) && told.answer != null && !told.answer.why
  const change = told.change
  const reason = change
    ? `What if: ${money(change.mean, told.currency, 'signed')} of contribution margin over ${change.days} days (80 % from ${money(change.low, told.currency, 'signed')} to ${money(change.high, told.currency, 'signed')})`
    : 'Asked on the page What if'
  return (
    <div className="mt-4 flex flex-col gap-2">
      {costs && (
        <p className="text-xs text-soft">
          Costs are agreed with whoever is paid; they are not written by a change-set. Once agreed, enter them
          under{' '}
          <Link to={paths.costs} search={keepRange} className="underline underline-offset-2">
            Costs
          </Link>
          .
        </p>
      )}
      {told.ads?.budgets_why && (
        <p className="text-xs text-soft">No budget can be set: {told.ads.budgets_why}.</p>
      )}
      {edits.length > 0 && (
        <Only may="changes:write">
          <Button kind="primary" busy={propose.isPending} onClick={() => propose.mutate({ reason, edits })}>
            Make it a change-set
          </Button>
        </Only>
      )}
      {propose.error && (
        <p role="alert" className="text-sm text-bad">
          {propose.error.message}
        </p>
      )}
    </div>
  )
}
