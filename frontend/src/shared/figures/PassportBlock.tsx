import type { ReactNode } from 'react'

/** A titled part of a passport. */
export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="text-sm">
      <h3 className="label-caps mb-1.5">{title}</h3>
      {children}
    </section>
  )
}

/** With a capital at its beginning and a stop at its end. */
export function sentenceOf(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(first) ? first : `${first}.`
}
