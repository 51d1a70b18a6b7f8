/** Keys that work on every page: ⌘K, ?, /, j and k, x, e, a, r, u, and `g` followed by a page's letter. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { keepRange } from '@/shared/range/range'
import { useOverlay } from '@/shared/ui/overlay'
import { PLACES } from './places'

const SECOND_KEY_WITHIN_MS = 1_200

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return target.type !== 'range' && target.type !== 'checkbox'
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  )
}

/** From row to row of the page's list: the link in each row takes the focus. */
function moveRow(step: 1 | -1) {
  const links = [...document.querySelectorAll<HTMLElement>('main tbody th a')]
  const at = links.indexOf(document.activeElement as HTMLElement)
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step))
  links[next]?.focus()
}

/** What the page names with `data-key`: explain, approve, reject, undo. */
const PRESSES = new Set(['e', 'a', 'r', 'u'])

/** That of the row that has the focus, or the first of the page. */
function press(key: string) {
  const button = `[data-key="${key}"]`
  const row = document.activeElement?.closest('tbody tr')
  const found =
    row?.querySelector<HTMLElement>(button) ?? document.querySelector<HTMLElement>(`main ${button}`)
  found?.click()
}

/** Selects the row that has the focus. */
function tick() {
  document.activeElement
    ?.closest('tbody tr')
    ?.querySelector<HTMLInputElement>('input[type="checkbox"]')
    ?.click()
}

export function useKeys() {
  const navigate = useNavigate()
  useEffect(() => {
    let goAt = 0
    const onKey = (event: KeyboardEvent) => {
      const { show, open } = useOverlay.getState()
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        show(open === 'palette' ? null : 'palette')
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || open) return
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return
      const after = goAt > 0 && event.timeStamp - goAt < SECOND_KEY_WITHIN_MS
      goAt = 0
      const place = after && PLACES.find(candidate => candidate.key === event.key)
      if (place) void navigate({ to: place.to, search: keepRange })
      else if (event.key === '?') show('help')
      else if (event.key === 'j' || event.key === 'k') moveRow(event.key === 'j' ? 1 : -1)
      else if (PRESSES.has(event.key)) press(event.key)
      else if (event.key === 'x') tick()
      else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('main input[type="search"]')
        if (search) {
          event.preventDefault()
          search.focus()
        }
      } else if (event.key === 'g') goAt = event.timeStamp
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate])
}
