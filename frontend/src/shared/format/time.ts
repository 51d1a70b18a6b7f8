/** Days, moments and ages. Days are ISO dates in the store's calendar and are never shifted by the reader's zone. */
import { locale } from './money'

const DAY = 86_400_000

export function asUtc(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}

export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}

export function addDays(day: string, days: number): string {
  return isoDay(new Date(asUtc(day).getTime() + days * DAY))
}

export function daysBetween(from: string, to: string): number {
  return Math.round((asUtc(to).getTime() - asUtc(from).getTime()) / DAY)
}

const calendars = new Map<string, Intl.DateTimeFormat>()

/** Today in the store's time zone. */
export function todayIn(timezone: string, now = new Date()): string {
  try {
    const calendar =
      calendars.get(timezone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' })
    calendars.set(timezone, calendar)
    return calendar.format(now)
  } catch {
    return isoDay(now)
  }
}

const SECOND = 1000

/** The first moment after a day of the store's calendar, to the second: days there may have 23 or 25 hours. */
export function endOfDay(day: string, timezone: string): Date {
  let before = Math.floor((asUtc(day).getTime() - DAY) / SECOND)
  let after = before + (4 * DAY) / SECOND
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (todayIn(timezone, new Date(middle * SECOND)) > day) after = middle
    else before = middle
  }
  return new Date(after * SECOND)
}

const printers = new Map<DayStyle, Intl.DateTimeFormat>()

/** Making one costs more than a hundred uses of it. */
function dayPrinter(style: DayStyle): Intl.DateTimeFormat {
  const kept = printers.get(style)
  if (kept) return kept
  const made = new Intl.DateTimeFormat(locale, { ...DAY_STYLES[style], timeZone: 'UTC' })
  printers.set(style, made)
  return made
}

type DayStyle = 'short' | 'long' | 'axis' | 'weekday'

const DAY_STYLES: Record<DayStyle, Intl.DateTimeFormatOptions> = {
  short: { day: 'numeric', month: 'short', year: 'numeric' },
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  axis: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'long' },
}

export function dayText(day: string | null | undefined, style: DayStyle = 'short'): string {
  if (!day) return '—'
  return dayPrinter(style).format(asUtc(day))
}

const months = new Map<string, Intl.DateTimeFormat>()

/** "Nov 2026" or "November 2026", of any day of the month. */
export function monthText(day: string, style: 'short' | 'long' = 'short'): string {
  const printer =
    months.get(style) ?? new Intl.DateTimeFormat(locale, { month: style, year: 'numeric', timeZone: 'UTC' })
  months.set(style, printer)
  return printer.format(asUtc(day))
}

/** "1 – 30 Nov 2026", as short as the two days allow. */
export function spanText(from: string, to: string): string {
  if (from === to) return dayText(from)
  return dayPrinter('short').formatRange(asUtc(from), asUtc(to))
}

export function momentText(at: string | null | undefined, timezone?: string | null): string {
  if (!at) return '—'
  return momentPrinter(timezone ?? undefined).format(new Date(at))
}

const moments = new Map<string | undefined, Intl.DateTimeFormat>()

/** Of the reader's own time zone without one, or where the given one is not known. */
function momentPrinter(timeZone: string | undefined): Intl.DateTimeFormat {
  const kept = moments.get(timeZone)
  if (kept) return kept
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const
  let made: Intl.DateTimeFormat
  try {
    made = new Intl.DateTimeFormat(locale, timeZone ? { ...style, timeZone } : style)
  } catch {
    made = new Intl.DateTimeFormat(locale, style)
  }
  moments.set(timeZone, made)
  return made
}

/** "the end of Nov 28, 2026" of a moment at which that day is over for the store, and the moment itself of every other. */
export function untilText(at: string, timezone: string): string {
  const last = todayIn(timezone, new Date(new Date(at).getTime() - SECOND))
  const isEnd = endOfDay(last, timezone).getTime() === new Date(at).getTime()
  return isEnd ? `the end of ${dayText(last)}` : momentText(at, timezone)
}

/** As the server writes moments into its sentences: "2026-11-28 17:30 UTC". */
const TOLD = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b/g

/** A text of the server, with its moments by the store's clock. */
export function byClockOf(
  timezone: string,
  text: string,
  print: (at: string, timezone: string) => string = momentText,
): string {
  return text.replace(TOLD, (_, day: string, time: string) => print(`${day}T${time}:00Z`, timezone))
}

/** "Nov 28, 6:00 AM": of a moment near enough to know the year. */
export function soonText(at: string, timezone: string): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  }
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: timezone }).format(new Date(at))
  } catch {
    return new Intl.DateTimeFormat(locale, options).format(new Date(at))
  }
}

const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })

/** "14:02:31", in the reader's zone: for what happens within one day. */
export function clockText(at: string): string {
  return clock.format(new Date(at))
}

export function ageSeconds(at: string, now = Date.now()): number {
  return Math.max(0, Math.round((now - new Date(at).getTime()) / 1000))
}

export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

export function ageText(at: string | null | undefined, now = Date.now()): string {
  if (!at) return 'never'
  const seconds = ageSeconds(at, now)
  return seconds < 10 ? 'just now' : `${durationText(seconds)} ago`
}
