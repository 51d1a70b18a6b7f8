import type { Agent } from '@/shared/api/types'
import { momentText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { useOverlay } from '@/shared/ui/overlay'
import { Note } from '@/shared/ui/States'

/** Who stopped it, why, and the way back. */
export function StopNote({ stop }: { stop: NonNullable<Agent['stop']> }) {
  const show = useOverlay(state => state.show)
  return (
    <Note tone="bad">
      <p>
        <strong>{stop.scope === 'all' ? 'Everything is stopped' : 'This agent is stopped'}</strong> by{' '}
        {stop.by}, {momentText(stop.at)}: “{stop.reason}”. Nothing starts before the stop is lifted.{' '}
        <Only may="stops:lift">
          <button
            type="button"
            aria-haspopup="dialog"
            onClick={() => show('lift')}
            className="min-h-6 font-semibold underline"
          >
            Lift it
          </button>
        </Only>
      </p>
    </Note>
  )
}
