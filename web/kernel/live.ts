/**
 * The live stream, once per browser. Over HTTP/1.1 a browser opens six connections to one host, so each tab with a
 * stream of its own would hang the seventh. One tab leads: it holds a Web Lock, reads /api/live and tells the others by
 * BroadcastChannel; when it closes, the lock passes on. Without Web Locks (plain HTTP beyond localhost) each tab reads
 * for itself, but only while it is seen.
 */
export type Change = {
  type: string
  subject: { kind: string; id: string } | null
  ticketId: string | null
  actorId: string | null
  position?: string
}
export type Presence = { ticketId: string; people: { id: string; name: string; typing: boolean; idle: boolean }[] }
export type LiveEvent =
  | { kind: 'change'; change: Change }
  | { kind: 'presence'; presence: Presence }
  | { kind: 'look'; position?: string }
  | { kind: 'state'; on: boolean }
  | { kind: 'beat'; position: string }

const listeners = new Set<(event: LiveEvent) => void>()
const channel = new BroadcastChannel('firstline-live')
const tell = (event: LiveEvent) => {
  for (const listener of listeners) listener(event)
}
const tellAll = (event: LiveEvent) => {
  tell(event)
  channel.postMessage(event)
}
channel.onmessage = (message: MessageEvent<LiveEvent>) => tell(message.data)

/** What a screen does when something changed. The kernel renews everything on `look` by itself. */
export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function readStream(): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = 1000
  const open = () => {
    source = new EventSource('/api/live')
    source.onopen = () => {
      wait = 1000
      tellAll({ kind: 'state', on: true })
    }
    source.onerror = () => {
      tellAll({ kind: 'state', on: false })
      // The browser comes back by itself unless the server refused (signed out, restarting): then we do, slower each time.
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 2, 60_000)
    }
    source.addEventListener('change', (e) => tellAll({ kind: 'change', change: JSON.parse(e.data) as Change }))
    source.addEventListener('presence', (e) => tellAll({ kind: 'presence', presence: JSON.parse(e.data) as Presence }))
    // Each stream begins with `look`, the very first too: what changed between the screen's reading and now was told to nobody.
    source.addEventListener('look', (e) => tellAll({ kind: 'look', ...(JSON.parse(e.data) as { position?: string }) }))
    source.addEventListener('beat', (e) => tellAll({ kind: 'beat', ...(JSON.parse(e.data) as { position: string }) }))
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}

/** Begins to listen; returns how to end it (at sign-out). */
export function startLive(): () => void {
  if (!('locks' in navigator)) return readWhileSeen()
  const ended = new AbortController()
  const lead = () =>
    new Promise<void>((release) => {
      const close = readStream()
      ended.signal.addEventListener('abort', () => {
        close()
        release()
      })
    })
  navigator.locks.request('firstline-live', { signal: ended.signal }, lead).catch(() => undefined)
  return () => ended.abort()
}

function readWhileSeen(): () => void {
  let close: (() => void) | undefined
  const follow = () => {
    if (document.visibilityState === 'visible') {
      if (!close) close = readStream()
    } else {
      close?.()
      close = undefined
    }
  }
  follow()
  document.addEventListener('visibilitychange', follow)
  return () => {
    document.removeEventListener('visibilitychange', follow)
    close?.()
  }
}
