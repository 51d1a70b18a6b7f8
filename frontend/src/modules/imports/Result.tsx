/** How an import ended, and how to take it back. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Import } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { Only } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Note } from '@/shared/ui/States'
import { Problems } from './Problems'
import { useImportAction } from './queries'

export function Result({ item }: { item: Import }) {
  return (
    <div className="flex flex-col gap-5">
      <section aria-label="Result" className="sheet flex flex-col gap-4 p-5">
        <Outcome item={item} />
      </section>
      {item.status === 'done' && item.counts.refused > 0 && <Problems item={item} />}
    </div>
  )
}

function Outcome({ item }: { item: Import }) {
  if (item.status === 'done') return <Done item={item} />
  if (item.status === 'failed') {
    return (
      <>
        <Note tone="bad">
          <p className="font-semibold">{item.error?.message ?? 'The import failed.'}</p>
          {item.error?.remedy && <p className="mt-1">{item.error.remedy}</p>}
        </Note>
        <Again />
      </>
    )
  }
  const text =
    item.status === 'undone'
      ? `The import was undone: ${count(item.undone)} things are what they were before it.`
      : item.undone > 0
        ? `The import was stopped, and ${count(item.undone)} things were put back to what they were.`
        : 'The file was discarded. Nothing of it was imported.'
  return (
    <>
      <p>{text}</p>
      <Again />
    </>
  )
}

function Again() {
  return (
    <Link to={paths.settingsImports} className={buttonClass('plain', 'self-start')}>
      Import another file
    </Link>
  )
}

function Done({ item }: { item: Import }) {
  const act = useImportAction(item.id)
  const [sure, setSure] = useState(false)
  const { counts } = item
  const figures: [string, number][] = [
    ['New', counts.created],
    ['Changed', counts.changed],
    ['As before', counts.unchanged],
    ['Kept from the connection', counts.kept],
    ['Left out', counts.refused],
  ]
  return (
    <>
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        {figures
          .filter(([name, value]) => value > 0 || name === 'New')
          .map(([name, value]) => (
            <div key={name}>
              <dt className="label-caps">{name}</dt>
              <dd className="numeral text-xl font-semibold">{count(value)}</dd>
            </div>
          ))}
      </dl>
      {item.report?.notes.map(note => (
        <Note key={note}>{note}</Note>
      ))}
      {act.error && (
        <p role="alert" className="text-sm text-bad">
          {act.error.message}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {item.kind === 'supplier_offers' ? (
          <Link
            to={paths.opportunities}
            search={{ store: item.store_id ?? undefined }}
            className={buttonClass('primary')}
          >
            See the opportunities
          </Link>
        ) : (
          <Link to={paths.pulse} className={buttonClass('primary')}>
            See the profit
          </Link>
        )}
        {(item.kind === 'orders' || item.kind === 'products') && (
          <Link
            to={paths.startCosts}
            search={{ store: item.store_id ?? undefined }}
            className={buttonClass('plain')}
          >
            Say what products cost
          </Link>
        )}
        <Link to={paths.settingsImports} className={buttonClass('plain')}>
          Import another file
        </Link>
        <Only may="imports:write">
          {sure ? (
            <span className="flex flex-wrap items-center gap-2">
              <span className="text-sm">Everything goes back to what it was before.</span>
              <Button kind="danger" busy={act.isPending} onClick={() => act.mutate('undo')}>
                Undo it
              </Button>
              <Button kind="quiet" onClick={() => setSure(false)}>
                Keep it
              </Button>
            </span>
          ) : (
            <Button kind="quiet" onClick={() => setSure(true)}>
              Undo this import
            </Button>
          )}
        </Only>
      </div>
    </>
  )
}
