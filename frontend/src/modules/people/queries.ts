import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, setCsrfToken } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { SecondStep, Session } from '@/shared/api/types'
import { makePasskey } from '@/shared/session/passkeys'
import { asksForCode } from '@/shared/session/SecondStepForm'

const PAGE = 100

const next = (page: { next_cursor?: string | null }) => page.next_cursor || undefined
const from = (cursor: string) => ({ limit: PAGE, ...(cursor && { cursor }) })

export function tokensQuery(all: boolean) {
  return infiniteQueryOptions({
    queryKey: [...keys.tokens, all],
    queryFn: ({ pageParam }) =>
      body(api.GET('/v1/tokens', { params: { query: { all, ...from(pageParam) } } })),
    initialPageParam: '',
    getNextPageParam: next,
  })
}

export const usersQuery = infiniteQueryOptions({
  queryKey: [...keys.people, 'users'],
  queryFn: ({ pageParam }) => body(api.GET('/v1/users', { params: { query: from(pageParam) } })),
  initialPageParam: '',
  getNextPageParam: next,
})

export const invitationsQuery = queryOptions({
  queryKey: [...keys.people, 'invitations'],
  queryFn: () => body(api.GET('/v1/invitations', { params: { query: { limit: 250 } } })),
})

export const openSessionsQuery = queryOptions({
  queryKey: keys.sessions,
  queryFn: () => body(api.GET('/v1/auth/sessions', { params: { query: { limit: 250 } } })),
})

export const secondFactorQuery = queryOptions({
  queryKey: keys.secondFactor,
  queryFn: () => body(api.GET('/v1/auth/second-factor')),
})

export const passkeysQuery = queryOptions({
  queryKey: keys.passkeys,
  queryFn: () => body(api.GET('/v1/auth/passkeys')),
})

export const mailQuery = queryOptions({
  queryKey: [...keys.people, 'mail'],
  queryFn: () => body(api.GET('/v1/mail')),
})

export const rolesQuery = queryOptions({
  queryKey: [...keys.people, 'roles'],
  queryFn: () => body(api.GET('/v1/roles')),
  staleTime: Number.POSITIVE_INFINITY,
})

export type AuditFilters = NonNullable<Api['/v1/audit']['get']['parameters']['query']>

export function auditQuery(filters: AuditFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.audit, 'entries', filters],
    queryFn: ({ pageParam }) =>
      body(api.GET('/v1/audit', { params: { query: { ...filters, ...from(pageParam) } } })),
    initialPageParam: '',
    getNextPageParam: next,
  })
}

export const auditCheckQuery = queryOptions({
  queryKey: [...keys.audit, 'check'],
  queryFn: () => body(api.GET('/v1/audit/check')),
  staleTime: 60_000,
})

/** A change after which these questions are asked again. */
function useChange<In, Out>(run: (input: In) => Promise<Out>, stale: readonly (readonly string[])[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      await Promise.all(stale.map(queryKey => client.invalidateQueries({ queryKey: [...queryKey] })))
    },
  })
}

export interface NewToken {
  name: string
  scopes: string[]
  expires_in_days?: number
  service_account_id?: string
}

export const useCreateToken = () =>
  useChange((input: NewToken) => body(api.POST('/v1/tokens', { body: input })), [keys.tokens, keys.audit])

export const useRevokeToken = () =>
  useChange(
    (id: string) => body(api.DELETE('/v1/tokens/{id}', { params: { path: { id } } })),
    [keys.tokens, keys.audit],
  )

export const useInvite = () =>
  useChange(
    (input: { email: string; role: string }) => body(api.POST('/v1/invitations', { body: input })),
    [keys.people, keys.audit],
  )

export const useUninvite = () =>
  useChange(
    (id: string) => body(api.DELETE('/v1/invitations/{id}', { params: { path: { id } } })),
    [keys.people, keys.audit],
  )

