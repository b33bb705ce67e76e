import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net'

/**
 * A wire that breaks to order, between any two TCP or Unix sockets. It passes bytes until it is told otherwise; what it
 * is told holds for the connections that exist and for those to come:
 *   delay   each piece comes later by so many milliseconds
 *   drip    at most so many bytes a second
 *   stall   open, and silent
 *   refuse  new connections are reset at once
 *   cut     a reset (or, softly, a half-close), once so many bytes went that way, or a pattern went by
 * `cut` breaks one connection once; `before: true` keeps the fatal piece back, else the other side still gets it;
 * `having` chooses a connection on which these words went up before.
 */
export type Way = 'up' | 'down'
export type Mode =
  | { do: 'pass' }
  | { do: 'delay'; milliseconds: number }
  | { do: 'drip'; bytesPerSecond: number }
  | { do: 'stall' }
  | { do: 'refuse' }
  | { do: 'cut'; way: Way; after: { bytes: number } | { pattern: Buffer | string }; before?: boolean; softly?: boolean; having?: string }

export type Place = { port: number; host?: string } | { path: string }
export type FaultProxy = {
  port: number
  set(mode: Mode): void
  /** Resets what is open now. */
  reset(): void
  /** How often a `cut` has cut. */
  cuts: number
  open: number
  everOpened: number
  stop(): Promise<void>
}

type Pair = { client: Socket; server: Socket; chosen: boolean; cut: boolean }

export async function startFaultProxy(to: Place, on: { path: string } | { port: number } = { port: 0 }): Promise<FaultProxy> {
  let mode: Mode = { do: 'pass' }
  const pairs = new Set<Pair>()
  const listener: Server = createServer({ allowHalfOpen: true }, (client) => {
    if (mode.do === 'refuse') return client.resetAndDestroy()
    proxy.everOpened++
    const server = createConnection({ host: '127.0.0.1', ...to, allowHalfOpen: true })
    const pair: Pair = { client, server, chosen: false, cut: false }
    pairs.add(pair)
    for (const socket of [client, server]) {
      socket.on('error', () => breakPair(pair))
      socket.on('close', () => breakPair(pair))
    }
    carry(pair, 'up')
    carry(pair, 'down')
  })

  function carry(pair: Pair, way: Way): void {
    const [from, into] = way === 'up' ? [pair.client, pair.server] : [pair.server, pair.client]
    let carried = 0
    let tail = Buffer.alloc(0)
    let last = Promise.resolve()
    from.on('data', (piece: Buffer) => {
      from.pause()
      last = last.then(() => pass(piece)).then(() => void (from.destroyed ? 0 : from.resume()))
    })
    from.on('end', () => void last.then(() => into.end()))

    async function pass(piece: Buffer): Promise<void> {
      if (pair.cut) return
      while (mode.do === 'stall' && pairs.has(pair)) await after(20)
      if (mode.do === 'delay') await after(mode.milliseconds)
      if (mode.do === 'drip') return drip(piece)
      if (mode.do !== 'cut') return write(piece)
      if (mode.having === undefined || (way === 'up' && piece.includes(mode.having))) pair.chosen = true
      if (!pair.chosen || mode.way !== way || !reached(mode.after, piece)) return write(piece)
      const { before = false, softly = false } = mode
      mode = { do: 'pass' }
      proxy.cuts++
      // Nothing comes back: who sent the fatal piece never hears what became of it.
      pair.cut = !softly
      if (!before) await write(piece)
      // The bytes must leave this process before the reset, which throws away what is still here.
      await after(before ? 0 : 100)
      if (softly) into.end()
      else breakPair(pair)
    }

    function reached(when: { bytes: number } | { pattern: Buffer | string }, piece: Buffer): boolean {
      carried += piece.length
      if ('bytes' in when) return carried >= when.bytes
      const seen = Buffer.concat([tail, piece])
      tail = seen.subarray(-64)
      return seen.includes(when.pattern)
    }

    async function drip(piece: Buffer): Promise<void> {
      for (let at = 0; at < piece.length && pairs.has(pair); ) {
        const size = mode.do === 'drip' ? Math.max(1, Math.floor(mode.bytesPerSecond / 20)) : piece.length
        await write(piece.subarray(at, at + size))
        at += size
        if (mode.do === 'drip') await after(50)
      }
    }

    async function write(piece: Buffer): Promise<void> {
      if (into.destroyed || into.writableEnded) return
      if (!into.write(piece)) await Promise.race([once(into, 'drain'), once(into, 'close')]).catch(() => {})
    }
  }

  function breakPair(pair: Pair): void {
    if (!pairs.delete(pair)) return
    for (const socket of [pair.client, pair.server]) reset(socket)
  }

  const proxy: FaultProxy = {
    port: 0,
    cuts: 0,
    everOpened: 0,
    get open() {
      return pairs.size
    },
    set: (wanted) => {
      mode = wanted
    },
    reset: () => {
      for (const pair of pairs) breakPair(pair)
    },
    stop: async () => {
      for (const pair of pairs) breakPair(pair)
      await new Promise((done) => listener.close(done))
    },
  }
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    if ('path' in on) listener.listen(on.path, resolve)
    else listener.listen(on.port, '127.0.0.1', resolve)
  })
  const at = listener.address()
  proxy.port = typeof at === 'object' ? ((at as AddressInfo | null)?.port ?? 0) : 0
  return proxy
}

const after = (milliseconds: number) => new Promise<void>((go) => setTimeout(go, milliseconds))

/** A Unix socket has no reset; there a destroyed socket is as abrupt. */
function reset(socket: Socket): void {
  if (socket.destroyed) return
  if (socket.remoteAddress === undefined) socket.destroy()
  else socket.resetAndDestroy()
}
