/** From one total to another, step by step: a margin bridge. A step that is not known is an empty frame with its reason. */
import { useMemo } from 'react'
import { add } from '@/shared/format/decimal'
import { cx } from '@/shared/ui/cx'
import { useWidth } from '@/shared/ui/use-width'
import { Frame } from './Frame'
import { domainOf } from './geometry'
import type { ChartPoint, ChartSeries, Unit } from './kinds'
import { type Drawing, Plot } from './Plot'
import { ValueTable } from './ValueTable'
import { numeric, spoken, valueText } from './values'

export interface WaterfallStep {
  key: string
  label: string
  amount: string | null | undefined
  /** A step adds to what was before it; a total stands on zero and is what the steps came to. */
  kind: 'total' | 'step'
  reason?: string | undefined
}

interface WaterfallProps {
  title: string
  steps: WaterfallStep[]
  unit: Unit
  summary?: string
  onSelect?: (key: string) => void
}

export interface Placed extends WaterfallStep {
  start: number
  end: number
}

/** Where each step begins and ends. After a total the way goes on from it. */
export function placeSteps(steps: WaterfallStep[]): Placed[] {
  let level = '0'
  return steps.map(step => {
    const before = Number(level)
    if (step.amount == null) return { ...step, start: before, end: before }
    level = step.kind === 'total' ? step.amount : add(level, step.amount)
    return { ...step, start: step.kind === 'total' ? 0 : before, end: Number(level) }
  })
}

/** Narrower than this for a step, labels run into each other: rows instead of columns. */
const STEP_ROOM = 68
const SERIES: ChartSeries[] = [{ key: 'amount', label: 'Amount', tone: 'slate' }]

export function Waterfall({ title, steps, unit, summary, onSelect }: WaterfallProps) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const placed = useMemo(() => placeSteps(steps), [steps])
  const points = useMemo<ChartPoint[]>(
    () =>
      steps.map(step => ({
        at: step.key,
        label: step.label,
        values: { amount: step.amount },
        reason: step.amount == null ? step.reason : undefined,
      })),
    [steps],
  )
  const domain = useMemo(() => domainOf(placed.flatMap(step => [step.start, step.end])), [placed])
  const columns = width >= STEP_ROOM * steps.length
  return (
    <Frame
      title={title}
      summary={summary ?? wordsOf(steps, unit)}
      table={<ValueTable title={title} xTitle="Step" points={points} series={SERIES} unit={unit} />}
    >
      <div ref={ref}>
        {columns ? (
          <Plot
            title={title}
            points={points}
            unit={unit}
            domain={domain}
            columns
            allLabels
            height={300}
            spoken={index => spoken(points[index], SERIES, unit)}
            readOut={index => [{ label: 'Amount', text: valueText(steps[index]?.amount, unit) }]}
            onSelect={onSelect && (index => steps[index] && onSelect(steps[index].key))}
            draw={drawing => <Columns placed={placed} drawing={drawing} />}
          />
        ) : (
          width > 0 && <Rows placed={placed} domain={domain} unit={unit} onSelect={onSelect} />
        )}
      </div>
    </Frame>
  )
}

/** A label inside a sentence; what stands in brackets keeps its capitals. */
function within(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1)
}

export function wordsOf(steps: WaterfallStep[], unit: Unit): string {
  const totals = steps.filter(step => step.kind === 'total' && step.amount != null)
  const first = totals[0]
  const last = totals.at(-1)
  if (!first || !last || first === last) return 'The way is not known: one of its ends is missing.'
  const losses = steps.filter(step => step.kind === 'step' && (numeric(step.amount) ?? 0) < 0)
  const most = losses.reduce<WaterfallStep | undefined>(
    (worst, step) =>
      worst === undefined || (numeric(step.amount) ?? 0) < (numeric(worst.amount) ?? 0) ? step : worst,
    undefined,
  )
  const absent = steps.filter(step => step.amount == null).map(step => within(step.label))
  return [
    `From ${within(first.label)} ${valueText(first.amount, unit)} to ${within(last.label)} ${valueText(last.amount, unit)}.`,
    most && `The largest step down is ${within(most.label)}, ${valueText(most.amount, unit)}.`,
    absent.length > 0 && `Not known: ${absent.join(', ')}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

function fillOf(step: Placed): string {
  if (step.kind === 'total') return step.end < 0 ? 'fill-bad' : 'fill-slate'
  return step.end >= step.start ? 'fill-good' : 'fill-bad'
}

function Columns({ placed, drawing }: { placed: Placed[]; drawing: Drawing }) {
  const { x, y, band, active } = drawing
  return placed.map((step, index) => {
    const left = x(index) - band / 2
    const next = placed[index + 1]
    return (
      <g key={step.key} className={cx(active !== null && active !== index && 'opacity-60')}>
        {step.amount == null ? (
          <rect
            x={left}
            y={y(step.end) - 7}
            width={band}
            height={14}
            fill="none"
            strokeDasharray="3 3"
            className="stroke-edge"
          />
        ) : (
          <rect
            x={left}
            width={band}
            y={Math.min(y(step.start), y(step.end))}
            height={Math.max(1, Math.abs(y(step.start) - y(step.end)))}
            rx={1.5}
            className={fillOf(step)}
          />
        )}
        {next && (
          <line
            x1={left + band}
            x2={x(index + 1) - band / 2}
            y1={y(step.end)}
            y2={y(step.end)}
            className="stroke-edge"
          />
        )}
      </g>
    )
  })
}

interface RowsProps {
  placed: Placed[]
  domain: [number, number]
  unit: Unit
  onSelect: ((key: string) => void) | undefined
}

/** The same bridge lying down, with its amounts written beside it. */
function Rows({ placed, domain: [low, high], unit, onSelect }: RowsProps) {
  const at = (level: number) => ((level - low) / (high - low || 1)) * 1000
  return (
    <ul className="flex flex-col text-sm">
      {placed.map(step => (
        <li key={step.key} className="border-t border-rule py-1.5 first:border-0">
          <div className={cx('flex justify-between gap-3', step.kind === 'total' && 'font-semibold')}>
            {onSelect ? (
              <button
                type="button"
                onClick={() => onSelect(step.key)}
                className="min-h-6 text-left underline decoration-dotted underline-offset-4"
              >
                {step.label}
              </button>
            ) : (
              <span>{step.label}</span>
            )}
            <span className="numeral">{valueText(step.amount, unit)}</span>
          </div>
          {step.amount == null ? (
            <p className="text-xs text-faint">{step.reason ?? 'Not known.'}</p>
          ) : (
            <svg
              aria-hidden="true"
              viewBox="0 0 1000 8"
              preserveAspectRatio="none"
              className="mt-1 block h-2 w-full"
            >
              <rect
                x={Math.min(at(step.start), at(step.end))}
                width={Math.max(3, Math.abs(at(step.end) - at(step.start)))}
                height="8"
                className={fillOf(step)}
              />
            </svg>
          )}
        </li>
      ))}
    </ul>
  )
}
