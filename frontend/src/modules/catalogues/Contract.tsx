/** Connecting by a contract of one's own: what it is, its fields, and the test of it. */
import type { ReactNode } from 'react'
import type { SupplierContractTest } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { ContractFields } from './ContractFields'
import { ContractTrial } from './ContractTrial'
import { type ContractDraft, EXAMPLE } from './rest-contract'

interface ContractProps {
  name: string
  draft: ContractDraft
  faults: Record<string, string | undefined>
  keyField: ReactNode
  onChange: (draft: ContractDraft) => void
  test: () => Omit<SupplierContractTest, 'query' | 'product_id' | 'sandbox'>
  onFaults: (faults: Record<string, string | undefined>) => void
}

export function Contract({ name, draft, faults, keyField, onChange, test, onFaults }: ContractProps) {
  return (
    <>
      <div className="flex flex-col items-start gap-3 rounded-md border border-edge bg-sunk p-3 text-sm">
        <p>
          <span className="font-semibold text-warn">Unverified, bring your own contract.</span> {name}{' '}
          publishes no REST interface. If you have been given one, describe it here; what it cannot do is
          refused. Orders are left to {name}’s own app in your shop, whatever stands here.
        </p>
        <Button onClick={() => onChange({ ...EXAMPLE, baseUrl: draft.baseUrl })}>Fill in an example</Button>
      </div>
      {keyField}
      <ContractFields draft={draft} faults={faults} onChange={onChange} />
      <ContractTrial test={test} onFaults={onFaults} />
    </>
  )
}
