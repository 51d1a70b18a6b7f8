/** What stands behind a figure: accounts, comparisons with the shop's own totals, files, exchange rates, other definitions. */
import { Link } from '@tanstack/react-router'
import type { FigurePassport } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { ageText, dayText, momentText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { cx } from '@/shared/ui/cx'
import { Block, sentenceOf } from './PassportBlock'

export function Sources({ passport }: { passport: FigurePassport }) {
  return (
    <Block title="Source">
      <ul className="flex flex-col gap-2">
        {passport.sources.map(source => (
          <li key={source.connection_id} className="rounded-md border border-rule px-3 py-2">
            <p className="flex flex-wrap justify-between gap-x-3 font-semibold">
              <Link
                to={paths.connections}
                search={keepRange}
                className="underline decoration-dotted underline-offset-4"
              >
                {words(source.provider)} · {source.store.name}
              </Link>
              <span className="font-normal text-soft">{words(source.state)}</span>
            </p>
            <p className="text-soft">
              {count(source.orders)} orders
              {source.newest_observed_at && <>, the newest seen {momentText(source.newest_observed_at)}</>}
              {source.last_success_at && <>; last synced {ageText(source.last_success_at)}</>}
            </p>
            {source.last_error && <p className="mt-1 text-bad">{sentenceOf(source.last_error)}</p>}
          </li>
        ))}
      </ul>
      {passport.timezone && <p className="mt-1.5 text-xs text-faint">Days in {passport.timezone}.</p>}
      {passport.as_of && (
        <p className="text-xs text-faint">
          As of {momentText(passport.as_of)} ({ageText(passport.as_of)}).
        </p>
      )}
    </Block>
  )
}

const STANDING: Record<string, string> = {
  agrees: 'agrees with the shop’s own totals',
  explained: 'differs from the shop’s own totals, every difference explained',
  unexplained: 'differs from the shop’s own totals without an explanation',
  unchecked: 'not compared with the shop’s own totals yet',
}

export function Reconciled({ passport }: { passport: FigurePassport }) {
  if (passport.reconciliation.length === 0) return null
  return (
    <Block title="Reconciliation">
      <ul className="flex flex-col gap-2">
        {passport.reconciliation.map(entry => (
          <li key={entry.store.id}>
            <Link
              to={paths.reconciliation}
              search={old => ({
                ...keepRange(old),
                store: entry.store.id,
                from: passport.from,
                to: passport.to,
              })}
              className={cx(
                'font-semibold underline decoration-dotted underline-offset-4',
                entry.state === 'unexplained' && 'text-bad',
              )}
            >
              {entry.store.name}
            </Link>{' '}
            {STANDING[entry.state] ?? words(entry.state)}
            {entry.days_checked > 0 && (
              <span className="text-soft">
                : {count(entry.days_checked)} days compared
                {entry.days_unexplained > 0 && (
                  <>
                    , {count(entry.days_unexplained)} with{' '}
                    {money(entry.unexplained, entry.currency, 'signed')} nobody can explain
                  </>
                )}
                {entry.days_unchecked > 0 && `, ${count(entry.days_unchecked)} not`}
                {entry.as_of && `, ${ageText(entry.as_of)}`}
              </span>
            )}
            .
          </li>
        ))}
      </ul>
    </Block>
  )
}

const SHOWN_IMPORTS = 5

export function Imports({ passport }: { passport: FigurePassport }) {
  const { imports } = passport
  if (imports.length === 0) return null
  const more = imports.length - SHOWN_IMPORTS
  return (
    <Block title="Files that told of it">
      <ul className="flex flex-col gap-1">
        {imports.slice(0, SHOWN_IMPORTS).map(entry => (
          <li key={entry.id} className="wrap-anywhere">
            <Link
              to={paths.import}
              params={{ id: entry.id }}
              className="underline decoration-dotted underline-offset-4"
            >
              {entry.file}
            </Link>
            <span className="text-soft">
              , {words(entry.kind).toLowerCase()}
              {entry.finished_at && `, imported ${momentText(entry.finished_at)}`}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="mt-1 text-xs text-faint">And {count(more)} more.</p>}
    </Block>
  )
}

export function Rates({ passport }: { passport: FigurePassport }) {
  if (passport.rates.length === 0) return null
  return (
    <Block title="Exchange rates">
      <ul className="flex flex-col gap-1">
        {passport.rates.map(rate => (
          <li key={`${rate.from}${rate.to}${rate.source}`}>
            1 {rate.from} = <span className="numeral">{rate.latest}</span> {rate.to} on {dayText(rate.newest)}
            , {words(rate.source).toLowerCase()}; {count(rate.days)} days, each by its own rate.
          </li>
        ))}
      </ul>
    </Block>
  )
}

export function Elsewhere({ passport }: { passport: FigurePassport }) {
  if (passport.elsewhere.length === 0) return null
  return (
    <Block title="Elsewhere">
      <ul className="flex flex-col gap-2">
        {passport.elsewhere.map(peer => (
          <li key={peer.who + peer.calls_it}>
            <p>
              <strong className="font-semibold">{peer.who}</strong>: {peer.calls_it} = {peer.formula}
            </p>
            <p className="text-soft">{sentenceOf(peer.so)}</p>
            <p className="text-xs text-faint">{peer.source}</p>
          </li>
        ))}
      </ul>
    </Block>
  )
}
