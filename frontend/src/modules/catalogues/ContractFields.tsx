/** A contract of one's own as fields of a form. */
import { Field } from '@/shared/ui/Field'
import { type ContractDraft, POINTERS } from './rest-contract'

interface ContractFieldsProps {
  draft: ContractDraft
  faults: Record<string, string | undefined>
  onChange: (draft: ContractDraft) => void
}

export function ContractFields({ draft, faults, onChange }: ContractFieldsProps) {
  const text = (
    name: 'baseUrl' | 'header' | 'prefix' | 'search' | 'product' | 'currency' | 'shipsFrom',
    fault: string,
    label: string,
    help: string,
  ) => (
    <Field label={label} help={help} error={faults[`rest.${fault}`]}>
      {props => (
        <input
          {...props}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={draft[name]}
          onChange={event => onChange({ ...draft, [name]: event.target.value })}
          className="field font-mono"
        />
      )}
    </Field>
  )
  return (
    <>
      {text(
        'baseUrl',
        'base_url',
        'Address',
        'Begins with https://; paths go on below it. An address inside a network has to be named in the settings.',
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {text('header', 'auth_header', 'Header of the key', 'Empty: no key is sent.')}
        {text('prefix', 'auth_prefix', 'Before the key', 'Such as Bearer, with its space.')}
      </div>
      {text(
        'search',
        'paths.search',
        'Path of the list (optional)',
        'With {query}, {ships_from} and {page} or {cursor}; with neither the next page is an address of the same host. Without a path nothing is looked for.',
      )}
      {text(
        'product',
        'paths.product',
        'Path of a product (optional)',
        'With {id}. Without a path only the list tells its products.',
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {text(
          'currency',
          'currency',
          'Currency (optional)',
          'Where none is told beside a price, such as USD.',
        )}
        {text('shipsFrom', 'ships_from', 'Sent from (optional)', 'Where no country is told, such as US.')}
      </div>
      <label className="flex min-h-6 items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={draft.yesOrNo}
          onChange={event => onChange({ ...draft, yesOrNo: event.target.checked })}
        />
        0 and 1 mean no and yes, not how many there are
      </label>
      <p className="text-xs text-soft">
        Pointers lead to values in an answer, such as /shipping/cost; # is the whole answer. What has none is
        not told, and never filled in. A pointer of the product holds for its variants where they have none of
        their own.
      </p>
      {faults['rest.map'] && (
        <p role="alert" className="text-sm font-medium text-bad">
          {faults['rest.map']}
        </p>
      )}
      {POINTERS.map(group => (
        <fieldset key={group.title} className="flex flex-col gap-3">
          <legend className="mb-2 text-sm font-semibold">{group.title}</legend>
          <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
            {group.fields.map(([name, label]) => (
              <Pointer
                key={name}
                label={label}
                value={draft.map[name] ?? ''}
                fault={faults[`rest.map.${name}`]}
                onChange={pointer => onChange({ ...draft, map: { ...draft.map, [name]: pointer } })}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  )
}

interface PointerProps {
  label: string
  value: string
  fault: string | undefined
  onChange: (pointer: string) => void
}

function Pointer({ label, value, fault, onChange }: PointerProps) {
  return (
    <Field label={label} error={fault}>
      {props => (
        <input
          {...props}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          onChange={event => onChange(event.target.value)}
          className="field font-mono"
        />
      )}
    </Field>
  )
}
