import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Endpoint } from '../../contract/endpoint.ts'
import type { Right } from '../../contract/rights.ts'
import { type Actor, declareActor, nobody } from './actor.ts'
import { type Context, type ContextEnd, type Kernel, openContext } from './context.ts'
import type { Db } from './db.ts'
import { refuseForm, takeBodies, takingAnything } from './http-body.ts'
import { receiveUploads, sendFile } from './http-files.ts'
import { bindingCookie, clientOf, fromOtherSite, sameOrigin, secureHeaders, sessionCookie } from './http-headers.ts'
import { parseCall } from './http-input.ts'
import { isConflict, problemOf, serialiser } from './http-output.ts'
import * as idempotency from './idempotency.ts'
import { maySeePosition } from './live.ts'
import { Problem, problemBody } from './problem.ts'
import type { Answer, Call, Client, FileOut, Reply, RouteSet, StreamOut } from './routes.ts'
import { hashOf } from './secrets.ts'

/**
 * A request's way: parse by the contract, find the actor, one transaction, the feature's answer, events and jobs
 * flushed, commit, serialise. Conflicts of concurrency are tried again; nothing else is.
 */
export type FindActor = (db: Db, tokenHash: Buffer, kernel: Kernel, asked: Asked) => Promise<Actor | undefined>
/** background: the browser says that nobody did this (a refetch by the live stream); it must not keep a session alive. */
export type Asked = { route: string; background: boolean }
type Route = { name: string; endpoint: Endpoint; answer: Answer<string, Endpoint>; write: (value: unknown) => string }

type Outer = { findActor: FindActor; position: () => string; tls?: { cert: string; key: string } | undefined }

/** `position`: of the live stream, told to staff with what they read. */
export function httpServer(kernel: Kernel, sets: RouteSet[], { findActor, position, tls }: Outer): FastifyInstance {
  const app = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    trustProxy: kernel.settings.TRUST_PROXY === '' ? false : kernel.settings.TRUST_PROXY.split(',').map((a) => a.trim()),
    bodyLimit: 12 * 1024 * 1024,
    requestTimeout: 120_000,
    routerOptions: { maxParamLength: 500 },
    ...(tls ? { https: { ...tls, minVersion: 'TLSv1.2' as const } } : {}),
  }) as unknown as FastifyInstance
  app.register(cookie)
  app.register(multipart, {
    limits: { fileSize: kernel.settings.UPLOAD_MAX_MB * 1024 * 1024, files: 20, fields: 5, fieldSize: 10_000, parts: 25 },
  })
  takePolicyReports(app, kernel)
  takeBodies(app)
  app.addHook('onSend', secureHeaders(kernel))
  app.setErrorHandler((cause, request, reply) => sendProblem(kernel, cause, request, reply))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(kernel, new Problem('not_found', 'There is nothing at this address.'), request, reply),
  )
  for (const set of sets)
    for (const [name, endpoint] of Object.entries(set.contract)) {
      const answer = set.answers[name]
      if (!answer) throw new Error(`No answer for ${name}.`)
      const [method, path] = name.split(' ') as [string, string]
      const route: Route = {
        name,
        endpoint,
        answer,
        write: endpoint.wire === 'file' || endpoint.wire === 'stream' ? () => '' : serialiser(endpoint),
      }
      const where = endpoint.lenient ? takingAnything(app) : (add: (to: FastifyInstance) => void) => add(app)
      where((to) =>
        to.route({
          method: method as 'GET',
          url: path,
          handler: (request, reply) => respond(kernel, route, { findActor, position }, request, reply),
        }),
      )
    }
  return app
}

/** What a browser refused by our policy (report-uri of Content-Security-Policy): a page of ours is wrong, or somebody tried. */
function takePolicyReports(app: FastifyInstance, kernel: Kernel): void {
  app.addContentTypeParser('application/csp-report', { parseAs: 'string', bodyLimit: 16_384 }, (_, body, done) => done(null, body))
  app.post('/api/csp-report', (request, reply) => {
    kernel.log.warn('content security policy', { report: String(request.body).slice(0, 500) })
    return reply.status(204).send()
  })
}

