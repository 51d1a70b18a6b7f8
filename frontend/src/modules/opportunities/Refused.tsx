/** Why a decision was not taken: all that the server names, but what stands at its field already. */
import { ApiError, fieldErrors, sentence } from '@/shared/api/problem'

export function Refused({ error, placed }: { error: Error | null; placed: string[] }) {
  if (!error) return null
  const faults = Object.entries(fieldErrors(error)).filter(([field, text]) => text && !placed.includes(field))
  const isPlaced = faults.length === 0 && Object.keys(fieldErrors(error)).length > 0
  return (
    <div role="alert" className="text-sm text-bad">
      <p>
        {isPlaced ? 'Nothing was decided: look at what is marked above.' : sentence(error.message)}
        {error instanceof ApiError && error.status === 409 && ' Nothing was decided.'}
      </p>
      {faults.length > 0 && (
        <ul className="mt-1 list-disc pl-5">
          {faults.map(([field, text]) => (
            <li key={field} className="wrap-anywhere">
              {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
