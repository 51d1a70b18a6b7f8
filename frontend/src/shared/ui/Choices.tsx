/** Which part of a list is shown, by buttons, beside how much that is. */
import { Button } from './Button'

interface ChoicesProps<Value extends string> {
  choices: readonly { value: Value; label: string }[]
  chosen: string
  onChoose: (value: Value) => void
  /** How many there are; read out when it changes. */
  said: string | false
}

export function Choices<Value extends string>({ choices, chosen, onChoose, said }: ChoicesProps<Value>) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Which ones</legend>
        {choices.map(choice => (
          <Button
            key={choice.value}
            kind={choice.value === chosen ? 'plain' : 'quiet'}
            aria-pressed={choice.value === chosen}
            onClick={() => onChoose(choice.value)}
          >
            {choice.label}
          </Button>
        ))}
      </fieldset>
      <p role="status" className="text-xs text-faint">
        {said}
      </p>
    </div>
  )
}
