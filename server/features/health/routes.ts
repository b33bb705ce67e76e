import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { health } from '../../../contract/desk.ts'
import { onWire, systemClock } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import type { Live } from '../../kernel/live.ts'
import { routes } from '../../kernel/routes.ts'
import { accessFailedJob, allChecks, listFailedJobs } from './access.ts'
import { askForBackup, retryJob, setJobAside } from './actions.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
const startedAt = onWire(systemClock.now())

export const healthRoutes = (live: Live) =>
  routes(health, {
    'GET /api/health': async () => ({ ok: true }),
    'GET /api/health/details': async (context) => {
      const checks = await allChecks(context, live.connections())
      return { ok: checks.every((check) => check.state !== 'bad'), version, startedAt, checks }
    },
    'GET /api/health/failed-jobs': (context, { query }) => listFailedJobs(context, query),
    'POST /api/health/failed-jobs/:id/retry': async (context, { params }) => retryJob(context, await accessFailedJob(context, params.id)),
    'POST /api/health/failed-jobs/:id/settle': async (context, { params }) =>
      setJobAside(context, await accessFailedJob(context, params.id)),
    'POST /api/health/backup': (context) => askForBackup(context),
  })

/** A load balancer asks every few seconds and waits for nobody: without the database the answer is no, within two seconds. */
const patience = 1500

export function answerHealthAtOnce(app: FastifyInstance, kernel: Kernel): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' || request.url.split('?')[0] !== '/api/health') return
    const ok = await isAnswering(kernel)
    return reply
      .status(ok ? 200 : 503)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ ok }))
  })
}

async function isAnswering(kernel: Kernel): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((answer) => {
    timer = setTimeout(answer, patience, false)
  })
  const asked = kernel.transactor
    .transaction(async (db) => (await db.selectNoFrom((select) => select.lit(1).as('one')).execute()).length === 1, { reads: true })
    .catch(() => false)
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
