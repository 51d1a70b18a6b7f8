/** Which column is which field. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Import, ImportKind, ImportKindInfo, ImportMapping } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Field } from '@/shared/ui/Field'
import { Failure, Loading } from '@/shared/ui/States'
import { kindsQuery, proposeMapping, useImportAction, useSetMapping } from './queries'

export function MappingForm({ item, bare = false }: { item: Import; bare?: boolean }) {
  const { data, error, refetch } = useQuery(kindsQuery)
  const [mapping, setMapping] = useState<ImportMapping | null>(item.mapping ?? null)
  const [trouble, setTrouble] = useState<string>()
  const set = useSetMapping(item.id)
  const act = useImportAction(item.id)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Loading the kinds of files" rows={4} />
  const info = data.kinds.find(kind => kind.kind === mapping?.kind)
  const choose = async (kind: ImportKind) => {
    setTrouble(undefined)
    try {
      setMapping(await proposeMapping(item.id, kind))
    } catch (failure) {
      setTrouble(failure instanceof Error ? failure.message : 'The columns could not be proposed.')
    }
  }
  const faults = new Map((set.data ?? item).faults.map(fault => [fault.field, fault.message]))
  return (
    <form
      aria-label="Columns"
      onSubmit={event => {
        event.preventDefault()
        if (mapping) set.mutate({ mapping, check: true })
      }}
      className={cx('flex flex-col gap-5', !bare && 'sheet p-4 sm:p-5')}
    >
      <Field label="What is this file?" help={info?.about ?? 'Its headers are not of a kind that is known.'}>
        {props => (
          <select
            {...props}
            className="field max-w-sm"
            value={mapping?.kind ?? ''}
            onChange={event => void choose(event.target.value as ImportKind)}
          >
            {!mapping && <option value="">Choose …</option>}
            {data.kinds.map(kind => (
              <option key={kind.kind} value={kind.kind}>
                {kind.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {mapping && info && (
        <Columns
          info={info}
          headers={item.file.headers}
          mapping={mapping}
          faults={faults}
          onChange={setMapping}
        />
      )}
      {(trouble ?? set.error ?? act.error) && (
        <p role="alert" className="text-sm text-bad">
          {trouble ?? set.error?.message ?? act.error?.message}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" busy={set.isPending} disabled={!mapping}>
          Check the file
        </Button>
        <Button kind="quiet" busy={act.isPending} onClick={() => act.mutate('cancel')}>
          Discard it
        </Button>
      </div>
    </form>
  )
}

interface ColumnsProps {
  info: ImportKindInfo
  headers: readonly string[]
  mapping: ImportMapping
  faults: ReadonlyMap<string, string>
  onChange: (mapping: ImportMapping) => void
}

function Columns({ info, headers, mapping, faults, onChange }: ColumnsProps) {
  const needed = info.fields.filter(field => field.required || field.one_of)
  const optional = info.fields.filter(field => !field.required && !field.one_of)
  const open = optional.some(field => faults.has(field.key))
  const found = optional.filter(field => mapping.columns[field.key]).length
  const part = (fields: typeof info.fields) => (
    <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
      {fields.map(field => (
        <Field
          key={field.key}
          label={field.label}
          help={field.one_of ? `At least one: ${field.one_of}` : undefined}
          error={faults.get(field.key)}
        >
          {props => (
            <select
              {...props}
              className="field"
              value={mapping.columns[field.key] ?? ''}
              onChange={event => {
                const { [field.key]: _, ...columns } = mapping.columns
                const header = event.target.value
                onChange({ ...mapping, columns: header ? { ...columns, [field.key]: header } : columns })
              }}
            >
              <option value="">{field.required ? 'Choose a column' : 'Not in this file'}</option>
              {[...new Set(headers)].filter(Boolean).map(header => (
                <option key={header} value={header}>
                  {header}
                </option>
              ))}
            </select>
          )}
        </Field>
      ))}
    </div>
  )
  return (
    <>
      {part(needed)}
      {optional.length > 0 && (
        <details open={open || undefined}>
          <summary className="cursor-pointer text-sm font-semibold">
            Optional columns ({found} of {optional.length} found)
          </summary>
          <div className="mt-4">{part(optional)}</div>
        </details>
      )}
    </>
  )
}
