/** How a connection stands: a name and a value a row. */
export function Facts({ of }: { of: [name: string, value: string][] }) {
  return (
    <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
      {of.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-4 border-b border-rule pb-2">
          <dt className="text-soft">{name}</dt>
          <dd className="min-w-0 text-right wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
