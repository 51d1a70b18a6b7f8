import { fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AreaChart } from './AreaChart'
import { BarChart } from './BarChart'
import { domainOf, labelled, lonely, stacked } from './geometry'
import { HeatMap, shadeOf } from './HeatMap'
import type { ChartPoint, ChartSeries, Unit } from './kinds'
import { LineChart } from './LineChart'
import { twoLines } from './Plot'
import { summaryOf, trendOf } from './summary'
import { placeSteps, Waterfall, type WaterfallStep } from './Waterfall'

const USD: Unit = { kind: 'money', currency: 'USD' }
const SALES: ChartSeries = { key: 'sales', label: 'Net sales', tone: 'slate' }
const PROFIT: ChartSeries = { key: 'profit', label: 'Net profit', tone: 'brass' }

const DAYS: ChartPoint[] = [
  { at: '2026-11-01', values: { sales: '100.00', profit: '20.00' } },
  { at: '2026-11-02', values: { sales: '120.50', profit: null }, reason: 'No cost is known.' },
  { at: '2026-11-03', values: { sales: '180.00', profit: '-5.25' } },
  { at: '2026-11-04', values: { sales: '260.00', profit: '60.00' } },
]

/** happy-dom lays nothing out: charts are told how wide they are. */
let width = 800
beforeEach(() => {
  width = 800
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockImplementation(() => width)
})
afterEach(() => vi.restoreAllMocks())

const reading = () => screen.getByRole('slider').getAttribute('aria-valuetext')

describe('what a chart says in words', () => {
  it('the way, the ends, and how much is not known and why', () => {
    expect(summaryOf(DAYS, [SALES, PROFIT], USD)).toBe(
      'Net sales rises: highest $260.00 (Nov 4), lowest $100.00 (Nov 1), last $260.00 (Nov 4). ' +
        'Net profit rises: highest $60.00 (Nov 4), lowest −$5.25 (Nov 3), last $60.00 (Nov 4). ' +
        'Not known at 1 of 4 points: No cost is known.',
    )
  })
  it('does not speak of a way where there is one point or none', () => {
    expect(summaryOf([DAYS[0] as ChartPoint], [SALES], USD)).toBe('Net sales: $100.00 (Nov 1).')
    expect(summaryOf([{ at: 'x', values: {} }], [SALES], USD)).toBe('Net sales is not known at any point.')
    expect(summaryOf([], [SALES], USD)).toBe('There is nothing to draw.')
  })
  it('calls small differences level', () => {
    expect(trendOf([100, 101, 99, 102])).toBe('stays level')
    expect(trendOf([-10, -20, -30, -40])).toBe('falls')
    expect(trendOf([0, 0])).toBe('stays level')
  })
})

describe('reading', () => {
  it('goes point by point with the arrow keys, unknown values with their reason', () => {
    render(<LineChart title="Sales" points={DAYS} series={[SALES, PROFIT]} unit={USD} />)
    const slider = screen.getByRole('slider', { name: 'Sales: read point by point' })
    expect(reading()).toMatch(/Wednesday, November 4, 2026: Net sales \$260.00, Net profit \$60.00/)
    fireEvent.change(slider, { target: { value: '1' } })
    expect(reading()).toMatch(/Net sales \$120.50, Net profit not known: No cost is known./)
  })
  it('every chart can be seen as a table', async () => {
    const user = userEvent.setup()
    render(<AreaChart title="Parts" points={DAYS} series={[SALES, PROFIT]} unit={USD} />)
    await user.click(screen.getByRole('button', { name: 'View as table' }))
    const table = within(screen.getByRole('region', { name: 'Parts, as a table' }))
    expect(table.getAllByRole('row')).toHaveLength(5)
    expect(table.getByText('−$5.25')).toBeTruthy()
    expect(table.getByRole('button', { name: 'Not known: No cost is known.' })).toBeTruthy()
    expect(screen.queryByRole('slider')).toBeNull()
  })
  it('names the level that it compares with, the marks and the interval', () => {
    const points = DAYS.map(point => ({ ...point, values: { ...point.values, low: '1', high: '300' } }))
    render(
      <LineChart
        title="LTV"
        points={points}
        series={[{ ...SALES, band: ['low', 'high'] }]}
        unit={USD}
        reference={{ value: '150', label: 'Cost to win' }}
        markers={[{ at: '2026-11-03', label: 'Paid back' }]}
      />,
    )
    const figure = screen.getByRole('figure', { name: 'LTV' })
    expect(figure.textContent).toMatch(/Cost to win: \$150.00. Paid back \(Nov 3\)./)
    fireEvent.change(screen.getByRole('slider'), { target: { value: '2' } })
    expect(reading()).toMatch(/\$180.00 \(between \$1.00 and \$300.00\)\. Paid back/)
  })
  it('has something to say about no points', () => {
    render(<LineChart title="Nothing" points={[]} series={[SALES]} unit={USD} />)
    expect(screen.getAllByText('There is nothing to draw.').length).toBe(2)
  })
})

