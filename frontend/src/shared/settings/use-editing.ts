/**
 * What a form is filled from. While somebody edits it that stays what was stored when the editing began: what another stores meanwhile is told, and not
 * taken over. What was saved from here ends the editing, and is nobody else's: neither while it is under way, nor afterwards.
 */
import { useState } from 'react'

export interface Editing<T> {
  /** Fills the form; with its version as key, so that a draft goes when it does. */
  shown: T
  /** Whether somebody else stored another version since the editing began. */
  isOvertaken: boolean
  begin: () => void
  end: () => void
}

export function useEditing<T>(
  found: T,
  versionOf: (of: T) => number | string,
  isSaving: boolean,
): Editing<T> {
  const [base, setBase] = useState<T>()
  return {
    shown: base ?? found,
    isOvertaken: base !== undefined && !isSaving && versionOf(base) !== versionOf(found),
    begin: () => setBase(old => old ?? found),
    end: () => setBase(undefined),
  }
}
