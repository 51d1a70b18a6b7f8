/** The second step of a sign-in: the code of an authenticator, or a recovery code. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, body, setCsrfToken } from '@/shared/api/client'
import { explain } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { SecondStep, Session } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Note } from '@/shared/ui/States'

/** Whether a right password led to a session, or to the question for a code. */
export function asksForCode(answer: Session | SecondStep): answer is SecondStep {
  return 'pending' in answer
}

interface SecondStepFormProps {
  step: SecondStep
  onDone: () => void
  onBack: () => void
}

export function SecondStepForm({ step, onDone, onBack }: SecondStepFormProps) {
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [byRecovery, setByRecovery] = useState(false)
  const finish = useMutation({
    mutationKey: keys.session,
    mutationFn: () => body(api.POST('/v1/auth/login/code', { body: { pending: step.pending, code } })),
    onSuccess: (session: Session) => {
      setCsrfToken(session.csrf_token ?? '')
      client.clear()
      client.setQueryData(keys.session, session)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    finish.mutate(undefined, { onSuccess: onDone, onError: () => setCode('') })
  }
  const change = () => {
    setByRecovery(!byRecovery)
    setCode('')
    finish.reset()
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {byRecovery ? (
        <Field key="recovery" label="Recovery code" help="One of the ten that you kept. Each works once.">
          {props => (
            <input
              {...props}
              autoComplete="off"
              spellCheck={false}
              maxLength={20}
              value={code}
              onChange={event => setCode(event.target.value)}
              className="field font-mono"
            />
          )}
        </Field>
      ) : (
        <Field key="code" label="Code" help="Six digits, from the authenticator on your phone.">
          {props => (
            <input
              {...props}
              // biome-ignore lint/a11y/noAutofocus: the page asks for nothing else
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={7}
              value={code}
              onChange={event => setCode(event.target.value)}
              className="field font-mono text-lg tracking-widest"
            />
          )}
        </Field>
      )}
      {finish.error && (
        <div role="alert">
          <Note tone="bad">{explain(finish.error)}</Note>
        </div>
      )}
      <Button
        type="submit"
        kind="primary"
        busy={finish.isPending}
        disabled={code.trim().length < 6}
        className="min-h-11"
      >
        Sign in
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button kind="quiet" onClick={change}>
          {byRecovery ? 'Use the authenticator' : 'Use a recovery code'}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Begin again
        </Button>
      </div>
    </form>
  )
}
