import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import pg from 'pg'
import type { Actor } from './actor.ts'
import { connectionTo } from './db-servers.ts'
import type { Log } from './log.ts'

/**
 * LISTEN -> Server-Sent Events. A notification carries ids and each touched ticket's audience (firstline.flush); every
 * connection is asked in memory whether its actor may hear of it, so a restricted ticket does not exist on the stream
 * either. The browser refetches what it hears of. Too much to filter, or the listener was away: `look` (refetch all).
 *
 * Staff who are not limited are told a position with it: how many notifications this process has heard. An answer that was read at position
 * n holds everything up to n, so a stream that begins at n leaves it as it is. Others are not told how busy a desk is.
 */
export type Audience = { o: number | null; t: number | null; x: boolean; p: number[] | null; rp: number[] | null; rt: number[] | null }
type Told = {
  by: number | null
  much?: true
  events: { i: number; e: string; s: string; t: number | null; a: 'staff' | 'everyone'; u: string | null }[]
  tickets: Record<string, Audience> | null
}
/** whole: nothing was kept from it yet. What is kept from somebody may still take a row out of what they see. */
type Connection = { actor: Actor; response: ServerResponse; until: number; whole: boolean }
export type Presence = {
  ticketId: string
  person: { id: string; name: string }
  typing: boolean
  idle: boolean
  tab: string
  until: number
}

export type Live = {
  attach(actor: Actor, response: ServerResponse): void
  /** Presence is told to staff who may see the ticket, never to requesters (M-143). */
  present(presence: Omit<Presence, 'until'>, audience: Audience | null): void
  connections(): number
  /** `<this process>.<notifications heard>`: what is read from now on holds all of them. */
  position(): string
  stop(): Promise<void>
}

/** A position counts what happens on the whole desk, other customers' tickets included: for those who see the whole desk. */
export const maySeePosition = (actor: Actor): boolean => actor.staff && actor.organisations === 'all' && actor.teamsLimit === 'all'

const has = (list: number[] | null, ids: readonly string[]) => (list ?? []).some((id) => ids.includes(String(id)))

/** The same rule as the tickets' visibility condition, on a notification. */
export function mayHear(actor: Actor, audience: Audience): boolean {
  const me = actor.id === null ? [] : [actor.id]
  if (actor.staff) {
    if (audience.x) return has(audience.rp, me) || has(audience.rt, actor.teams)
    if (actor.organisations !== 'all' && !(audience.o !== null && actor.organisations.includes(String(audience.o))))
      return has(audience.p, me)
    if (actor.teamsLimit !== 'all' && !(audience.t !== null && actor.teamsLimit.includes(String(audience.t)))) return has(audience.p, me)
    return true
  }
  if (has(audience.p, me)) return true
  return !audience.x && actor.organisations !== 'all' && audience.o !== null && actor.organisations.includes(String(audience.o))
}

export function startLive(url: string, log: Log, options?: string): Live {
  const connections = new Set<Connection>()
  const presences = new Map<string, Presence>()
  const audiences = new Map<string, Audience>()
  const process = randomBytes(6).toString('base64url')
  let heard = 0
  const position = () => `${process}.${heard}`
  const stopListening = listen(url, log, options, (payload) => {
    heard += 1
    spread(connections, payload, position())
  })
  const told = ({ whole }: Connection, event: string) => (whole ? `event: ${event}\ndata: {"position":"${position()}"}\n\n` : undefined)
  // A word every 25 s keeps proxies from closing an idle stream; a slow reader is cut, not buffered for.
  const beat = setInterval(() => {
    const now = Date.now()
    for (const connection of connections)
      if (now > connection.until) close(connection)
      else write(connection, told(connection, 'beat') ?? ': beat\n\n')
  }, 25_000)
  const close = (connection: Connection) => {
    const last = told(connection, 'beat')
    if (last) write(connection, last)
    connections.delete(connection)
    connection.response.end()
  }
  return {
    attach(actor, response) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      })
      // Rights are read at the start of a stream; a stream lives for at most five minutes, so that they never grow old.
      const connection = { actor, response, until: Date.now() + 300_000, whole: maySeePosition(actor) }
      response.write(`retry: 2000\n${told(connection, 'look') ?? look}`)
      connections.add(connection)
      response.on('close', () => connections.delete(connection))
      response.on('error', () => connections.delete(connection))
    },
    present(presence, audience) {
      const key = `${presence.person.id}:${presence.tab}`
      const before = presences.get(key)
      if (presence.ticketId === '0') presences.delete(key)
      else presences.set(key, { ...presence, until: Date.now() + 60_000 })
      // Leaving is told with the audience that was known when the person came.
      if (before && before.ticketId !== presence.ticketId)
        tellPresence(connections, presences, before.ticketId, audiences.get(before.ticketId) ?? null)
      if (presence.ticketId === '0') return
      if (audience) audiences.set(presence.ticketId, audience)
      tellPresence(connections, presences, presence.ticketId, audience)
    },
    connections: () => connections.size,
    position,
    async stop() {
      clearInterval(beat)
      for (const connection of connections) close(connection)
      await stopListening()
    },
  }
}

