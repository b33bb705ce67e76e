import type { ImportKind, ImportMapping } from '../../../contract/transfer.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { inThePast } from '../../kernel/history.ts'
import { job } from '../../kernel/jobs.ts'
import { Problem } from '../../kernel/problem.ts'
import { takeHtml } from '../mail/actions-import.ts'
import { accessImport, type RunFacts } from './access.ts'
import { changeImport, checkImport, failImport, finishImport, prepareFile, secretOf, startImport } from './actions.ts'
import { importBatch } from './actions-batch.ts'
import { notesOf } from './actions-world.ts'
import type { Ask } from './ask.ts'
import { glpiAsker, readGlpi } from './glpi.ts'
import './job-types.ts'
import { lookAt, readRows } from './read-file.ts'
import type { Batch } from './records.ts'
import type { Reading } from './rules-zammad.ts'
import { readZammad, zammadAsker } from './zammad.ts'

/** How long one job works on before it makes room: a stop of the program waits for no whole import. */
const turn = 5000

/** One turn of an import or of its dry run; it queues the next one by itself. */
export async function runImport(kernel: Kernel, runId: string): Promise<void> {
  const run = await kernel.asSystem((context) => accessImport(context, runId, { lock: false })).catch(() => undefined)
  if (!run || (run.state !== 'checking' && run.state !== 'running')) return
  try {
    await runOn(kernel, run)
  } catch (cause) {
    if (!(cause instanceof Problem)) kernel.log.error('import failed', cause, { run: runId })
    const why =
      cause instanceof Problem ? cause.message : 'Something went wrong on our side. What was imported stays; it can go on from there.'
    await kernel.asSystem((context) => failImport(context, runId, why))
  }
}

/** A small file from the first look to the end, as somebody who is not at a screen: the sample company's own import. */
export type SmallFile = { kind: ImportKind; name: string; bytes: Buffer; choices: Partial<ImportMapping> }
export async function importSmallFile(kernel: Kernel, actor: Actor, { kind, name, bytes, choices }: SmallFile): Promise<string> {
  const look = await lookAt(bytes)
  const file = { ...(await kernel.files.put(bytes)), name, mediaType: 'text/csv' }
  const now = kernel.clock.now()
  const id = await inThePast(kernel, (actAs) => prepareFile(actAs(actor, now), kind, file, look))
  const choose = (context: Context, run: Granted<RunFacts, 'setting.edit'>) =>
    changeImport(context, run, run.version, { mapping: { ...run.mapping, ...choices } }, null)
  for (const step of [choose, checkImport, startImport]) {
    await inThePast(kernel, async (actAs) => {
      const context = actAs(actor, now)
      await step(context, await accessImport(context, id))
    })
    await runImport(kernel, id)
  }
  return id
}

async function runOn(kernel: Kernel, run: RunFacts): Promise<void> {
  const began = performance.now()
  const work = { kernel, run, dry: run.dry === 'yes', noted: new Set<string>() }
  for await (const batch of await opened(kernel, run, work)) {
    if (!(await importBatch(work, batch))) return
    if (performance.now() - began > turn) {
      await kernel.asSystem(async (context) =>
        context.later(job('transfer.run', { runId: run.id }, { key: `transfer.run:${run.id}`, queue: 'transfer' })),
      )
      return
    }
  }
  await kernel.asSystem((context) => finishImport(context, run))
}

async function opened(
  kernel: Kernel,
  run: RunFacts,
  work: { dry: boolean; noted: Set<string> },
): Promise<AsyncGenerator<Batch & { done?: number }>> {
  if (run.source === 'csv') {
    if (run.sha256 === null || run.layout === null || run.kind === null) throw new Error('An import of a file without one.')
    const reading = { kind: run.kind, headers: run.layout.columns.map(({ name }) => name), mapping: run.mapping, now: kernel.clock.now() }
    return readRows(await kernel.files.read(run.sha256), run.layout, run.place ?? {}, reading, (record) => {
      if (work.dry) for (const note of notesOf(record)) work.noted.add(note)
    })
  }
  const reading: Reading = { mapping: run.mapping, html: takeHtml }
  const ask = await askerOfRun(kernel, run)
  return run.source === 'zammad'
    ? readZammad(kernel, ask, run.place ?? {}, reading, work.dry)
    : readGlpi(kernel, ask, run.place ?? {}, reading, work.dry)
}

async function askerOfRun(kernel: Kernel, run: RunFacts): Promise<Ask> {
  if (run.secret === null) throw new Problem('source_unreachable', 'The token was forgotten when the import ended. Prepare a new one.')
  const { token, appToken } = JSON.parse(kernel.secrets.open(run.secret, secretOf(run.id))) as { token: string; appToken: string | null }
  const address = run.connection.address ?? ''
  return run.source === 'zammad' ? zammadAsker(kernel, address, token) : glpiAsker(kernel, address, token, appToken)
}
