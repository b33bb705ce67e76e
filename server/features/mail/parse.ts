// Mail parsing away from everything else: a small pool of worker threads, each with a heap limit and a clock. A mail
// that crashes its worker, or takes longer than the clock allows, costs that worker and that mail (MailTooHard, the
// caller quarantines it); a fresh worker takes the next one. Workers are started when first needed and do not keep the
// process alive.

import { Worker } from 'node:worker_threads'
import type { MailRead, MailToRead } from './parse-worker.ts'
import { MAIL_LIMITS, type MailLimits, MailTooHard, type ParsedMail } from './parsed-mail.ts'

const WORKER_FILE = new URL('./parse-worker.ts', import.meta.url)

/** Read only when a worker is free, and moved to it: a mail that waits is not in memory, one that is read is there once. */
export type LateMail = { size: number; read: () => Promise<Buffer> }

export interface MailParser {
  /** Resolves with the facts, rejects with MailTooHard; never with anything else, and always one of the two. */
  parse(raw: Uint8Array | LateMail, limits?: Partial<MailLimits>): Promise<ParsedMail>
  close(): Promise<void>
}

interface Waiting {
  raw: Uint8Array | LateMail
  limits: MailLimits
  resolve: (mail: ParsedMail) => void
  reject: (problem: Error) => void
}

interface Seat {
  worker: Worker
  job?: Waiting
  timer?: NodeJS.Timeout
}

export function startMailParser(settings: { workers?: number; heapMegabytes?: number; file?: URL } = {}): MailParser {
  const { workers = 2, heapMegabytes = 512, file = WORKER_FILE } = settings
  const queue: Waiting[] = []
  const seats = new Set<Seat>()
  let nextId = 1
  let closed = false

  function seatWorker(): Seat {
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, stackSizeMb: 4 }, stdin: false })
    const seat: Seat = { worker }
    worker.unref()
    worker.on('message', (read: MailRead) => settle(seat, read))
    worker.on('error', (cause) => fail(seat, cause instanceof Error ? cause.message : String(cause)))
    worker.on('exit', () => fail(seat, 'the parser stopped'))
    seats.add(seat)
    return seat
  }

  function settle(seat: Seat, read: MailRead): void {
    const job = release(seat)
    if (job && 'mail' in read) job.resolve(read.mail)
    else if (job && 'reason' in read) job.reject(new MailTooHard(read.reason, read.detail))
    next()
  }

  function release(seat: Seat): Waiting | undefined {
    const job = seat.job
    clearTimeout(seat.timer)
    delete seat.job
    delete seat.timer
    seat.worker.unref()
    return job
  }

  function fail(seat: Seat, detail: string): void {
    seats.delete(seat)
    release(seat)?.reject(new MailTooHard('too-complex', detail))
    void seat.worker.terminate()
    next()
  }

  function next(): void {
    while (queue.length > 0 && !closed) {
      const seat = [...seats].find((one) => !one.job) ?? (seats.size < workers ? seatWorker() : undefined)
      if (!seat) return
      const job = queue.shift()
      if (job) give(seat, job)
    }
  }

  function give(seat: Seat, job: Waiting): void {
    seat.job = job
    seat.worker.ref()
    seat.timer = setTimeout(() => fail(seat, `no result within ${job.limits.milliseconds} ms`), job.limits.milliseconds)
    const id = nextId
    nextId += 1
    const ask = (raw: Uint8Array, move: ArrayBuffer[]) => {
      if (seat.job === job) seat.worker.postMessage({ id, raw, limits: job.limits } satisfies MailToRead, move)
    }
    if (job.raw instanceof Uint8Array) {
      ask(job.raw, [])
      return
    }
    job.raw.read().then(
      (raw) => ask(raw, isWhole(raw) ? [raw.buffer as ArrayBuffer] : []),
      (cause) => {
        if (seat.job !== job) return
        release(seat)
        job.reject(cause)
        next()
      },
    )
  }

  return {
    parse(raw, limits) {
      const all = { ...MAIL_LIMITS, ...limits }
      return new Promise<ParsedMail>((resolve, reject) => {
        if (closed) return reject(new MailTooHard('unreadable', 'the parser is closed'))
        const size = raw instanceof Uint8Array ? raw.length : raw.size
        if (size > all.bytes) return reject(new MailTooHard('too-large', `${size} bytes`))
        queue.push({ raw, limits: all, resolve, reject })
        next()
      })
    },
    async close() {
      closed = true
      for (const job of queue.splice(0)) job.reject(new MailTooHard('unreadable', 'the parser is closed'))
      await Promise.all([...seats].map((seat) => seat.worker.terminate()))
    },
  }
}

/** A small file may share its memory with others (Buffer's pool), which must not be moved away. */
const isWhole = (raw: Buffer): boolean => raw.byteOffset === 0 && raw.buffer.byteLength === raw.length

let pool: MailParser | undefined

/** Parses in the process-wide pool. */
export function parseMail(raw: Uint8Array | LateMail, limits?: Partial<MailLimits>): Promise<ParsedMail> {
  pool ??= startMailParser()
  return pool.parse(raw, limits)
}

/** Stops the process-wide pool, at shutdown. */
export async function closeMailParser(): Promise<void> {
  await pool?.close()
  pool = undefined
}