export const useAddService = () =>
  useChange(
    (input: { name: string; role: string }) => body(api.POST('/v1/service-accounts', { body: input })),
    [keys.people, keys.audit],
  )

export const useUpdateUser = () =>
  useChange(
    ({ id, ...change }: { id: string; role?: string; disabled?: boolean }) =>
      body(api.PATCH('/v1/users/{id}', { params: { path: { id } }, body: change })),
    [keys.people, keys.tokens, keys.audit],
  )

export const useResetLink = () =>
  useChange(
    (id: string) => body(api.POST('/v1/users/{id}/reset-link', { params: { path: { id } } })),
    [keys.audit, keys.people],
  )

export const useRevokeSession = () =>
  useChange(
    (id: string) => body(api.DELETE('/v1/auth/sessions/{id}', { params: { path: { id } } })),
    [keys.sessions, keys.audit],
  )

export const useRevokeOthers = () =>
  useChange(() => body(api.DELETE('/v1/auth/sessions')), [keys.sessions, keys.audit])

export const useChangePassword = () =>
  useChange(
    (input: { current: string; new: string }) => body(api.POST('/v1/auth/password', { body: input })),
    [keys.sessions, keys.audit],
  )

export const useEnrolFactor = () =>
  useChange((current: string) => body(api.POST('/v1/auth/second-factor', { body: { current } })), [])

export const useConfirmFactor = () =>
  useChange(
    (code: string) => body(api.POST('/v1/auth/second-factor/confirm', { body: { code } })),
    [keys.secondFactor, keys.people, keys.audit],
  )

export interface Proof {
  current: string
  code: string
}

export const useRenewRecoveryCodes = () =>
  useChange(
    (proof: Proof) => body(api.POST('/v1/auth/second-factor/recovery-codes', { body: proof })),
    [keys.secondFactor, keys.audit],
  )

export const useRemoveFactor = () =>
  useChange(
    (proof: Proof) => body(api.POST('/v1/auth/second-factor/remove', { body: proof })),
    [keys.secondFactor, keys.people, keys.audit],
  )

export interface NewPasskey {
  name: string
  current: string
  code?: string
}

/** Asks the server, then the device, then has the server keep what the device made. */
async function addPasskey({ name, ...proof }: NewPasskey) {
  const { options } = await body(api.POST('/v1/auth/passkeys/challenge', { body: proof }))
  const credential = await makePasskey(options)
  return body(api.POST('/v1/auth/passkeys', { body: { name, credential } }))
}

export const useAddPasskey = () => useChange(addPasskey, [keys.passkeys, keys.audit])

export const useRenamePasskey = () =>
  useChange(
    ({ id, name }: { id: string; name: string }) =>
      body(api.PATCH('/v1/auth/passkeys/{id}', { params: { path: { id } }, body: { name } })),
    [keys.passkeys, keys.audit],
  )

export const useRemovePasskey = () =>
  useChange(
    (id: string) => body(api.DELETE('/v1/auth/passkeys/{id}', { params: { path: { id } } })),
    [keys.passkeys, keys.audit],
  )

export const useResetFactor = () =>
  useChange(
    (id: string) => body(api.DELETE('/v1/users/{id}/second-factor', { params: { path: { id } } })),
    [keys.people, keys.audit],
  )

export function linkQuery(link: string) {
  return queryOptions({
    queryKey: ['link', link],
    queryFn: () => body(api.POST('/v1/auth/link', { body: { link } })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useAcceptLink() {
  const client = useQueryClient()
  return useMutation({
    mutationKey: keys.session,
    mutationFn: (input: { link: string; password: string }): Promise<Session | SecondStep> =>
      body(api.POST('/v1/auth/accept', { body: input })),
    onSuccess: session => {
      if (asksForCode(session)) return
      setCsrfToken(session.csrf_token ?? '')
      client.clear()
      client.setQueryData(keys.session, session)
    },
  })
}
