import { zodResolver } from '@hookform/resolvers/zod'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { type UseFormReturn, useForm } from 'react-hook-form'
import * as z from 'zod/mini'
import { ApiError, explain } from '@/shared/api/problem'
import type { NewConnection } from '@/shared/api/types'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Field } from '@/shared/ui/Field'
import { Note } from '@/shared/ui/States'
import { SCOPES } from './scopes'

// zod otherwise probes `new Function`, which the server's policy would report.
z.config({ jitless: true })

const Access = z
  .object({
    shop: z
      .string()
      .check(z.trim(), z.minLength(1, 'Enter the name, the domain or the address of your shop.')),
    way: z.enum(['token', 'client']),
    access_token: z.string(),
    client_id: z.string(),
    client_secret: z.string(),
  })
  .check(
    z.refine(access => access.way !== 'token' || access.access_token.trim() !== '', {
      error: 'Enter the access token.',
      path: ['access_token'],
    }),
    z.refine(access => access.way !== 'client' || access.client_id.trim() !== '', {
      error: 'Enter the client ID.',
      path: ['client_id'],
    }),
    z.refine(access => access.way !== 'client' || access.client_secret.trim() !== '', {
      error: 'Enter the client secret.',
      path: ['client_secret'],
    }),
  )
type Access = z.infer<typeof Access>

const SERVER_FIELDS = ['shop', 'access_token', 'client_id', 'client_secret'] as const

export default function ShopifyForm({ onConnect }: { onConnect: (input: NewConnection) => Promise<void> }) {
  const form = useForm<Access>({
    resolver: zodResolver(Access),
    defaultValues: { shop: '', way: 'token', access_token: '', client_id: '', client_secret: '' },
  })
  const [trouble, setTrouble] = useState<string>()
  const submit = form.handleSubmit(async access => {
    setTrouble(undefined)
    try {
      await onConnect(asInput(access))
    } catch (error) {
      const placed = placeErrors(form, error)
      if (!placed) setTrouble(explain(error))
    }
  })
  const { errors, isSubmitting } = form.formState
  const way = form.watch('way')
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Field
        label="Shop"
        help="acme, acme.myshopify.com or https://admin.shopify.com/store/acme"
        error={errors.shop?.message}
      >
        {props => (
          <input
            {...props}
            {...form.register('shop')}
            autoComplete="off"
            spellCheck={false}
            className="field"
          />
        )}
      </Field>
      <fieldset>
        <legend className="mb-1.5 text-sm font-semibold">Access</legend>
        <div className="grid grid-cols-1 gap-2 sm:grid-cols-2">
          <Way form={form} value="token" title="Access token" note="Of a custom app in your shop’s admin" />
          <Way
            form={form}
            value="client"
            title="Client ID and secret"
            note="Of an app in the developer dashboard"
          />
        </div>
      </fieldset>
      {way === 'token' ? (
        <Field label="Access token" help="Begins with shpat_." error={errors.access_token?.message}>
          {props => (
            <input
              {...props}
              {...form.register('access_token')}
              type="password"
              autoComplete="off"
              className="field font-mono"
            />
          )}
        </Field>
      ) : (
        <>
          <Field label="Client ID" error={errors.client_id?.message}>
            {props => (
              <input
                {...props}
                {...form.register('client_id')}
                autoComplete="off"
                spellCheck={false}
                className="field font-mono"
              />
            )}
          </Field>
          <Field label="Client secret" error={errors.client_secret?.message}>
            {props => (
              <input
                {...props}
                {...form.register('client_secret')}
                type="password"
                autoComplete="off"
                className="field font-mono"
              />
            )}
          </Field>
        </>
      )}
      <ScopeList />
      {trouble && (
        <div role="alert">
          <Note tone="bad">{trouble}</Note>
        </div>
      )}
      <Button type="submit" kind="primary" busy={isSubmitting} className="min-h-11 self-start">
        Connect and start the sync
      </Button>
    </form>
  )
}

function Way({
  form,
  value,
  title,
  note,
}: {
  form: UseFormReturn<Access>
  value: Access['way']
  title: string
  note: string
}) {
  const chosen = form.watch('way') === value
  return (
    <label
      className={cx(
        'flex cursor-pointer items-start gap-2.5 rounded-md border p-3 text-sm',
        chosen ? 'border-brass bg-brass-wash' : 'border-edge',
      )}
    >
      <input type="radio" value={value} {...form.register('way')} className="mt-1 size-4 accent-brass" />
      <span>
        <span className="block font-semibold">{title}</span>
        <span className="block text-xs text-soft">{note}</span>
      </span>
    </label>
  )
}

function ScopeList() {
  return (
    <details className="rounded-md border border-rule">
      <summary className="flex min-h-10 items-center justify-between gap-2 px-3 text-sm font-semibold">
        What it needs, and why
        <ChevronDown aria-hidden="true" className="size-4 text-faint" />
      </summary>
      <ul className="flex flex-col gap-2.5 px-3 pb-3 text-sm">
        {SCOPES.map(entry => (
          <li key={entry.scope}>
            <span className="flex flex-wrap items-center gap-2">
              <code className="font-mono text-xs">{entry.scope}</code>
              <Badge tone={entry.required ? 'brass' : 'neutral'}>
                {entry.forChanges ? 'for changes' : entry.required ? 'needed' : 'recommended'}
              </Badge>
            </span>
            <span className="block text-soft">{entry.why}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function asInput(access: Access): NewConnection {
  const base = {
    provider: 'shopify' as const,
    kind: 'shopify' as const,
    shop: access.shop.trim(),
    start_sync: true,
  }
  if (access.way === 'token') return { ...base, access_token: access.access_token.trim() }
  return { ...base, client_id: access.client_id.trim(), client_secret: access.client_secret.trim() }
}

function placeErrors(form: UseFormReturn<Access>, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  let placed = false
  for (const field of SERVER_FIELDS) {
    const message = error.field(field)
    if (!message) continue
    form.setError(field, { message }, { shouldFocus: !placed })
    placed = true
  }
  return placed
}
