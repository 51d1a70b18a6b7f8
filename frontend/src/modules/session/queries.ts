import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, setCsrfToken } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { SecondStep, Session } from '@/shared/api/types'
import { answerWithPasskey } from '@/shared/session/passkeys'
import { asksForCode } from '@/shared/session/SecondStepForm'

function useEnter() {
  const client = useQueryClient()
  return (session: Session) => {
    setCsrfToken(session.csrf_token ?? '')
    client.removeQueries({ queryKey: keys.setup })
    client.setQueryData(keys.session, session)
  }
}

export interface NewOwner {
  setup_code: string
  email: string
  password: string
  workspace_name: string
}

export function useCreateOwner() {
  return useMutation({
    mutationKey: keys.session,
    mutationFn: (owner: NewOwner) => body(api.POST('/v1/auth/setup', { body: owner })),
    onSuccess: useEnter(),
  })
}

export const methodsQuery = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: () => body(api.GET('/v1/auth/methods')),
  staleTime: 60_000,
})

export function useForgot() {
  return useMutation({
    mutationFn: (email: string) => body(api.POST('/v1/auth/forgot', { body: { email } })),
  })
}

export function useSignIn() {
  const enter = useEnter()
  return useMutation({
    mutationKey: keys.session,
    mutationFn: (who: { email: string; password: string }): Promise<Session | SecondStep> =>
      body(api.POST('/v1/auth/login', { body: who })),
    onSuccess: answer => {
      if (!asksForCode(answer)) enter(answer)
    },
  })
}

export function usePasskeySignIn() {
  return useMutation({
    mutationKey: keys.session,
    mutationFn: async () => {
      const { options } = await body(api.POST('/v1/auth/login/passkey/challenge'))
      const credential = await answerWithPasskey(options)
      return body(api.POST('/v1/auth/login/passkey', { body: { credential } }))
    },
    onSuccess: useEnter(),
  })
}
