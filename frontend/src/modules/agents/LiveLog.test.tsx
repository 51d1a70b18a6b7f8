import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveLog } from './LiveLog'

const at = '2026-11-28T08:00:00Z'
const line = (no: number) => ({ no, at, level: 'info', text: `line ${no}` })

function answer(lines: number[], done = false) {
  const body = { lines: lines.map(line), next_after: lines.at(-1) ?? 0, done }
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
}

function hide(hidden: boolean) {
  Object.defineProperty(document, 'hidden', { configurable: true, value: hidden })
  document.dispatchEvent(new Event('visibilitychange'))
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

describe('the log of a run', () => {
  const asked: string[] = []
  let next: () => Response
  beforeEach(() => {
    vi.useFakeTimers()
    asked.length = 0
    vi.stubGlobal('fetch', async (request: Request) => {
      asked.push(new URL(request.url).search)
      return next()
    })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    Reflect.deleteProperty(document, 'hidden')
  })

  it('asks for what comes after the last line, until there is nothing more to come', async () => {
    next = () => answer([1, 2])
    render(<LiveLog id="run_1" />)
    await pass(10)
    next = () => answer([3], true)
    await pass(1_300)
    expect(screen.getByText('line 3')).toBeTruthy()
    expect(asked.map(search => new URLSearchParams(search).get('after'))).toEqual(['0', '2'])
    await pass(60_000)
    expect(asked.length).toBe(2)
    expect(screen.getByText('3 lines')).toBeTruthy()
  })

  it('rests while nobody looks, and goes on where it was', async () => {
    next = () => answer([1])
    render(<LiveLog id="run_1" />)
    await pass(10)
    hide(true)
    await pass(60_000)
    expect(asked.length).toBe(1)
    next = () => answer([2], true)
    hide(false)
    await pass(10)
    expect(screen.getByText('line 2')).toBeTruthy()
    expect(asked.length).toBe(2)
  })

  it('says when it cannot be fetched, and tries again', async () => {
    next = () => {
      throw new TypeError('cut')
    }
    render(<LiveLog id="run_1" />)
    await pass(10)
    expect(screen.getByText(/could not be fetched/)).toBeTruthy()
    next = () => answer([1], true)
    await pass(5_100)
    expect(screen.getByText('line 1')).toBeTruthy()
    expect(screen.queryByText(/could not be fetched/)).toBeNull()
  })

  it('follows the end until somebody scrolls away, and again when asked', async () => {
    next = () => answer([1, 2, 3])
    render(<LiveLog id="run_1" />)
    await pass(10)
    const box = screen.getByRole('log')
    Object.defineProperty(box, 'scrollHeight', { configurable: true, value: 1_000 })
    Object.defineProperty(box, 'clientHeight', { configurable: true, value: 200 })
    box.scrollTop = 100
    fireEvent.scroll(box)
    next = () => answer([4])
    await pass(1_300)
    expect(box.scrollTop).toBe(100)
    fireEvent.click(screen.getByRole('button', { name: 'Follow the end' }))
    expect(box.scrollTop).toBe(1_000)
    expect(screen.queryByRole('button', { name: 'Follow the end' })).toBeNull()
  })
})
