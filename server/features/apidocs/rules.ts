import { z } from 'zod'
import { api } from '../../../contract/api.ts'
import type { Endpoint } from '../../../contract/endpoint.ts'
import { problems } from '../../../contract/problems.ts'

/** OpenAPI 3.1 of the contract: what is answered and what is described cannot differ, because both are made of it. */
type Json = Record<string, unknown>
type Described = {
  openapi: string
  info: Json
  servers: Json[]
  tags: Json[]
  paths: Record<string, Record<string, Json>>
  components: Json
  security: Json[]
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string', description: 'For people, in English.' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problems) },
    requestId: { type: 'string' },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

export function openApi(version: string): Described {
  const paths: Described['paths'] = {}
  const tags = new Set<string>()
  for (const [name, endpoint] of Object.entries(api) as [string, Endpoint][]) {
    const [method = '', route = ''] = name.split(' ')
    const path = route.replace(/:(\w+)/g, '{$1}')
    const tag = route.split('/')[2] ?? ''
    tags.add(tag)
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, route, tag, endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Firstline',
      version,
      summary: 'Everything that the screens do goes through these calls.',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...tags].sort().map((tag) => ({ name: tag })),
    paths,
    components: {
      schemas: { Problem: problem },
      responses: {
        Problem: {
          description: 'What went wrong (RFC 9457).',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token: Profile, API tokens; or `npm run firstline -- token create`.',
        },
      },
    },
    security: [{ token: [] }],
  }
}

const introduction = [
  'Ids are strings of digits; a string or a safe integer is taken. Times are RFC 3339 in UTC. Errors are `application/problem+json` with a stable `code`.',
  'Lists are paged by keyset: pass `next` of one page as `after` of the following one. An update of fields sends `If-Match` with the `version` that it saw (428 without, 409 when somebody changed it meanwhile).',
  'A call that creates takes an `Idempotency-Key`, kept for 24 hours: repeat a request whose outcome you do not know, and nothing is made twice.',
].join('\n\n')

function operation(name: string, route: string, tag: string, endpoint: Endpoint): Json {
  const body = requestBody(endpoint)
  return {
    operationId: operationId(name),
    summary: endpoint.summary,
    description: whoMay(endpoint),
    tags: [tag],
    ...(endpoint.who === 'anyone' ? { security: [] } : {}),
    parameters: parameters(route, endpoint),
    ...(body ? { requestBody: body } : {}),
    responses: { ...success(endpoint), default: { $ref: '#/components/responses/Problem' } },
  }
}

/** POST /api/tickets/:id/replies -> post_tickets_id_replies: unique, because method and path are. */
export const operationId = (name: string): string =>
  name
    .replace('/api/', '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^([A-Z]+)/, (method) => method.toLowerCase())

const whoMay = ({ who }: Endpoint): string =>
  who === 'anyone'
    ? 'Who may: anyone, without sign-in.'
    : who === 'person'
      ? 'Who may: every signed-in person; what is seen is decided row by row.'
      : `Who may: the right \`${who}\`.`

function parameters(route: string, endpoint: Endpoint): Json[] {
  const inPath = [...route.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const query = endpoint.query ? (schemaOf(endpoint.query, 'input') as { properties?: Record<string, Json>; required?: string[] }) : {}
  const inQuery = Object.entries(query.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: query.required?.includes(name) ?? false,
    schema,
    ...(schema.description ? { description: schema.description } : {}),
  }))
  const version = endpoint.ifMatch
    ? [{ name: 'If-Match', in: 'header', required: true, schema: { type: 'string' }, description: 'The `version` that you saw.' }]
    : []
  const key = endpoint.idempotent
    ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 200 } }]
    : []
  return [...inPath, ...inQuery, ...version, ...key]
}

function requestBody(endpoint: Endpoint): Json | undefined {
  if (endpoint.wire === 'upload')
    return {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: { file: { type: 'array', items: { type: 'string', contentMediaType: 'application/octet-stream' } } },
          },
        },
      },
    }
  return endpoint.body ? { required: true, content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } } } : undefined
}

function success(endpoint: Endpoint): Json {
  if (endpoint.wire === 'stream')
    return { '200': { description: 'Server-Sent Events.', content: { 'text/event-stream': { schema: { type: 'string' } } } } }
  if (endpoint.wire === 'file')
    return {
      '200': {
        description: 'The bytes.',
        content: { 'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } } },
      },
    }
  const status = String(endpoint.status ?? (endpoint.returns ? 200 : 204))
  if (!endpoint.returns) return { [status]: { description: 'Done; there is no body.' } }
  return { [status]: { description: 'Done.', content: { 'application/json': { schema: schemaOf(endpoint.returns, 'output') } } } }
}

/** Without $ref, so that each schema can be read where it stands. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any', reused: 'inline' }) as Json
  return rest
}
