import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { BodyOf, Contract, Endpoint, ParamsOf, QueryOf, ReturnOf } from '../../contract/endpoint.ts'
import type { Actor } from './actor.ts'
import type { Context, Kernel } from './context.ts'
import type { Stored } from './files.ts'

/** What a call brought, parsed by its contract. */
export type Call<N extends string, E extends Endpoint> = {
  params: ParamsOf<N>
  query: QueryOf<E>
  body: BodyOf<E>
  /** If-Match, where the contract demands it; else 0. */
  version: number
  uploads: Upload[]
  client: Client
}
export type Upload = Stored & { name: string; mediaType: string }
/** The address is the peer's, or what a trusted proxy says of it; never a header that anyone may send. */
export type Client = {
  address: string
  name: string
  origin: string
  /** With what a gateway signed its call (X-Twilio-Signature); the feature that knows its secret checks it. */
  signature?: string
  /** Of calls of machines (`lenient`): what a signature may be over, and the headers in which it stands; '' for one that is not there. */
  signed?: { body: string; header(name: string): string }
  /** As it came, for calls of machines that have a key of their own; people's is looked at by the kernel alone. */
  authorization?: string
  /** What `Reply.bind` gave this browser; absent when it has none. */
  binding?: string
}

/** Sent after the commit. Always with nosniff and a sandboxing policy; `inline` only for the fixed raster types. */
/** `written`: by the program itself, for a machine that reads its type; what people sent never is. */
export type FileOut = {
  content: Readable | Buffer | string
  name: string
  mediaType: string
  inline?: boolean
  size?: number
  written?: true
}
export type StreamOut = (response: ServerResponse) => void

type Returned<E extends Endpoint> = E['wire'] extends 'file' ? FileOut : E['wire'] extends 'stream' ? StreamOut : ReturnOf<E>

/** What an answer may tell the kernel beside its body. */
export type Reply = {
  setSession(token: string | null): void
  /** Marks this browser for ten minutes, so that what it begins is not ended by another (a sign-in elsewhere and back). */
  bind(token: string): void
  status(code: number): void
}

type Plain<N extends string, E extends Endpoint> = (context: Context, call: Call<N, E>, reply: Reply) => Promise<Returned<E>>
/** `before` runs outside the transaction: password hashing, streams, outside calls. What it returns goes to `answer`. */
export type Prepared<N extends string, E extends Endpoint, B> = {
  before: (kernel: Kernel, call: Call<N, E>, actor: Actor) => Promise<B>
  answer: (context: Context, call: Call<N, E>, reply: Reply, before: B) => Promise<Returned<E>>
}
// biome-ignore lint/suspicious/noExplicitAny: each answer knows the type of its own `before`
export type Answer<N extends string, E extends Endpoint> = Plain<N, E> | Prepared<N, E, any>

export type RouteSet = { contract: Contract; answers: Record<string, Answer<string, Endpoint>> }

/** Every call of the contract has an answer, or it does not compile. */
export function routes<C extends Contract>(contract: C, answers: { [N in keyof C & string]: Answer<N, C[N] & Endpoint> }): RouteSet {
  return { contract, answers: answers as unknown as Record<string, Answer<string, Endpoint>> }
}