async function respond(
  kernel: Kernel,
  route: Route,
  { findActor, position }: Outer,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { endpoint } = route
  const at = position()
  const client = clientOf(kernel.settings, request)
  const proof = proofOf(kernel, request)
  if (request.method !== 'GET' && (proof?.by === 'cookie' ? !sameOrigin(request) : proof === undefined && fromOtherSite(request)))
    throw new Problem('origin_refused', 'This request came from another site.')
  // Who may not call hears nothing of what would be wrong with the body: the findings wait until after `admit`.
  const { call, fault } = readCall(endpoint, request, client)
  const asked = { route: route.name, background: request.headers['x-background'] !== undefined }
  const find = (db: Db) =>
    proof ? actorBehind(kernel, hashOf(proof.token), request.method === 'GET', (hash) => findActor(db, hash, kernel, asked)) : nobody
  const early =
    endpoint.wire === 'upload' || typeof route.answer !== 'function'
      ? await kernel.transactor.transaction(async (db) => find(db))
      : undefined
  if (early) admit(early, endpoint, request)
  if (early && fault) throw fault
  if (endpoint.wire === 'upload') call.uploads = await receiveUploads(kernel, request)
  const before = typeof route.answer === 'function' ? undefined : await route.answer.before(kernel, call, early ?? nobody)

  const told: Told = { status: endpoint.status ?? (endpoint.returns || endpoint.wire ? 200 : 204), session: undefined, binding: undefined }
  const key = endpoint.idempotent ? request.headers['idempotency-key'] : undefined
  const act = async (db: Db) => {
    const actor = await find(db)
    admit(actor, endpoint, request)
    if (fault) throw fault
    declareActor(db, actor)
    const context = openContext(kernel, db, actor, request.id)
    const body = await answerOnce(context, route, call, told, before, key === undefined ? undefined : nameOf(key))
    await context.flush()
    return { body, context }
  }
  const repeat = async (db: Db) => {
    const actor = await find(db)
    admit(actor, endpoint, request)
    const context = openContext(kernel, db, actor, request.id)
    const kept = await idempotency.kept(context, route.name, nameOf(key), { body: call.body, params: call.params })
    told.status = kept.status
    return { body: kept.answer === null ? '' : JSON.stringify(kept.answer), context }
  }
  const done = await withRetries(() => kernel.transactor.transaction(act, { reads: request.method === 'GET' })).catch((cause: unknown) => {
    if (!(cause instanceof idempotency.KeyTaken)) throw cause
    return kernel.transactor.transaction(repeat)
  })
  ;(done.context as ContextEnd).committed()
  if (request.method === 'GET' && maySeePosition(done.context.actor)) reply.header('live-position', at)
  return send(kernel, route, told, done.body, reply)
}

async function actorBehind(
  kernel: Kernel,
  tokenHash: Buffer,
  reads: boolean,
  find: (tokenHash: Buffer) => Promise<Actor | undefined>,
): Promise<Actor> {
  const recalled = reads ? kernel.actors.recall(tokenHash) : undefined
  if (recalled) return recalled
  const actor = await find(tokenHash)
  if (actor && actor.pending === null) kernel.actors.remember(tokenHash, actor)
  return actor ?? nobody
}

function readCall(endpoint: Endpoint, request: FastifyRequest, client: Client): { call: Call<string, Endpoint>; fault?: unknown } {
  try {
    refuseForm(endpoint, request)
    return { call: { ...parseCall(endpoint, request), uploads: [], client } as never }
  } catch (fault) {
    return { call: { params: {}, query: {}, body: undefined, version: 0, uploads: [], client } as never, fault }
  }
}

const nameOf = (key: string | string[] | undefined): string => String(key).slice(0, 200)

type Told = { status: number; session: string | null | undefined; binding: string | undefined }

