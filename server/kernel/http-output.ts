import fastJson from 'fast-json-stringify'
import { z } from 'zod'
import type { Endpoint } from '../../contract/endpoint.ts'
import { OutcomeUnknown } from './db.ts'
import { FileTooLarge } from './files.ts'
import { invalid, Problem } from './problem.ts'

type Serialiser = (value: unknown) => string
const compiled = new WeakMap<z.ZodType, Serialiser>()

/** Allow-list serialisation: what the contract does not name never leaves. Compiled once in the life of the process. */
export function serialiser({ returns }: Endpoint): Serialiser {
  if (!returns) return () => ''
  const known = compiled.get(returns)
  if (known) return known
  const schema = z.toJSONSchema(returns, { io: 'output', target: 'draft-7', unrepresentable: 'any', reused: 'inline' })
  const fresh = fastJson(withoutNullUnions(schema) as fastJson.Schema) as Serialiser
  compiled.set(returns, fresh)
  return fresh
}

/** anyOf [X, null] makes fast-json-stringify validate at run time; `nullable` says the same without. */
function withoutNullUnions(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutNullUnions)
  if (schema === null || typeof schema !== 'object') return schema
  const { $schema: _, ...node } = schema as Record<string, unknown>
  const union = node.anyOf
  if (Array.isArray(union) && union.length === 2) {
    const other = union.find((part) => (part as { type?: string }).type !== 'null')
    if (other && union.some((part) => (part as { type?: string }).type === 'null')) {
      const { anyOf: __, ...rest } = node
      return withoutNullUnions({ ...rest, ...other, nullable: true })
    }
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutNullUnions(value)]))
}

/** What a caller is told of an error; undefined: a bug of ours. */
export function problemOf(cause: unknown): Problem | undefined {
  if (cause instanceof Problem) return cause
  if (cause instanceof FileTooLarge) return new Problem('body_too_large', 'The file is too large.')
  if (cause instanceof OutcomeUnknown)
    return new Problem('unavailable', 'The database was lost while saving. Repeat the request with the same Idempotency-Key.', {
      details: { outcome: 'unknown' },
    })
  const { code = '', statusCode } = cause as { code?: string; statusCode?: number }
  if (code === '25006') return new Problem('read_only', 'The database is read-only at the moment. Nothing was changed.')
  if (isOutage(code, cause)) return new Problem('unavailable', 'The database does not answer at the moment. Try again in a few seconds.')
  // Half of a surrogate pair is no JSON to PostgreSQL (22P02), whatever field it stood in.
  const notJson = code === '22P02' && cause instanceof Error && /type json/.test(cause.message)
  if (code === '22P05' || code === '22021' || notJson)
    return new Problem('validation_failed', 'The text holds characters that cannot be stored.')
  if (['22007', '22008', '22009'].includes(code))
    return new Problem('validation_failed', 'One of the days or times does not exist. Name another.')
  const gone = code === '23503' ? /is not present in table "(\w+)"/.exec((cause as { detail?: string }).detail ?? '')?.[1] : undefined
  if (gone !== undefined) return invalid(fieldOf(gone), 'unknown', 'What this names does not exist any more. Choose another.')
  if (code === '22003') return new Problem('not_found', 'There is nothing here, or you may not see it.')
  if (['FST_ERR_CTP_BODY_TOO_LARGE', 'FST_REQ_FILE_TOO_LARGE', 'FST_FILES_LIMIT', 'FST_PARTS_LIMIT', 'FST_FIELDS_LIMIT'].includes(code))
    return new Problem('body_too_large', 'The request is too large.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Problem('media_type_refused', 'Send application/json.')
  if (code.startsWith('FST_ERR_CTP') || (statusCode !== undefined && statusCode >= 400 && statusCode < 500))
    return new Problem('body_unreadable', 'The body is not valid JSON.')
  return undefined
}

/** teamId of a team: under row-level security PostgreSQL does not name the column. */
const fieldOf = (table: string): string => `${table.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}Id`

/** Connection exceptions, shutdowns, resources, lock and statement time-outs (PostgreSQL, appendix A), and the wire itself. */
function isOutage(code: string, cause: unknown): boolean {
  if (/^(08|53|57P|58)/.test(code) || ['55P03', '57014', '40001', '40P01', '25P03'].includes(code)) return true
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(code)) return true
  return (
    cause instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
      cause.message,
    )
  )
}

export const isConflict = (cause: unknown): boolean => ['40001', '40P01'].includes((cause as { code?: string }).code ?? '')
