import { z } from 'zod'
import type { Right } from './rights.ts'

/**
 * The contract states each call once: what it takes, what it gives, who may.
 * The server answers it, the browser types against it (types only, so no zod reaches the browser),
 * and the OpenAPI document is made of it. A call is named by its method and path: 'POST /api/tickets'.
 */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type CallName = `${Method} /${string}`

/** anyone: no sign-in. first-factor: signed in, if only by the first of two steps. person: signed in (what is seen is decided row by row). Else: a right. */
export type Who = 'anyone' | 'first-factor' | 'person' | Right

export type Endpoint = {
  summary: string
  who: Who
  query?: z.ZodObject
  body?: z.ZodType
  /** What comes back; absent: 204 and no body. */
  returns?: z.ZodType
  /** Status of success; 200 unless told (201 for creates, 204 without `returns`). */
  status?: 200 | 201 | 202
  /** An update of editable fields: demands If-Match with the version it saw (428 without, 409 when stale). */
  ifMatch?: true
  /** Honours Idempotency-Key for 24 hours. */
  idempotent?: true
  /** Not JSON: 'stream' (Server-Sent Events), 'file' (bytes out), 'upload' (multipart in, JSON out). */
  wire?: 'stream' | 'file' | 'upload'
  /** Takes application/x-www-form-urlencoded beside JSON, for those who send nothing else. */
  form?: true
  /** For machines that cannot be taught: JSON of whatever media type, 512 kB at most; what is no JSON arrives as text. */
  lenient?: true
}

export type Contract = Record<CallName, Endpoint>
export const contract = <const C extends Contract>(calls: C): C => calls

export type PathOf<N extends string> = N extends `${string} ${infer P}` ? P : never
type Names<P extends string> = P extends `${string}:${infer N}/${infer Rest}`
  ? N | Names<Rest>
  : P extends `${string}:${infer N}`
    ? N
    : never
export type ParamsOf<N extends string> = { [K in Names<PathOf<N>>]: string }
export type QueryOf<E extends Endpoint> = E['query'] extends z.ZodType ? z.output<E['query']> : Record<string, never>
export type BodyOf<E extends Endpoint> = E['body'] extends z.ZodType ? z.output<E['body']> : undefined
// biome-ignore lint/suspicious/noConfusingVoidType: a call without `returns` may return nothing at all
export type ReturnOf<E extends Endpoint> = E['returns'] extends z.ZodType ? z.input<E['returns']> : void

/** Row ids are bigint in the database: strings of digits on the wire, a string or a safe integer when taken. */
export const id = z
  .string()
  .regex(/^\d{1,19}$/)
  .meta({ description: 'A string of digits.' })
export const idInput = z
  .union([id, z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)])
  .transform(String)
  .meta({ description: 'A string of digits, or a safe integer.' })

/** RFC 3339, always UTC. */
export const instant = z.string().meta({ format: 'date-time', description: 'RFC 3339, UTC.' })
export const instantInput = z.iso.datetime({ offset: true })

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that we refuse
const withoutControls = /^[^\u0000-\u001f\u007f]*$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL cannot store it
const withoutNul = /^[^\u0000]*$/

/** One line of text that a person typed: control characters and NUL are refused, spaces at the ends are dropped. */
export const line = (max: number) => z.string().trim().min(1).max(max).regex(withoutControls, 'one line without control characters')

/** Text of many lines. */
export const prose = (max: number) => z.string().max(max).regex(withoutNul, 'text without NUL characters')

export const emailAddress = z
  .email()
  .max(254)
  .transform((a) => a.normalize('NFC'))

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().meta({ description: 'Pass as `after` for the next page.' }) })

/** What a keyset-paged list takes. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(500).optional(),
}

/** A change leaves alone what it does not name. The defaults of a new record are no part of it: with `partial()` alone they would be. */
export function changes<S extends z.core.$ZodLooseShape>(form: z.ZodObject<S, z.core.$strict>) {
  const given = (field: z.ZodType) => {
    if (!(field instanceof z.ZodDefault || field instanceof z.ZodPrefault)) return field.optional()
    const inner = field.unwrap() as z.ZodType
    const meta = field.meta()
    return (meta ? inner.meta(meta) : inner).optional()
  }
  const shape = Object.fromEntries(Object.entries(form.shape).map(([name, field]) => [name, given(field as z.ZodType)]))
  return z.strictObject(shape) as unknown as z.ZodObject<{ [F in keyof S]: z.ZodOptional<S[F] & z.ZodType> }, z.core.$strict>
}

export const flag = z.enum(['true', 'false']).transform((v) => v === 'true')

export const language = z.enum(['en', 'de'])
export type Language = z.infer<typeof language>

export const personRef = z.object({ id, name: z.string() })
export const named = z.object({ id, name: z.string() })
