/** Why a sign-in elsewhere led back here, in words. The server sends the key alone. */
const WORDS: Record<string, string> = {
  lost: 'This sign-in took too long, or was begun in another browser. Begin again.',
  declined: 'The provider did not let you in. Begin again, or ask whoever runs it.',
  unproved: 'What came back from the provider could not be proved, so nobody was signed in. Begin again.',
  'no-address':
    'The provider does not say which e-mail address is yours. Have it verified there, then begin again.',
  'no-role': 'None of your groups may in here. Ask whoever runs this installation.',
  deactivated: 'Your access was taken away here. Ask an admin.',
  unavailable: 'The provider does not answer now. Try again, or sign in with your password.',
  'not-set-up': 'Sign-in elsewhere is not set up here.',
}

export function refusalText(word: string): string {
  return WORDS[word] ?? 'The sign-in did not work. Begin again.'
}
