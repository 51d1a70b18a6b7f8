/** The brief of a morning: what the day before brought, of what the change is made, what waits, what is not known. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Brief, BriefFigure, Store } from '@/shared/api/types'
import { count, inMoney, isNegative, money } from '@/shared/format/money'
import { dayText, momentText } from '@/shared/format/time'
import { asSentence } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Absent } from '@/shared/ui/Amount'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { AnalystNote } from './AnalystNote'
import { briefsQuery } from './queries'
import { numberText, usualText } from './words'

const FILTERS = ['day'] as const

export function BriefPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the brief" />
  return <BriefOf key={store.id} store={store} />
}

function BriefOf({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const list = useInfiniteQuery(briefsQuery(store.id))
  const briefs = useMemo(() => list.data?.pages.flatMap(page => page.briefs) ?? [], [list.data])
  const brief = briefs.find(one => one.day === values.day) ?? briefs[0]
  return (
    <Page
      title="Brief"
      lead={
        brief ? `${dayText(brief.day, 'long')}, as it was told the morning after` : 'What each day brought.'
      }
      actions={
        briefs.length > 1 &&
        brief && (
          <select
            aria-label="Day"
            value={brief.day}
            onChange={event => void set({ day: event.target.value })}
            className="field text-sm"
          >
            {briefs.map(one => (
              <option key={one.day} value={one.day}>
                {dayText(one.day)}
              </option>
            ))}
          </select>
        )
      }
    >
      <AnalystNote store={store} />
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the brief" rows={8} />}
      {list.data && !brief && (
        <div className="sheet">
          <Empty title="No brief was written yet">
            The first one comes on the morning after a sync has read the day before, at six by the clock of
            the store or later.
          </Empty>
        </div>
      )}
      {brief && <Whole brief={brief} store={store} />}
    </Page>
  )
}

function Whole({ brief, store }: { brief: Brief; store: Store }) {
  return (
    <div className="flex flex-col gap-4">
      <div className="sheet px-4 py-4 sm:px-5">
        <p className="text-lg font-semibold wrap-anywhere">{inMoney(brief.headline)}</p>
        <p className="mt-1 text-xs text-faint">
          Written {momentText(brief.made_at, store.timezone)}
          {brief.as_of && `, from orders as of ${momentText(brief.as_of, store.timezone)}`}. When figures move
          later it is written again only where somebody starts the agent.
        </p>
        {brief.run_id && (
          <p className="mt-1 text-xs">
            <Link
              to={paths.run}
              params={{ id: brief.run_id }}
              search={keepRange}
              className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4"
            >
              The run that wrote it
            </Link>
          </p>
        )}
        {brief.version > 1 && <Again brief={brief} />}
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <Section
          title="Needs a decision"
          note={brief.needs.length === 0 ? 'Nothing waited that morning.' : undefined}
        >
          <ul className="flex flex-col gap-1">
            {brief.needs.map(need => (
              <li key={need.text}>
                <InnerLink to={need.link}>{need.text}</InnerLink>
              </li>
            ))}
          </ul>
        </Section>
        <Section
          title="Unusual"
          note={brief.anomalies.length === 0 ? 'No figure of the day was unusual.' : undefined}
        >
          <ul className="flex flex-col gap-2">
            {brief.anomalies.map(of => (
              <li key={of.id} className="text-sm">
                <Link
                  to={paths.anomalies}
                  search={keepRange}
                  className="inline-flex min-h-6 items-center font-semibold underline decoration-dotted underline-offset-4"
                >
                  {of.title}
                </Link>{' '}
                was {numberText(of.value, of.kind, of.currency, of.figure)}; usual is {usualText(of)}.
              </li>
            ))}
          </ul>
        </Section>
        <Section title="Why net profit changed" note={`Against ${dayText(brief.against, 'long')}`}>
          <Parts brief={brief} />
        </Section>
        <Section title="The day in figures" note={`Beside ${dayText(brief.against, 'long')}`} flush>
          <Figures brief={brief} />
        </Section>
      </div>
      {brief.gaps.length > 0 && (
        <Section title="What is not known" note="Figures are without it; nothing was filled in.">
          <ul className="flex flex-col gap-1.5 text-sm">
            {brief.gaps.map(gap => (
              <li key={gap.code + gap.text}>
                {gap.link ? <InnerLink to={gap.link}>{inMoney(gap.text)}</InnerLink> : inMoney(gap.text)}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

/** What was told of the day before it was written again. */
function Again({ brief }: { brief: Brief }) {
  return (
    <div className="mt-2 text-sm text-soft">
      <p>
        Written again, version {count(brief.version)}:{' '}
        {brief.moved.length === 0 ? 'its figures stand, what is told of them moved.' : 'these figures moved.'}
      </p>
      <ul aria-label="Figures that moved" className="mt-1 flex flex-col gap-0.5">
        {brief.moved.map(({ key, title, kind, from, to }) => (
          <li key={key}>
            {title} from {numberText(from, kind, brief.currency, key)} to{' '}
            {numberText(to, kind, brief.currency, key)}
          </li>
        ))}
      </ul>
    </div>
  )
}

function InnerLink({ to, children }: { to: string; children: string }) {
  return (
    <Link
      to={to}
      search={keepRange}
      className="inline-flex min-h-6 items-center text-sm underline decoration-dotted underline-offset-4"
    >
      {children}
    </Link>
  )
}

function Parts({ brief }: { brief: Brief }) {
  if (brief.parts_unknown) return <Note>{asSentence(brief.parts_unknown)}</Note>
  if (brief.parts.length === 0) return <p className="text-sm text-soft">Nothing changed.</p>
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">Causes of the change of net profit; they add up to it</caption>
      <tbody>
        {brief.parts.map(part => (
          <tr key={part.title} className="border-b border-rule last:border-0">
            <th scope="row" className="py-1.5 pr-3 text-left font-normal">
              {part.title}
            </th>
            <td className={`numeral py-1.5 text-right ${isNegative(part.change) ? 'text-bad' : ''}`}>
              {money(part.change, brief.currency, 'signed')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Figures({ brief }: { brief: Brief }) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-b border-rule text-xs text-faint">
          <th scope="col" className="px-4 py-1.5 text-left font-normal sm:px-5">
            Figure
          </th>
          <th scope="col" className="py-1.5 pr-3 text-right font-normal">
            The day
          </th>
          <th scope="col" className="py-1.5 pr-4 text-right font-normal sm:pr-5">
            A week before
          </th>
        </tr>
      </thead>
      <tbody>
        {brief.figures.map(figure => (
          <FigureRow key={figure.key} figure={figure} currency={brief.currency} />
        ))}
      </tbody>
    </table>
  )
}

function FigureRow({ figure, currency }: { figure: BriefFigure; currency: string }) {
  const show = (value: string | null | undefined) => numberText(value, figure.kind, currency, figure.key)
  return (
    <tr className="border-b border-rule last:border-0">
      <th scope="row" className="px-4 py-1.5 text-left font-normal sm:px-5">
        {figure.title}
      </th>
      <td className="numeral py-1.5 pr-3 text-right font-semibold">
        {figure.value == null ? (
          <Absent reason={figure.reason ? asSentence(figure.reason) : undefined} />
        ) : (
          show(figure.value)
        )}
      </td>
      <td className="numeral py-1.5 pr-4 text-right text-soft sm:pr-5">{show(figure.before)}</td>
    </tr>
  )
}
