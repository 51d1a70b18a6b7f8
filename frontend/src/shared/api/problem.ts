/** A failed call, as the server's problem document tells it. */
import type { Problem } from './types'

export class ApiError extends Error {
  readonly status: number
  readonly problem: Partial<Problem>

  constructor(status: number, problem: Partial<Problem>) {
    super(sentence(problem.detail ?? problem.message ?? problem.title ?? `The server answered ${status}.`))
    this.name = 'ApiError'
    this.status = status
    this.problem = problem
  }

  field(name: string): string | undefined {
    const message = this.problem.errors?.find(error => error.field === name)?.message
    return message && sentence(message)
  }
}

/** The server writes messages without a capital, so that they fit into others. Names of fields stay as they are. */
export function sentence(message: string): string {
  return /^[a-z]+[_.]/.test(message) ? message : message.charAt(0).toUpperCase() + message.slice(1)
}

/** What is wrong with each field, where the server says so. */
export function fieldErrors(error: unknown): Record<string, string | undefined> {
  if (!(error instanceof ApiError)) return {}
  const known = error.problem.errors ?? []
  return Object.fromEntries(known.map(({ field, message }) => [field, sentence(message)]))
}

/** The line was cut or the server is not running: there is no answer to explain anything. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause })
    this.name = 'UnreachableError'
  }
}

export function explain(error: unknown): string {
  if (error instanceof Error) return error.message
  return 'Something failed without saying why.'
}
