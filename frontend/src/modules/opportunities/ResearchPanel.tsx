/** What the agent of research watches, how right its proposals were, what it learned, and what people said of offers that look alike. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type {
  OpportunityResearch,
  ResearchLearned,
  ResearchRate,
  Store,
  SupplierMatch,
} from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { asSentence, plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Failure, Loading } from '@/shared/ui/States'
import { matchesQuery, researchQuery, useSetMatches } from './queries'
import { Refused } from './Refused'

export default function ResearchPanel({ store, onClose }: { store: Store; onClose: () => void }) {
  const research = useQuery(researchQuery(store.id))
  const matches = useQuery(matchesQuery(store.id))
  const found = research.data
  return (
    <SidePanel open onClose={onClose} title="Watch list">
      <div className="flex flex-col gap-6">
        {research.error && !found && (
          <Failure error={research.error} onRetry={() => void research.refetch()} />
        )}
        {research.isPending && <Loading label="Loading the watch list" rows={6} />}
        {found && <Looked of={found} store={store} />}
        {found?.run_id && <Watched of={found} />}
        {found?.run_id && <Record of={found} />}
        {matches.data && matches.data.length > 0 && <Said matches={matches.data} store={store} />}
      </div>
    </SidePanel>
  )
}

function Looked({ of, store }: { of: OpportunityResearch; store: Store }) {
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p className="text-soft">
        {of.looked_at
          ? `As of the agent’s look of ${momentText(of.looked_at, store.timezone)}. It proposes drafts, and publishes nothing.`
          : 'The agent that looks for what is worth a draft has not looked yet, or what it looked at is not kept any more. Let it run: it proposes drafts, and publishes nothing.'}
      </p>
      <Link
        to={paths.agent}
        params={{ id: of.agent }}
        search={keepRange}
        className={`self-start ${buttonClass('plain')}`}
      >
        To the agent
      </Link>
    </div>
  )
}

function Watched({ of }: { of: OpportunityResearch }) {
  return (
    <section aria-label="Watched" className="flex flex-col gap-2">
      <h3 className="text-sm font-semibold">
        {count(of.watch_list.length)} {plural(of.watch_list.length, 'thing')} nearly worth a draft
      </h3>
      {of.watch_list.length === 0 && (
        <p className="text-sm text-soft">Nothing lies between what is proposed and what is left alone.</p>
      )}
      <ul>
        {of.watch_list.map(one => (
          <li key={one.opportunity_id} className="border-t border-rule py-2 text-sm">
            <span className="flex items-baseline justify-between gap-3">
              <Link
                to={paths.opportunity}
                params={{ id: one.opportunity_id }}
                search={keepRange}
                className="min-w-0 font-semibold underline decoration-dotted underline-offset-4 wrap-anywhere"
              >
                {one.title}
              </Link>
              <span className="numeral shrink-0">{number(one.score, 0)} of 100</span>
            </span>
            <span className="block text-xs text-soft wrap-anywhere">{asSentence(one.why)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function rateText({ hits, of, rate, low, high }: ResearchRate): string {
  if (rate == null || low == null || high == null) return 'none yet'
  return `${number(rate, 0)}\u202f% (${count(hits)} of ${count(of)}; ${number(low, 0)} – ${number(high, 0)}\u202f% with 95\u202f% confidence)`
}

function Record({ of }: { of: OpportunityResearch }) {
  const facts = [
    { label: 'Drafts that sold in their days', value: rateText(of.hit_rate) },
    { label: 'Drafts whose days are not over', value: count(of.open) },
    { label: 'Accepted by people', value: rateText(of.accepted) },
  ]
  return (
    <section aria-label="Record" className="flex flex-col gap-3">
      <h3 className="text-sm font-semibold">How right it was</h3>
      <dl className="flex flex-col gap-2 text-sm">
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt className="text-xs text-soft">{label}</dt>
            <dd className="numeral">{value}</dd>
          </div>
        ))}
      </dl>
      <Learned title="Learned of types" rows={of.categories} />
      <Learned title="Learned of suppliers" rows={of.suppliers} />
    </section>
  )
}

function pointsText(points: number): string {
  if (points === 0) return 'no change'
  return `${points > 0 ? '+' : '−'}${number(Math.abs(points), 1)} points`
}

function Learned({ title, rows }: { title: string; rows: ResearchLearned[] }) {
  if (rows.length === 0) return null
  return (
    <div>
      <h4 className="text-xs text-soft">{title}</h4>
      <ul>
        {rows.map(one => (
          <li key={one.name} className="flex justify-between gap-3 border-t border-rule py-1.5 text-sm">
            <span className="min-w-0 wrap-anywhere">
              {one.name}
              <span className="block text-xs text-faint">
                {count(one.accepted)} accepted, {count(one.rejected)} rejected, {count(one.sold)} sold,{' '}
                {count(one.unsold)} did not
              </span>
            </span>
            <span className="numeral shrink-0">{pointsText(one.points)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Said({ matches, store }: { matches: SupplierMatch[]; store: Store }) {
  const may = useMay('opportunities:write')
  const open = useSetMatches(() => {})
  return (
    <section aria-label="Said of offers" className="flex flex-col gap-2">
      <h3 className="text-sm font-semibold">What people said of offers that look alike, or do not</h3>
      <ul>
        {matches.map(one => (
          <li
            key={`${one.product_id} ${one.other_id}`}
            className="flex items-start justify-between gap-3 border-t border-rule py-2 text-sm"
          >
            <span className="min-w-0 wrap-anywhere">
              “{one.title ?? 'without a title'}” {one.verdict === 'same' ? 'is' : 'is not'} “
              {one.other_title ?? 'without a title'}”
              <span className="block text-xs text-faint">
                {one.by}
                {one.reason && `: ${one.reason}`}
              </span>
            </span>
            {may && (
              <Button
                kind="quiet"
                busy={open.isPending && open.variables.other_ids[0] === one.other_id}
                onClick={() =>
                  open.mutate({
                    product_id: one.product_id,
                    other_ids: [one.other_id],
                    verdict: 'open',
                    reason: null,
                    store_id: store.id,
                  })
                }
              >
                Take back
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Refused error={open.error} placed={[]} />
    </section>
  )
}
