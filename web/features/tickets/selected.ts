import { useSyncExternalStore } from 'react'

/** Which rows are chosen for something that is done to many; it outlives scrolling and further pages, not another view. */
type Selected = { ids: ReadonlySet<string>; on: boolean; last: string | undefined }
const none: Selected = { ids: new Set(), on: false, last: undefined }
let now = none
const listeners = new Set<() => void>()

function change(next: Selected): void {
  now = next
  for (const tell of listeners) tell()
}
export const useSelected = (): Selected =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => now,
  )

export const clearSelected = (): void => change(none)
export const startSelecting = (): void => change({ ...now, on: true })

export function turnRow(id: string): void {
  const ids = new Set(now.ids)
  if (!ids.delete(id)) ids.add(id)
  change({ ids, on: true, last: id })
}

/** From the row chosen last to this one, as in any list. */
export function selectTo(rows: readonly { id: string }[], id: string): void {
  const to = rows.findIndex((row) => row.id === id)
  const from = Math.max(
    0,
    rows.findIndex((row) => row.id === (now.last ?? id)),
  )
  const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1)
  change({ ids: new Set([...now.ids, ...between.map((row) => row.id)]), on: true, last: id })
}
