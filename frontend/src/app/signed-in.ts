/** Whether somebody was signed in here the last time: a hint that saves a question, never a proof. */
const KEY = 'royal.signed-in'

export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes'
  } catch {
    return false
  }
}

export function rememberSignedIn(is: boolean) {
  try {
    if (is) localStorage.setItem(KEY, 'yes')
    else localStorage.removeItem(KEY)
  } catch {
    // Without storage there is no hint, and one question more at the start.
  }
}
