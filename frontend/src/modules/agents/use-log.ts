/** The log of a run, line by line as it is written: asked for while there is more to come, and not while the tab is hidden. */
import { useEffect, useState } from 'react'
import { api, body } from '@/shared/api/client'
import { explain } from '@/shared/api/problem'
import type { LogLine } from '@/shared/api/types'

const PAGE = 200
const LOOK_EVERY_MS = 1_200
const TRY_AGAIN_AFTER_MS = 5_000

export interface Log {
  lines: LogLine[]
  /** Nothing more will come. */
  done: boolean
  /** Why the last look failed; it is tried again. */
  trouble: string | null
}

const NOTHING: Log = { lines: [], done: false, trouble: null }

export function useLog(id: string): Log {
  const [log, setLog] = useState<Log>(NOTHING)
  useEffect(() => {
    let after = 0
    let ended = false
    let looking = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const cut = new AbortController()

    const look = async () => {
      if (looking || ended || document.hidden) return
      looking = true
      let wait = LOOK_EVERY_MS
      try {
        const page = await body(
          api.GET('/v1/runs/{id}/log', {
            params: { path: { id }, query: { after, limit: PAGE } },
            signal: cut.signal,
          }),
        )
        if (cut.signal.aborted) return
        after = page.next_after
        ended = page.done
        if (page.lines.length === PAGE) wait = 0
        setLog(old => ({ lines: [...old.lines, ...page.lines], done: page.done, trouble: null }))
      } catch (error) {
        if (cut.signal.aborted) return
        wait = TRY_AGAIN_AFTER_MS
        setLog(old => ({ ...old, trouble: explain(error) }))
      } finally {
        looking = false
      }
      clearTimeout(timer)
      if (!ended) timer = setTimeout(() => void look(), wait)
    }
    const onVisibility = () => {
      clearTimeout(timer)
      void look()
    }

    setLog(NOTHING)
    void look()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      clearTimeout(timer)
      cut.abort()
    }
  }, [id])
  return log
}
