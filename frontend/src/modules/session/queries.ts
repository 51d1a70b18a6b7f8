import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, setCsrfToken } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { Session } from '@/shared/api/types'

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

export function useSignIn() {
  return useMutation({
    mutationKey: keys.session,
    mutationFn: (who: { email: string; password: string }) => body(api.POST('/v1/auth/login', { body: who })),
    onSuccess: useEnter(),
  })
}
