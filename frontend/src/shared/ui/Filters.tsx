/** A search field that waits until one stops typing, and a select: the two filters that lists need. */
import { Search } from 'lucide-react'
import { useEffect, useId, useState } from 'react'

const WAIT_MS = 250

interface SearchFieldProps {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value ?? '')
  const [given, setGiven] = useState(value)
  // The URL may change from outside, for example by going back.
  if (given !== value) {
    setGiven(value)
    if ((value ?? '') !== text.trim()) setText(value ?? '')
  }
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === (value ?? '')) return
    const timer = setTimeout(() => onChange(wanted || undefined), WAIT_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <div className="relative min-w-0 flex-1 basis-56">
      <Search aria-hidden="true" className="pointer-events-none absolute top-3 left-3 size-4 text-faint" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={event => setText(event.target.value)}
        className="field pl-9"
      />
    </div>
  )
}

interface SelectFieldProps {
  label: string
  value: string | undefined
  options: { value: string; label: string }[]
  onChange: (value: string | undefined) => void
}

export function SelectField({ label, value, options, onChange }: SelectFieldProps) {
  const id = useId()
  const known = options.some(option => option.value === value)
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select
        id={id}
        value={value ?? ''}
        onChange={event => onChange(event.target.value || undefined)}
        className={`field max-w-full pr-2 text-sm ${value ? 'font-semibold' : 'text-soft'}`}
      >
        <option value="">{label}: any</option>
        {value && !known && <option value={value}>{value}</option>}
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
