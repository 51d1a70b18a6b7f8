import { useMemo, useState } from 'react'
import { sentence } from '@/shared/api/problem'
import type { RehearsedDay } from '@/shared/api/types'
import { count, money, share } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { Absent } from '@/shared/ui/Amount'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SelectField } from '@/shared/ui/Filters'
import { Section } from '@/shared/ui/Page'

type RehearsedProposal = RehearsedDay['proposals'][number] & { key: string; day: string }

const HANDLINGS: Record<RehearsedProposal['handling'], { label: string; tone: Tone }> = {
  apply: { label: 'Sure enough to act', tone: 'good' },
  ask: { label: 'Would ask', tone: 'brass' },
  notify: { label: 'Only a finding', tone: 'neutral' },
}

const OPTIONS = Object.entries(HANDLINGS).map(([value, { label }]) => ({ value, label }))

const THOUSANDTHS = 1000

export function RehearsedProposals({ days }: { days: RehearsedDay[] }) {
  const rows = useMemo(
    () =>
      days.flatMap(({ day, proposals }) =>
        proposals.map((proposal, index) => ({ ...proposal, day, key: `${day}/${index}` })),
      ),
    [days],
  )
  const [handling, setHandling] = useState<string>()
  const shown = handling ? rows.filter(row => row.handling === handling) : rows
  return (
    <Section
      title="What it would have proposed"
      note={`${count(shown.length)} of ${count(rows.length)} ${plural(rows.length, 'proposal')}, the earliest first`}
      actions={<SelectField label="How" value={handling} options={OPTIONS} onChange={setHandling} />}
      flush
    >
      <DataTable
        label="What it would have proposed"
        rows={shown}
        columns={COLUMNS}
        rowKey={row => row.key}
        total={shown.length}
      />
    </Section>
  )
}

const COLUMNS: Column<RehearsedProposal>[] = [
  {
    id: 'proposal',
    header: 'Proposal',
    cell: row => (
      <>
        <span className="font-semibold">{row.title}</span>
        <span className="block text-xs text-faint">{dayText(row.day)}</span>
        <span className="block text-xs text-soft">{sentence(row.reason)}</span>
        <span className="block sm:hidden">
          <Handling row={row} />
        </span>
      </>
    ),
  },
  { id: 'handling', header: 'How', from: 'sm', cell: row => <Handling row={row} /> },
  {
    id: 'confidence',
    header: 'Confidence',
    from: 'md',
    align: 'right',
    cell: row => <span className="numeral">{share(row.confidence / THOUSANDTHS)}</span>,
  },
  { id: 'effect', header: 'Effect', align: 'right', cell: row => <Effect row={row} /> },
]

function Handling({ row }: { row: RehearsedProposal }) {
  const { label, tone } = HANDLINGS[row.handling]
  return <Badge tone={tone}>{label}</Badge>
}

function Effect({ row: { effect } }: { row: RehearsedProposal }) {
  if (!effect) return <Absent reason="what is known of it does not tell" />
  return (
    <>
      <span className="numeral font-semibold">{money(effect.mid, effect.currency, 'signed')}</span>
      <span className="numeral hidden text-xs text-faint sm:block">
        {money(effect.low, effect.currency, 'signed')} to {money(effect.high, effect.currency, 'signed')}
        <br />
        in {count(effect.window_days)} {plural(effect.window_days, 'day')}
      </span>
    </>
  )
}
