/** The frame of the two pages one sees before being signed in. */
import { type ReactNode, useEffect } from 'react'
import { Brand } from './Brand'

interface EntranceProps {
  title: string
  lead: string
  children: ReactNode
}

export function Entrance({ title, lead, children }: EntranceProps) {
  useEffect(() => {
    document.title = `${title} · Royal Equips`
  }, [title])
  return (
    <div className="grid min-h-dvh lg:grid-cols-[1fr_1.1fr]">
      <aside className="hidden flex-col justify-between border-r border-rule bg-sunk p-12 lg:flex">
        <Brand />
        <div className="max-w-md">
          <Account />
          <p className="mt-6 text-sm text-soft">
            Every figure here comes from dated entries of your own orders, adds up to the cent, and says what
            it does not know.
          </p>
        </div>
        <p className="text-xs text-faint">Runs on your own machine. Your figures stay there.</p>
      </aside>
      <main className="flex flex-col justify-center px-5 py-10 sm:px-10">
        <div className="mx-auto w-full max-w-md">
          <div className="mb-8 lg:hidden">
            <Brand />
          </div>
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          <p className="mt-2 mb-7 text-sm text-soft">{lead}</p>
          {children}
        </div>
      </main>
    </div>
  )
}

const LINES: [string, string][] = [
  ['Gross sales', 'what the goods are worth'],
  ['− Discounts and returns', 'what you gave back'],
  ['− Cost of goods', 'what they cost you'],
  ['− Fees, shipping, ads', 'what it took to sell them'],
]

/** The promise of the product, set like an account. */
function Account() {
  return (
    <dl className="text-base">
      {LINES.map(([name, meaning]) => (
        <div key={name} className="flex items-baseline justify-between gap-6 border-b border-rule py-2.5">
          <dt>{name}</dt>
          <dd className="text-right text-sm text-faint">{meaning}</dd>
        </div>
      ))}
      <div className="total-rule flex items-baseline justify-between gap-6 py-2.5 text-lg font-semibold">
        <dt>Net profit</dt>
        <dd className="text-right text-sm font-medium text-brass">what you really earned</dd>
      </div>
    </dl>
  )
}
