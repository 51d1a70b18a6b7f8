/** Whether the server saw a session's cookie when it gave this page: a hint that saves a question, never a proof. */
const hint = () => document.querySelector('meta[name="signed-in"]')

export function isLikelySignedIn(): boolean {
  return hint() !== null
}

export function forgetSignedIn() {
  hint()?.remove()
}
