import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Endpoint } from '../../contract/endpoint.ts'
import { notFound, Problem } from './problem.ts'
import type { Call } from './routes.ts'

type Parsed = Omit<Call<string, Endpoint>, 'uploads' | 'client'>

/** Everything that is wrong is told at once, by field path. */
export function parseCall(endpoint: Endpoint, request: FastifyRequest): Parsed {
  const params = request.params as Record<string, string>
  // An id that cannot be one is a thing that does not exist, not a wrong request.
  for (const [name, value] of Object.entries(params)) if (/^(id|.*Id)$/.test(name) && !isId(value)) throw notFound()
  const query = endpoint.query ? check(endpoint.query, request.query ?? {}, 'query.') : {}
  if (isDeeperThan(request.body, deepest)) throw new Problem('validation_failed', 'The body is nested too deeply.')
  const body = endpoint.body ? check(endpoint.body, request.body ?? {}, '') : undefined
  return { params, query, body, version: endpoint.ifMatch ? versionOf(request) : 0 } as Parsed
}

/** What is stored as it came (a draft's content) is written out again by code that recurses: its stack is not the caller's to fill (D-046). */
const deepest = 100
function isDeeperThan(value: unknown, most: number): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true
    level = level.flatMap((one) => (one !== null && typeof one === 'object' && !Buffer.isBuffer(one) ? Object.values(one) : []))
  }
  return false
}

const isId = (value: string) => /^\d{1,19}$/.test(value) && BigInt(value) <= 9223372036854775807n

function check(schema: z.ZodType, value: unknown, prefix: string): unknown {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const issues = read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: `${prefix}${[...issue.path, key].join('.')}`,
          code: 'unknown_field',
          message: 'This field does not exist.',
        }))
      : [{ path: `${prefix}${issue.path.join('.')}`, code: issue.code, message: issue.message }],
  )
  const fields = issues.map((issue) => issue.path || 'body').join(', ')
  throw new Problem('validation_failed', `Please correct: ${fields}.`, { issues })
}

/** RFC 9110, section 13.1.1: the version that the caller saw, as an entity tag. */
function versionOf(request: FastifyRequest): number {
  const tag = request.headers['if-match']
  if (tag === undefined) throw new Problem('version_missing', 'Send If-Match with the version that you saw.')
  const read = /^(?:W\/)?"?(\d{1,9})"?$/.exec(tag)
  if (!read) throw new Problem('version_missing', 'If-Match is not a version: send the number from the field `version`.')
  return Number(read[1])
}
