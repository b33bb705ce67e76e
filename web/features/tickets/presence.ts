import { useEffect, useSyncExternalStore } from 'react'
import { call, randomKey } from '../../kernel/call.ts'
import { onLive } from '../../kernel/live.ts'
import { useMe } from '../../kernel/session.ts'

/** Who looks at which ticket and who types in it. The server forgets a tab that was silent for a minute. */
type Person = { id: string; name: string; typing: boolean; idle: boolean }
let present: ReadonlyMap<string, readonly Person[]> = new Map()
const listeners = new Set<() => void>()
onLive((event) => {
  if (event.kind !== 'presence') return
  present = new Map(present).set(event.presence.ticketId, event.presence.people)
  for (const listener of listeners) listener()
})
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const nobody: readonly Person[] = []
export const usePresence = (): ReadonlyMap<string, readonly Person[]> => useSyncExternalStore(subscribe, () => present)

export const presenceOf = (p: { typing: boolean; idle: boolean }) => (p.typing ? 'typing' : p.idle ? 'idle' : 'looking')

/** The others at one ticket. */
export function useOthers(ticketId: string): readonly Person[] {
  const me = useMe().id
  const people = usePresence().get(ticketId) ?? nobody
  return people.some((p) => p.id === me) ? people.filter((p) => p.id !== me) : people
}

const tab = randomKey()
// One after the other: leaving one ticket must not arrive after coming to the next.
let said: Promise<unknown> = Promise.resolve()
const say = (ticketId: string | null, typing: boolean, idle = false) => {
  said = said.then(() => call('PUT /api/presence', { body: { ticketId, typing, idle, tab } })).catch(() => undefined)
}

/** Open and untouched for so long, a ticket is not being read. */
const idleAfter = 120_000
let touched = Date.now()
const touch = () => {
  touched = Date.now()
}
for (const kind of ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const)
  document.addEventListener(kind, touch, { passive: true, capture: true })

/** Says that I look at this ticket while it is on the screen and the tab is seen. */
export function useBeingHere(ticketId: string, typing: boolean): void {
  useEffect(() => {
    const tell = () => say(document.visibilityState === 'visible' ? ticketId : null, typing, Date.now() - touched > idleAfter)
    tell()
    const timer = setInterval(tell, 30_000)
    document.addEventListener('visibilitychange', tell)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tell)
    }
  }, [ticketId, typing])
  useEffect(() => () => say(null, false), [])
}
