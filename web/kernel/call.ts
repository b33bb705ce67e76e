import type { z } from 'zod'
import type { Api } from '../../contract/api.ts'
import type { ParamsOf } from '../../contract/endpoint.ts'
import type { ProblemCode } from '../../contract/problems.ts'
import { noteAnswer } from './live-position.ts'

/**
 * The one way to the server. Names, parameters, bodies and answers are typed by the contract; only its types are
 * imported, so neither zod nor the schemas reach the browser.
 */
export type CallName = keyof Api & string
type Loose<T> = unknown extends T ? string | number | boolean : T | (T extends 'true' | 'false' | undefined ? boolean : never)
type Fields<Q> = { [K in keyof Q]: Loose<Q[K]> | (undefined extends Q[K] ? undefined : never) }
type ParamPart<N extends CallName> = keyof ParamsOf<N> extends never ? { params?: never } : { params: ParamsOf<N> }
type QueryPart<N extends CallName> = Api[N] extends { query: infer Q extends z.ZodType }
  ? Record<never, never> extends z.input<Q>
    ? { query?: Fields<z.input<Q>> }
    : { query: Fields<z.input<Q>> }
  : { query?: never }
type BodyPart<N extends CallName> = Api[N] extends { body: infer B extends z.ZodType } ? { body: z.input<B> } : { body?: never }
type MatchPart<N extends CallName> = Api[N] extends { ifMatch: true } ? { ifMatch: number } : { ifMatch?: never }
export type CallOptions<N extends CallName> = ParamPart<N> &
  QueryPart<N> &
  BodyPart<N> &
  MatchPart<N> & { signal?: AbortSignal; key?: string }
export type Needed<N extends CallName> =
  Record<never, never> extends CallOptions<N> ? [options?: CallOptions<N>] : [options: CallOptions<N>]
export type Answer<N extends CallName> = Api[N] extends { returns: infer R extends z.ZodType } ? z.output<R> : undefined
export type Body<N extends CallName> = Api[N] extends { body: infer B extends z.ZodType } ? z.input<B> : undefined

export type Issue = { path: string; code: string; message: string }

/** What the server refused, or `unreachable` when it was not there at all. */
export class CallProblem extends Error {
  readonly code: ProblemCode | 'unreachable'
  readonly status: number
  readonly issues: Issue[]
  readonly requestId: string
  readonly details: Record<string, unknown>
  constructor(code: ProblemCode | 'unreachable', status: number, body: Record<string, unknown>) {
    super(String(body.title ?? code))
    this.name = 'CallProblem'
    this.code = code
    this.status = status
    this.issues = Array.isArray(body.issues) ? (body.issues as Issue[]) : []
    this.requestId = String(body.requestId ?? '')
    this.details = body
  }
}
export const problemIn = (cause: unknown): CallProblem | undefined => (cause instanceof CallProblem ? cause : undefined)

/** Told of every refusal; the shell sends to the sign-in page on 401. */
type Listener = (problem: CallProblem) => void
const listeners = new Set<Listener>()
export function onProblem(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** crypto.randomUUID is missing on plain HTTP beyond localhost. */
export const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('')

type Plain = {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  ifMatch?: number
  signal?: AbortSignal
  key?: string
}

export async function call<N extends CallName>(name: N, ...[options]: Needed<N>): Promise<Answer<N>> {
  const plain = (options ?? {}) as Plain
  const [method, path] = name.split(' ') as [string, string]
  const headers: Record<string, string> = { accept: 'application/json' }
  if (plain.body !== undefined) headers['content-type'] = 'application/json'
  if (plain.ifMatch !== undefined) headers['if-match'] = `"${plain.ifMatch}"`
  // Always sent on creating calls: a lost answer may then be asked for again without doing the thing twice.
  if (method === 'POST') headers['idempotency-key'] = plain.key ?? randomKey()
  const request: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' }
  if (plain.body !== undefined) request.body = JSON.stringify(plain.body)
  if (plain.signal) request.signal = plain.signal
  const response = await reach(address(path, plain), request)
  const answer = await read(response)
  noteAnswer(answer, response.headers.get('live-position'))
  return answer as Answer<N>
}

export function address(
  path: string,
  { params = {}, query = {} }: { params?: Record<string, string>; query?: Record<string, unknown> },
): string {
  const filled = path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, String(value))
  return search.size > 0 ? `${filled}?${search}` : filled
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (cause) {
    if (request.signal?.aborted) throw cause
    const problem = new CallProblem('unreachable', 0, { title: String(cause) })
    for (const listener of listeners) listener(problem)
    throw problem
  }
}

async function read(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  if (response.ok) return isJson ? response.json() : undefined
  const body = isJson ? ((await response.json()) as Record<string, unknown>) : {}
  const problem = new CallProblem((body.code as ProblemCode) ?? 'internal', response.status, body)
  for (const listener of listeners) listener(problem)
  throw problem
}

/** One file for a call that takes files. */
export async function sendFile<N extends CallName>(name: N, query: Record<string, string>, file: File): Promise<Answer<N>> {
  const body = new FormData()
  body.append('file', file, file.name)
  const path = name.slice(name.indexOf(' ') + 1)
  return (await read(await reach(address(path, { query }), { method: 'POST', body, credentials: 'same-origin' }))) as Answer<N>
}

/** Files for a message to come; the answer's ids go into `uploadIds`. */
export async function upload(files: readonly File[], signal?: AbortSignal): Promise<Answer<'POST /api/uploads'>> {
  const body = new FormData()
  for (const file of files) body.append('file', file, file.name)
  const request: RequestInit = { method: 'POST', body, credentials: 'same-origin' }
  if (signal) request.signal = signal
  return (await read(await reach('/api/uploads', request))) as Answer<'POST /api/uploads'>
}
