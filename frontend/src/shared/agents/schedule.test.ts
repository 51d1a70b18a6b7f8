import { describe, expect, it } from 'vitest'
import { scheduleText, USUAL_SCHEDULES } from './schedule'

describe('a schedule in words', () => {
  it.each([
    ['*/15 * * * *', 'Every 15 minutes'],
    ['* * * * *', 'Every minute'],
    ['0 * * * *', 'Every hour'],
    ['5 * * * *', 'Every hour, 5 min past'],
    ['30 */6 * * *', 'Every 6 hours, 30 min past'],
    ['30 6 * * *', 'Every day at 06:30'],
    ['@daily', 'Every day at 00:00'],
    ['0 7 * * 1-5', 'Monday to Friday at 07:00'],
    ['0 7 * * MON,thu', 'Every Monday and Thursday at 07:00'],
    ['0 7 * * 7', 'Every Sunday at 07:00'],
    ['0 6 22 * *', 'On the 22nd of each month at 06:00'],
  ])('%s is “%s”', (pattern, text) => {
    expect(scheduleText(pattern)).toBe(text)
  })
  it.each(['0 7 1 * 1', '0 7 * 6 *', '0 0 7 * * *', '0 7 * * xyz', '61 * * * *', 'often', ''])(
    '%s has no words',
    pattern => {
      expect(scheduleText(pattern)).toBeNull()
    },
  )
  it('each of those that are offered has words', () => {
    for (const pattern of USUAL_SCHEDULES) expect(scheduleText(pattern)).toBeTruthy()
  })
})