async function answerOnce(
  context: Context,
  route: Route,
  call: Call<string, Endpoint>,
  told: Told,
  before: unknown,
  key: string | undefined,
): Promise<unknown> {
  const claimed = key === undefined ? undefined : idempotency.claim(context, route.name, key, { body: call.body, params: call.params })
  const reply: Reply = {
    setSession: (token) => {
      told.session = token
    },
    bind: (token) => {
      told.binding = token
    },
    status: (code) => {
      told.status = code
    },
  }
  const { answer } = route
  const answering = async () => (typeof answer === 'function' ? answer(context, call, reply) : answer.answer(context, call, reply, before))
  // When the key is taken, that is also why the action failed.
  const value = await answering().finally(() => claimed)
  if (route.endpoint.wire === 'file' || route.endpoint.wire === 'stream') return value
  const body = route.write(value)
  if (key !== undefined) idempotency.keep(context, route.name, key, told.status, body)
  return body
}

function send(kernel: Kernel, route: Route, told: Told, body: unknown, reply: FastifyReply): unknown {
  if (told.session !== undefined) sessionCookie(kernel.settings, reply, told.session)
  if (told.binding !== undefined) bindingCookie(kernel.settings, reply, told.binding)
  if (route.endpoint.wire === 'file') return sendFile(reply, body as FileOut)
  if (route.endpoint.wire === 'stream') {
    reply.hijack()
    ;(body as StreamOut)(reply.raw)
    return reply
  }
  reply.status(told.status)
  if (body === '' || told.status === 204) return reply.status(told.status === 200 ? 204 : told.status).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

/** Who may call at all; what is seen and changed is decided by the features' access functions. */
function admit(actor: Actor, endpoint: Endpoint, request: FastifyRequest): void {
  if (endpoint.who === 'anyone') return
  if (actor.kind === 'anonymous') throw new Problem('sign_in_needed', 'Please sign in.')
  if (endpoint.who === 'first-factor') return
  if (actor.pending === 'second-factor') throw new Problem('second_factor_needed', 'Enter the code of your second factor.')
  if (actor.pending === 'second-factor-setup') throw new Problem('second_factor_setup_needed', 'Set up a second factor first.')
  if (actor.readOnly && request.method !== 'GET') throw new Problem('not_allowed', 'This token may only read.')
  if (endpoint.who !== 'person' && !actor.rights.has(endpoint.who as Right))
    throw new Problem('not_allowed', 'Your role does not include this.')
}

type Proof = { by: 'cookie' | 'bearer'; token: string }
function proofOf(kernel: Kernel, request: FastifyRequest): Proof | undefined {
  const bearer = /^Bearer ([\w-]{8,200})$/i.exec(request.headers.authorization ?? '')
  if (bearer?.[1]) return { by: 'bearer', token: bearer[1] }
  const token = request.cookies[sessionCookie.nameIn(kernel.settings)]
  return token ? { by: 'cookie', token } : undefined
}

/** Serialization failures and deadlocks rolled back whole: trying again is safe (FT-10). */
async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (cause) {
      if (tries >= 4 || !isConflict(cause)) throw cause
      await new Promise((go) => setTimeout(go, Math.random() * 20 * 2 ** tries))
    }
  }
}

function sendProblem(kernel: Kernel, cause: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  const known = problemOf(cause)
  if (!known || known.status === 500)
    kernel.log.error('request failed', cause, { request: request.id, method: request.method, route: request.routeOptions.url })
  else if (known.status === 503) kernel.log.warn('request refused', { request: request.id, code: known.code, cause: String(cause) })
  const problem = known ?? new Problem('internal', 'Something went wrong on our side. Nothing was changed.')
  if (problem.status === 503) reply.header('retry-after', '3')
  if (typeof problem.details.retryAfter === 'number') reply.header('retry-after', String(problem.details.retryAfter))
  return reply
    .status(problem.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(problem, request.id)))
}