describe('drawing', () => {
  it('breaks a line at what is not known, and shows a point that stands alone', () => {
    const { container } = render(<LineChart title="Profit" points={DAYS} series={[PROFIT]} unit={USD} />)
    const line = container.querySelector('path[fill="none"]')?.getAttribute('d') ?? ''
    expect(line.match(/M/g)).toHaveLength(2)
    expect(lonely(['1', null, '2', '3'])).toEqual([0])
    expect(container.querySelectorAll('[data-gap]')).toHaveLength(1)
  })
  it('stacks what is below zero downwards', () => {
    const layers = stacked(
      [{ at: 'a', values: { sales: '10', profit: '-4', other: '5' } }],
      [SALES, PROFIT, { key: 'other', label: 'Other', tone: 'faint' }],
    )
    expect(layers.map(layer => layer[0])).toEqual([
      { low: 0, high: 10 },
      { low: 0, high: -4 },
      { low: 10, high: 15 },
    ])
  })
  it('gives every known bar a shape, and none to the unknown', () => {
    const { container } = render(
      <BarChart title="Bars" points={DAYS} series={[SALES, PROFIT]} unit={USD} layout="grouped" />,
    )
    expect(container.querySelectorAll('rect[fill^="url("]:not([rx])')).toHaveLength(7)
  })
  it('keeps zero in sight and the last label under the axis', () => {
    expect(domainOf([5, 9, null])).toEqual([0, 9])
    expect(domainOf([])).toEqual([0, 1])
    expect(labelled(30, 400, 96)).toEqual([9, 19, 29])
    expect(labelled(1, 400, 96)).toEqual([0])
    expect(twoLines('Cost of goods')).toEqual(['Cost of', 'goods'])
  })
})

describe('a bridge', () => {
  const STEPS: WaterfallStep[] = [
    { key: 'gross', label: 'Gross sales', kind: 'total', amount: '100.10' },
    { key: 'discounts', label: 'Discounts', kind: 'step', amount: '-10.05' },
    {
      key: 'shipping',
      label: 'Shipping cost',
      kind: 'step',
      amount: null,
      reason: 'No table of shipping costs.',
    },
    { key: 'cost', label: 'Cost of goods', kind: 'step', amount: '-120.00' },
    { key: 'net', label: 'Contribution', kind: 'total', amount: '-29.95' },
  ]
  it('goes on from where it was, and an unknown step moves nothing', () => {
    expect(placeSteps(STEPS).map(step => [step.start, step.end])).toEqual([
      [0, 100.1],
      [100.1, 90.05],
      [90.05, 90.05],
      [90.05, -29.95],
      [0, -29.95],
    ])
  })
  it('says from where to where, what takes most, and what is not known', () => {
    render(<Waterfall title="Bridge" steps={STEPS} unit={USD} />)
    expect(screen.getByRole('figure', { name: 'Bridge' }).textContent).toMatch(
      /From gross sales \$100.10 to contribution −\$29.95. The largest step down is cost of goods, −\$120.00. Not known: shipping cost./,
    )
    fireEvent.change(screen.getByRole('slider'), { target: { value: '2' } })
    expect(reading()).toBe('Shipping cost: Amount not known: No table of shipping costs.')
  })
  it('opens the figure of a step by Enter', () => {
    const onSelect = vi.fn()
    render(<Waterfall title="Bridge" steps={STEPS} unit={USD} onSelect={onSelect} />)
    const slider = screen.getByRole('slider')
    fireEvent.change(slider, { target: { value: '3' } })
    fireEvent.keyDown(slider, { key: 'Enter' })
    expect(onSelect).toHaveBeenCalledWith('cost')
  })
  it('lies down where it is narrow, with its amounts beside it', () => {
    width = 300
    render(<Waterfall title="Bridge" steps={STEPS} unit={USD} onSelect={() => undefined} />)
    expect(screen.queryByRole('slider')).toBeNull()
    expect(screen.getAllByRole('listitem')).toHaveLength(5)
    expect(screen.getByText('No table of shipping costs.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Contribution' })).toBeTruthy()
  })
})

describe('a heat map', () => {
  const VALUES: Record<string, number | null> = { 'a/1': 0.5, 'a/2': -0.2, 'b/1': null }
  const cell = (row: string, column: string) => {
    const value = VALUES[`${row}/${column}`]
    return value === undefined ? undefined : { value, reason: 'No cost is known.' }
  }
  it('is a table whose cells hold their values', () => {
    render(
      <HeatMap
        title="Cohorts"
        rowTitle="First order"
        rows={[
          { key: 'a', label: 'Sep' },
          { key: 'b', label: 'Oct' },
        ]}
        columns={[
          { key: '1', label: 'Month 1' },
          { key: '2', label: 'Month 2' },
        ]}
        cell={cell}
        unit={{ kind: 'share' }}
        scale="diverging"
      />,
    )
    const table = within(screen.getByRole('table', { name: 'Cohorts' }))
    expect(table.getByText(/^50\.0/)).toBeTruthy()
    expect(table.getByText(/^−20\.0/)).toBeTruthy()
    expect(table.getByRole('button', { name: 'Not known: No cost is known.' })).toBeTruthy()
    expect(screen.getByRole('figure').textContent).toMatch(/Highest 50\.0.*\(Sep, Month 1\), lowest −20\.0/)
  })
  it('shades by distance, and nothing by nothing', () => {
    expect([0, 1, 5, 9, 10].map(value => shadeOf(value, 10))).toEqual([0, 0, 2, 4, 4])
    expect(shadeOf(3, 0)).toBe(0)
  })
})
