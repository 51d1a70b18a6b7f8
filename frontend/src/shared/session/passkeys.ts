/** The browser's side of passkeys (WebAuthn level 3): what the server asked for goes to the authenticator, its answer comes back. */

/** Whether this browser knows passkeys and the JSON that servers write about them. */
export function knowsPasskeys(): boolean {
  return (
    typeof PublicKeyCredential === 'function' &&
    typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function' &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'
  )
}

/** Why an authenticator did not answer, in words. */
export class PasskeyRefusal extends Error {
  constructor(cause: unknown) {
    super(wordsFor(cause), { cause })
    this.name = 'PasskeyRefusal'
  }
}

function wordsFor(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'InvalidStateError') return 'This device has a passkey for you already.'
  if (name === 'SecurityError')
    return 'The address of this page is not the one that passkeys are bound to. Open the address that your admin gave you.'
  if (name === 'NotAllowedError' || name === 'AbortError')
    return 'Nothing came from your device: it was stopped, took too long, or has no passkey for this page.'
  return 'Your device could not do it. Try again, or use another one.'
}

async function asked(run: () => Promise<Credential | null>): Promise<Record<string, never>> {
  let answer: Credential | null
  try {
    answer = await run()
  } catch (cause) {
    throw new PasskeyRefusal(cause)
  }
  if (!(answer instanceof PublicKeyCredential)) throw new PasskeyRefusal(answer)
  // The server reads it as it is; nothing here looks inside.
  return answer.toJSON() as Record<string, never>
}

export function makePasskey(options: unknown) {
  return asked(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
        options as PublicKeyCredentialCreationOptionsJSON,
      ),
    }),
  )
}

export function answerWithPasskey(options: unknown) {
  return asked(() =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
        options as PublicKeyCredentialRequestOptionsJSON,
      ),
    }),
  )
}
