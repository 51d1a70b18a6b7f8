/** The four measures of a forecast: what each says, when it is good, and how it is written. */
import type { ForecastScore } from '@/shared/api/types'
import { change, number, share } from '@/shared/format/money'
import type { Tone } from '@/shared/ui/Badge'

export type MeasureKey = 'mase' | 'wape' | 'bias' | 'coverage'

export interface Measure {
  key: MeasureKey
  label: string
  about: string
  text: (value: number) => string
  /** How good a value is; undefined where there is no line to hold it against. */
  tone: (value: number) => Tone | undefined
}

const WANTED = 0.8
const HELD_WITHIN = 0.04
const LEVEL = 0.05

export const MEASURES: Measure[] = [
  {
    key: 'mase',
    label: 'MASE',
    about: 'misses against those of last week’s same day; under 1 is better than that',
    text: value => number(value, 2),
    tone: value => (value < 1 ? 'good' : value > 1 ? 'bad' : undefined),
  },
  {
    key: 'wape',
    label: 'WAPE',
    about: 'all misses ÷ all that sold',
    text: share,
    tone: () => undefined,
  },
  {
    key: 'bias',
    label: 'Bias',
    about: '(forecast − sold) ÷ sold; above 0 too much was expected',
    text: value => change(value),
    tone: value => (Math.abs(value) <= LEVEL ? 'good' : 'warn'),
  },
  {
    key: 'coverage',
    label: 'Interval held',
    about: 'days inside the interval of 80 %',
    text: share,
    tone: value => (Math.abs(value - WANTED) <= HELD_WITHIN ? 'good' : 'warn'),
  },
]

export function measured(score: ForecastScore, key: MeasureKey): number | null {
  return score[key] ?? null
}
