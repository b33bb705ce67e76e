import { Socket } from 'node:net'
import pg from 'pg'

/**
 * DATABASE_URL may name several servers, one primary and its standbys, as libpq takes them:
 * `postgres://user:password@one:5432,two:5432/firstline` or `...?host=/run/one,/run/two`. Each new connection goes to the one
 * that takes writes (`target_session_attrs=read-write`), so that after a failover the program goes on without a restart.
 * node-postgres knows one server only; the socket that it opens is told here where to go.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
type Server = { host: string; port: number }
const parts = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)([^?#]*)(?:\?([^#]*))?$/
const usualPort = 5432

export function serversIn(url: string): Server[] {
  const [, , authority = '', , query = ''] = parts.exec(url) ?? []
  const asked = new URLSearchParams(query)
  const hosts = (asked.get('host') ?? authority).split(',')
  const ports = asked.get('port')?.split(',') ?? []
  const authorityPort = Number(/:(\d+)$/.exec(authority)?.[1] ?? usualPort)
  return hosts.map((one, n) => {
    const [, host = one, port] = one.startsWith('/') ? [one, one] : (/^(.*?)(?::(\d+))?$/.exec(one) ?? [])
    const named = ports[n] ?? (ports.length === 1 ? ports[0] : undefined) ?? port
    return { host, port: named === undefined ? (one.startsWith('/') ? authorityPort : usualPort) : Number(named) }
  })
}

/** The same address with one server in it, which is what node-postgres reads. */
export function withServer(url: string, { host, port }: Server): string {
  const [, begin = '', , path = '', query = ''] = parts.exec(url) ?? []
  const asked = new URLSearchParams(query)
  for (const name of ['host', 'port', 'target_session_attrs']) asked.delete(name)
  if (host.startsWith('/')) asked.set('host', host)
  const more = asked.size > 0 ? `?${asked}` : ''
  return `${begin}${host.startsWith('/') ? 'localhost' : host}:${port}${path}${more}`
}

/** What a client or a pool is made with. */
export function connectionTo(url: string): pg.ClientConfig {
  const servers = serversIn(url)
  if (servers.length < 2) return { connectionString: url }
  return { connectionString: withServer(url, servers[0]!), stream: () => new ToPrimary(url, servers) }
}

/** Connects to whichever server takes writes, whatever address it is told. */
class ToPrimary extends Socket {
  readonly #url: string
  readonly #servers: readonly Server[]
  constructor(url: string, servers: readonly Server[]) {
    super()
    this.#url = url
    this.#servers = servers
  }
  override connect(..._told: unknown[]): this {
    primaryOf(this.#url, this.#servers).then(
      ({ host, port }) => (host.startsWith('/') ? super.connect(`${host}/.s.PGSQL.${port}`) : super.connect(port, host)),
      (cause: Error) => this.destroy(cause),
    )
    return this
  }
}

type Known = { at: number; asked: Promise<Server> }
const known = new Map<string, Known>()
/** Connections are opened in bursts: one question serves those of the same moment. */
const keptFor = 500

function primaryOf(url: string, servers: readonly Server[]): Promise<Server> {
  const now = performance.now()
  const last = known.get(url)
  if (last && now - last.at < keptFor) return last.asked
  const asked = firstThatWrites(url, servers)
  known.set(url, { at: now, asked })
  asked.catch(() => known.delete(url))
  return asked
}

/** All are asked at once: one that hangs must not hold up the one that was promoted in its place. */
async function firstThatWrites(url: string, servers: readonly Server[]): Promise<Server> {
  try {
    return await Promise.any(servers.map((server) => ifItWrites(url, server)))
  } catch (cause) {
    const why = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : String(cause)
    throw new Error(`None of the ${servers.length} database servers takes writes: ${why}`)
  }
}

async function ifItWrites(url: string, server: Server): Promise<Server> {
  const client = new pg.Client({ connectionString: withServer(url, server), connectionTimeoutMillis: 3000, query_timeout: 3000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const found = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
    if (found.rows[0]?.standby !== false) throw new Error(`${server.host}:${server.port} is a standby`)
    return server
  } finally {
    void client.end().catch(() => {})
  }
}
