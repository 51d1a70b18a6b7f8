/** Cron patterns in words: those that people use. Of others the pattern itself is shown. */

export const USUAL_SCHEDULES = [
  '*/15 * * * *',
  '0 * * * *',
  '0 */6 * * *',
  '0 6 * * *',
  '0 6 * * 1-5',
  '0 6 * * 1',
  '0 6 1 * *',
] as const

const NAMED: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
}
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const SHORT = WEEKDAYS.map(day => day.slice(0, 3).toLowerCase())

/** "Every day at 06:30"; null where words would be longer than the pattern. */
export function scheduleText(pattern: string): string | null {
  const text = NAMED[pattern.trim()] ?? pattern.trim()
  const parts = text.split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts
  if (parts.length !== 5 || month !== '*') return null
  if (day === '*' && weekday === '*') return everyDay(minute, hour)
  const at = clock(minute, hour)
  if (!at) return null
  if (day === '*') {
    const days = weekdaysText(weekday)
    return days && `${days} at ${at}`
  }
  return weekday === '*' && isIn(day, 1, 31) ? `On the ${ordinal(Number(day))} of each month at ${at}` : null
}

function everyDay(minute: string, hour: string): string | null {
  const at = clock(minute, hour)
  if (at) return `Every day at ${at}`
  const minutes = step(minute)
  if (minutes && hour === '*') return minutes === 1 ? 'Every minute' : `Every ${minutes} minutes`
  if (!isIn(minute, 0, 59)) return null
  const past = Number(minute) === 0 ? '' : `, ${Number(minute)} min past`
  if (hour === '*') return `Every hour${past}`
  const hours = step(hour)
  return hours ? `Every ${hours === 1 ? 'hour' : `${hours} hours`}${past}` : null
}

function clock(minute: string, hour: string): string | null {
  if (!isIn(minute, 0, 59) || !isIn(hour, 0, 23)) return null
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}

function step(part: string): number | null {
  if (part === '*') return 1
  const found = /^\*\/(\d{1,2})$/.exec(part)?.[1]
  return found && Number(found) > 0 ? Number(found) : null
}

function weekdaysText(part: string): string | null {
  const text = part.toLowerCase().replace(/[a-z]{3}/g, name => String(SHORT.indexOf(name)))
  if (text === '1-5') return 'Monday to Friday'
  const days = text.split(',').map(one => (isIn(one, 0, 7) ? WEEKDAYS[Number(one) % 7] : undefined))
  if (days.some(day => day === undefined)) return null
  return `Every ${days.join(', ').replace(/, ([^,]*)$/, ' and $1')}`
}

function isIn(part: string, low: number, high: number): boolean {
  return /^\d{1,2}$/.test(part) && Number(part) >= low && Number(part) <= high
}

function ordinal(day: number): string {
  const tail = day % 10
  const end = day > 10 && day < 14 ? 'th' : tail === 1 ? 'st' : tail === 2 ? 'nd' : tail === 3 ? 'rd' : 'th'
  return `${day}${end}`
}
