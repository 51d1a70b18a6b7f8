/** The figures that stand above everything, each with the reason where there is none. */
import type { ReactNode } from 'react'

export function Facts({ facts }: { facts: { label: string; value: ReactNode; note?: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-edge bg-edge md:grid-cols-4 has-[>:nth-child(5)]:md:grid-cols-3">
      {facts.map(({ label, value, note }) => (
        <div key={label} className="min-w-0 bg-sheet px-4 py-3">
          <dt className="text-xs text-faint">{label}</dt>
          <dd className="mt-0.5 text-lg font-semibold wrap-anywhere">{value}</dd>
          {note && <dd className="text-xs text-soft">{note}</dd>}
        </div>
      ))}
    </dl>
  )
}
