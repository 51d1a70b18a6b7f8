/** One real question by a contract: what each pointer found in the first product. Nothing is kept of it. */
import { useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { SupplierContractTest, SupplierContractTrial } from '@/shared/api/types'
import { plural } from '@/shared/format/words'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { useTryContract } from './queries'
import { fieldName } from './rest-contract'

interface ContractTrialProps {
  /** The contract as it stands in the form. */
  test: () => Omit<SupplierContractTest, 'query' | 'product_id' | 'sandbox'>
  onFaults: (faults: Record<string, string | undefined>) => void
}

export function ContractTrial({ test, onFaults }: ContractTrialProps) {
  const [query, setQuery] = useState('')
  const [id, setId] = useState('')
  const attempt = useTryContract()
  const run = (sandbox: boolean) =>
    attempt.mutate(
      { ...test(), sandbox, query: query.trim(), product_id: id.trim() || null },
      { onSettled: (_, error) => onFaults(fieldErrors(error)) },
    )
  return (
    <section aria-label="Test of the contract" className="flex flex-col gap-3 border-t border-edge pt-4">
      <p className="text-sm">
        <span className="font-semibold">Test it first.</span> One real question is asked, and what each
        pointer found in the first product is shown. Nothing is kept.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Look for">
          {props => (
            <input
              {...props}
              autoComplete="off"
              maxLength={100}
              value={query}
              onChange={event => setQuery(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <Field label="Or the id of a product">
          {props => (
            <input
              {...props}
              autoComplete="off"
              spellCheck={false}
              maxLength={200}
              value={id}
              onChange={event => setId(event.target.value)}
              className="field font-mono"
            />
          )}
        </Field>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button busy={attempt.isPending} onClick={() => run(false)}>
          Test
        </Button>
        <Button kind="quiet" disabled={attempt.isPending} onClick={() => run(true)}>
          Test with the sandbox
        </Button>
      </div>
      {attempt.error && (
        <p role="alert" className="text-sm text-bad">
          {explain(attempt.error)}
        </p>
      )}
      {attempt.data && !attempt.isPending && <Found trial={attempt.data} />}
    </section>
  )
}

function Found({ trial }: { trial: SupplierContractTrial }) {
  const empty = trial.reads.filter(read => read.value == null).length
  return (
    <div className="flex flex-col gap-2" aria-live="polite">
      {trial.asked.map(address => (
        <p key={address} className="font-mono text-xs text-soft wrap-anywhere">
          GET {address}
        </p>
      ))}
      {trial.stopped && (
        <p role="alert" className="text-sm text-bad">
          It went no further: {trial.stopped}
        </p>
      )}
      {!trial.stopped && (
        <p className="text-sm">
          {empty === 0
            ? 'Every pointer found something.'
            : `${empty} ${plural(empty, 'pointer', 'pointers')} found nothing that can be kept.`}
        </p>
      )}
      <table aria-label="What was read of the first product" className="w-full text-sm">
        <thead>
          <tr className="text-left text-xs text-soft">
            <th className="py-1 pr-3 font-normal">Field and pointer</th>
            <th className="py-1 font-normal">What was read</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-edge">
          {trial.reads.map(read => (
            <tr key={read.field} className="align-top">
              <th scope="row" className="py-1.5 pr-3 text-left font-normal">
                {fieldName(read.field)}
                <span className="block font-mono text-xs text-soft wrap-anywhere">{read.pointer}</span>
              </th>
              <td className="py-1.5 wrap-anywhere">
                {read.value ?? <span className="text-warn">Nothing: {read.why_not}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
