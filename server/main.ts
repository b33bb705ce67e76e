import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

enableCompileCache()
const began = performance.now()
const { allJobs, allSchedules, buildApp } = await import('./app.ts')
const { startLive } = await import('./kernel/live.ts')
const { poolOf } = await import('./kernel/db.ts')
const { armFailpoint } = await import('./kernel/failpoint.ts')
const { readSettings, WrongSetting } = await import('./kernel/settings.ts')
const { startWorker } = await import('./kernel/worker.ts')
const { openProgram } = await import('./program.ts')
const { openDoors, prepareDemo } = await import('./start.ts')

/** `npm start [-- --demo]`: database, migrations, web, worker, mail, in one process; says each step with its time. */
const say = (line: string) => process.stdout.write(`${line}\n`)

async function start(): Promise<void> {
  const settings = readSettings()
  armFailpoint(settings.FAILPOINT)
  const demo = process.argv.includes('--demo')
  const program = await openProgram(settings, { say })
  const { kernel } = program
  const sample = await prepareDemo(kernel, say, demo)
  const live = startLive(program.appUrl, kernel.log, program.appOptions)
  const tls =
    settings.TLS_CERT && settings.TLS_KEY
      ? { cert: readFileSync(settings.TLS_CERT, 'utf8'), key: readFileSync(settings.TLS_KEY, 'utf8') }
      : undefined
  const app = buildApp(kernel, live, tls)
  const workerPool = poolOf(
    program.ownerUrl,
    6,
    (cause) => kernel.log.warn('worker lost its connection', { cause: cause.message }),
    undefined,
    false,
  )
  const worker = await startWorker(kernel, workerPool, allJobs, allSchedules)
  await app.listen({ host: settings.HOST, port: settings.PORT })
  const doors = await openDoors(kernel, say, sample)
  say(`Ready in ${((performance.now() - began) / 1000).toFixed(1)} s: ${settings.baseUrl}`)
  await doors.sayFirstSteps()

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    say('Stopping.')
    const hurry = setTimeout(() => process.exit(1), 30_000)
    hurry.unref()
    await doors.close()
    await live.stop()
    await app.close()
    await worker.stop()
    await workerPool.end()
    await program.stop()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

start().catch((cause: unknown) => {
  const inWords = cause instanceof WrongSetting || (cause as { code?: string }).code === 'EADDRINUSE'
  process.stderr.write(
    inWords
      ? `${sentence(cause as Error)}\n`
      : `Firstline did not start: ${cause instanceof Error ? (cause.stack ?? cause.message) : cause}\n`,
  )
  process.exit(1)
})

function sentence(cause: Error & { code?: string; port?: number }): string {
  return cause.code === 'EADDRINUSE'
    ? `The port ${cause.port} is taken by another program. Set PORT (web) or SMTP_PORT (mail) to a free one.`
    : cause.message
}
