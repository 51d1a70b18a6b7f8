/** Filters of a page, kept in the URL as texts. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { PageSearch } from '@/shared/range/range'
import { afterPaint } from './after-paint'

export function useUrlFilters<K extends string>(names: readonly K[]) {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const values = Object.fromEntries(
    names.map(name => [name, typeof search[name] === 'string' ? search[name] : undefined]),
  ) as Record<K, string | undefined>
  const set = useCallback(
    (next: Partial<Record<K, string | undefined>>) =>
      afterPaint(() =>
        navigate({
          to: '.',
          search: (old: PageSearch) => ({ ...old, ...next }) as PageSearch,
          replace: true,
          resetScroll: false,
        }),
      ),
    [navigate],
  )
  return { values, set }
}
