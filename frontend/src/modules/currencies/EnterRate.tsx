/** One rate by hand. */
import { type FormEvent, useState } from 'react'
import { ApiError, explain, sentence } from '@/shared/api/problem'
import { dayText, isoDay } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { useEnterRate } from './queries'

const CODE = { pattern: '[A-Za-z]{3}', maxLength: 3, required: true, autoCapitalize: 'characters' } as const

export function EnterRate({ currencies, quote }: { currencies: string[]; quote: string }) {
  const enter = useEnterRate()
  const [done, setDone] = useState<string>()
  const base = currencies.find(code => code !== quote) ?? ''
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name)).trim()
    const rate = {
      day: text('day'),
      base: text('base').toUpperCase(),
      quote: text('quote').toUpperCase(),
      value: text('value'),
    }
    setDone(undefined)
    enter.mutate(rate, {
      onSuccess: () =>
        setDone(`1 ${rate.base} = ${rate.value} ${rate.quote} on ${dayText(rate.day)} is kept.`),
    })
  }
  const wrong = enter.error instanceof ApiError ? enter.error.problem.errors?.[0]?.message : undefined
  return (
    <Section title="Enter a rate" note="It counts before files and the published series of the same day.">
      <form
        onSubmit={submit}
        className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[auto_1fr_1fr_1.5fr_auto]"
      >
        <div className="col-span-2 sm:col-span-1">
          <Field label="Day">
            {props => (
              <input
                {...props}
                type="date"
                name="day"
                required
                defaultValue={isoDay(new Date())}
                className="field"
              />
            )}
          </Field>
        </div>
        <Field label="One of">
          {props => (
            <input {...props} {...CODE} name="base" defaultValue={base} className="field uppercase" />
          )}
        </Field>
        <Field label="In">
          {props => (
            <input {...props} {...CODE} name="quote" defaultValue={quote} className="field uppercase" />
          )}
        </Field>
        <Field label="Is">
          {props => (
            <input
              {...props}
              name="value"
              required
              inputMode="decimal"
              placeholder="1.0842"
              autoComplete="off"
              className="field"
            />
          )}
        </Field>
        <Button type="submit" busy={enter.isPending} className="min-h-10">
          Keep
        </Button>
      </form>
      <p role="status" className="mt-2 text-sm">
        {done && <span className="text-good">{done}</span>}
        {enter.error && <span className="text-bad">{wrong ? sentence(wrong) : explain(enter.error)}</span>}
      </p>
    </Section>
  )
}
