/** Logging in at a supplier without keys: the person goes there, and brings the address at which the browser ended. */
import { explain } from '@/shared/api/problem'
import type { SupplierLogin } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { useBeginLogin } from './queries'

export interface Begun {
  login: SupplierLogin
  sandbox: boolean
}

interface LogInProps {
  name: string
  begun: Begun | undefined
  cameTo: string
  fault: string | undefined
  onBegun: (begun: Begun) => void
  onCameTo: (address: string) => void
}

export function LogIn({ name, begun, cameTo, fault, onBegun, onCameTo }: LogInProps) {
  const begin = useBeginLogin()
  const start = (sandbox: boolean) =>
    begin.mutate({ platform: 'autods', sandbox }, { onSuccess: login => onBegun({ login, sandbox }) })
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-2">
        <Button disabled={begin.isPending} onClick={() => start(false)}>
          {begun ? 'Begin again' : `Log in at ${name}`}
        </Button>
        {!begun && (
          <Button kind="quiet" disabled={begin.isPending} onClick={() => start(true)}>
            Use the sandbox
          </Button>
        )}
      </div>
      {begin.error && (
        <p role="alert" className="text-sm text-bad">
          {explain(begin.error)}
        </p>
      )}
      {begun && (
        <>
          <p className="text-sm">
            <a
              href={begun.login.address}
              target="_blank"
              rel="noreferrer noopener"
              className="font-semibold underline"
            >
              Open {name}’s login in a new tab
            </a>{' '}
            and log in there. Your browser then ends at an address of your own machine, with a page that does
            not open: that is expected. Copy the whole address from there.
          </p>
          <Field
            label="Address at which the browser ended"
            help="It begins with http://localhost:2048/callback and holds for some minutes."
            error={fault}
          >
            {props => (
              <input
                {...props}
                type="url"
                autoComplete="off"
                spellCheck={false}
                value={cameTo}
                onChange={event => onCameTo(event.target.value)}
                className="field font-mono"
              />
            )}
          </Field>
        </>
      )}
    </div>
  )
}