function tellPresence(connections: Set<Connection>, presences: Map<string, Presence>, ticketId: string, audience: Audience | null): void {
  const now = Date.now()
  const here = [...presences.values()].filter((p) => p.ticketId === ticketId && p.until > now)
  const people = [
    ...new Map(
      here.map((p) => {
        const own = here.filter((h) => h.person.id === p.person.id)
        return [p.person.id, { ...p.person, typing: own.some((h) => h.typing), idle: own.every((h) => h.idle) }]
      }),
    ).values(),
  ]
  for (const connection of connections)
    if (connection.actor.staff && audience && mayHear(connection.actor, audience))
      write(connection, `event: presence\ndata: ${JSON.stringify({ ticketId, people })}\n\n`)
}

/** Look anew at everything. */
const look = 'event: look\ndata: {}\n\n'

function spread(connections: Set<Connection>, payload: string, position: string): void {
  const told = JSON.parse(payload) as Told
  const by = told.by === null ? null : String(told.by)
  for (const connection of connections) {
    if (told.events.some((event) => endsStreamOf(connection.actor, event, by))) {
      // The browser comes back by itself, with the rights it has then, or to the sign-in page.
      connections.delete(connection)
      connection.response.end()
      continue
    }
    if (told.much) {
      write(connection, look)
      continue
    }
    const heard = told.events.filter((event) => hears(connection.actor, event, told.tickets ?? {}))
    if (told.events.some((event) => event.u === null && !heard.includes(event))) connection.whole = false
    const lines = heard.map((event) => line(event, told.by, connection, position))
    if (lines.length > 0) write(connection, lines.join(''))
  }
}

/**
 * A session that ended, a role taken or given, a person archived or moved to another organisation, other members of a
 * team: their streams end at once (E-057, G-090). What people change of themselves changes no rights.
 */
const rightsChanged = /^(session\.ended|token\.revoked|grant\.\w+|person\.(archived|changed))$/
function endsStreamOf(actor: Actor, event: Told['events'][number], by: string | null): boolean {
  if (actor.id === null) return false
  const [kind, id = ''] = event.s.split(':')
  if (event.e === 'team.members-set') return actor.teams.includes(id)
  if (!rightsChanged.test(event.e) || (event.e === 'person.changed' && by === actor.id)) return false
  return actor.id === (event.u ?? (kind === 'person' ? id : null))
}

function hears(actor: Actor, event: Told['events'][number], tickets: Record<string, Audience>): boolean {
  if (event.u !== null) return event.u === actor.id
  if (!actor.staff && event.a === 'staff') return false
  if (event.t === null) return actor.staff
  const audience = tickets[String(event.t)]
  return audience !== undefined && mayHear(actor, audience)
}

const line = (event: Told['events'][number], by: number | null, { actor, whole }: Connection, position: string) => {
  const [kind, id] = event.s.split(':')
  const change = {
    type: event.e,
    subject: { kind, id },
    ticketId: event.t === null ? null : String(event.t),
    ...(actor.staff ? { actorId: by === null ? null : String(by), ...(whole ? { position } : {}) } : {}),
  }
  return `id: ${event.i}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`
}

function write(connection: Connection, text: string): void {
  if (connection.response.writableLength > 1_000_000) connection.response.destroy()
  else connection.response.write(text)
}

/** One client of its own, outside the pool; when it was away, everybody looks anew. */
function listen(url: string, log: Log, options: string | undefined, heard: (payload: string) => void): () => Promise<void> {
  let stopped = false
  let client: pg.Client | undefined
  const connect = async (again: boolean): Promise<void> => {
    if (stopped) return
    client = new pg.Client({ ...connectionTo(url), application_name: 'firstline live', keepAlive: true, ...(options ? { options } : {}) })
    client.on('notification', (n) => n.payload && heard(n.payload))
    const retry = () => {
      client?.removeAllListeners()
      client?.on('error', () => {})
      setTimeout(() => connect(true).catch(() => {}), 1000).unref()
    }
    client.once('error', retry)
    client.once('end', retry)
    try {
      await client.connect()
      await client.query('listen firstline')
      if (again) heard('{"much": true, "by": null, "events": [], "tickets": {}}')
    } catch (cause) {
      log.warn('live listener not connected', { cause: String(cause) })
    }
  }
  void connect(false)
  return async () => {
    stopped = true
    client?.removeAllListeners()
    client?.on('error', () => {})
    await client?.end().catch(() => {})
  }
}
