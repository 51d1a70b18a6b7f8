/** What customers asked about their own data, with the day by which it has to be answered. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { ApiError } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { PrivacyRequest } from '@/shared/api/types'
import { dayText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'

const KIND: Record<PrivacyRequest['kind'], string> = {
  data_request: 'Tell what is held',
  customer_redact: 'Forget a customer',
  shop_redact: 'Forget the shop',
}
const STATE: Record<PrivacyRequest['state'], { label: string; tone: Tone }> = {
  pending: { label: 'Working', tone: 'warn' },
  ready: { label: 'To answer', tone: 'brass' },
  done: { label: 'Done', tone: 'good' },
}

export function PrivacyRequests() {
  return (
    <Only may="privacy:read">
      <Requests />
    </Only>
  )
}

function Requests() {
  const { data, error, refetch } = useQuery({
    queryKey: keys.privacy,
    queryFn: () => body(api.GET('/v1/privacy/requests', { params: { query: { limit: 100 } } })),
  })
  return (
    <Section
      title="Privacy requests"
      note="Sent by Shopify when a customer asks; to be answered within 30 days"
      flush
    >
      {error && (
        <div className="p-4">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!data && !error && <Loading label="Loading the requests" rows={3} />}
      {data?.requests.length === 0 && (
        <p className="px-4 pb-4 text-sm text-soft sm:px-5">
          Nobody has asked. The app’s compliance webhooks (customers/data_request, customers/redact,
          shop/redact) point to the same address as its other webhooks.
        </p>
      )}
      <ul>
        {data?.requests.map(request => (
          <Request key={request.id} request={request} />
        ))}
      </ul>
    </Section>
  )
}

function Request({ request }: { request: PrivacyRequest }) {
  const state = STATE[request.state]
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 border-t border-rule px-4 py-3 text-sm sm:px-5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {KIND[request.kind]}
          <Badge tone={state.tone}>{state.label}</Badge>
        </p>
        <p className="text-xs text-faint">
          {request.customer_id && `Customer ${request.customer_id} · `}
          received {dayText(request.received_at.slice(0, 10))}
          {request.state !== 'done' && ` · due by ${dayText(request.due_at.slice(0, 10))}`}
        </p>
        {request.note && <p className="text-soft">{request.note}</p>}
      </div>
      {request.kind === 'data_request' && request.state !== 'pending' && (
        <Only may="privacy:answer">
          <Answer id={request.id} />
        </Only>
      )}
    </li>
  )
}

function Answer({ id }: { id: string }) {
  const client = useQueryClient()
  const answer = useMutation({
    mutationFn: () => body(api.POST('/v1/privacy/requests/{id}/answer', { params: { path: { id } } })),
    onSuccess: held => {
      save(`personal-data-${id}.json`, JSON.stringify(held, null, 2))
      void client.invalidateQueries({ queryKey: keys.privacy })
    },
  })
  return (
    <div className="flex flex-col items-end gap-1">
      <Button kind="plain" disabled={answer.isPending} onClick={() => answer.mutate()}>
        Download the answer
      </Button>
      {answer.error && (
        <p role="alert" className="text-xs text-bad">
          {answer.error instanceof ApiError ? answer.error.problem.detail : 'It could not be read.'}
        </p>
      )}
    </div>
  )
}

function save(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
