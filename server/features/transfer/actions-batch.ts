import { sql } from 'kysely'
import { systemActor } from '../../kernel/actor.ts'
import type { Kernel } from '../../kernel/context.ts'
import { flush } from '../../kernel/events.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { type Attempt, inThePast } from '../../kernel/history.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Counts, RunFacts } from './access.ts'
import { importOrganisation, importPerson, importTeam } from './actions-people.ts'
import { importTicket, readFilesLater } from './actions-tickets.ts'
import { countOne, notesOf, type World } from './actions-world.ts'
import { type Batch, type ImportRecord, type Item, type RowFault, RowRefused } from './records.ts'

/**
 * One bounded part in one transaction: each row behind a savepoint, the place and the counts in the same commit. So a
 * killed program neither loses nor repeats a row. The dry run does the same and takes the rows back.
 */
export type Work = { kernel: Kernel; run: RunFacts; dry: boolean; noted: Set<string> }
type Problems = { thing: string; line: number | null; column_name: string; code: string; message: string; value: string }[]

/** More is a report that nobody reads. */
const mostProblems = 10_000
export const originOf = (run: Pick<RunFacts, 'source' | 'mapping' | 'connection'>): string =>
  run.source === 'csv' ? run.mapping.origin : `${run.source}:${run.connection.address ?? ''}`

/** false: somebody paused or ended it, or another node is further on. */
export async function importBatch(work: Work, batch: Batch & { done?: number }): Promise<boolean> {
  const { kernel, run, dry } = work
  const filesToRead: string[] = []
  const went = await inThePast(
    kernel,
    async (actAs, attempt) => {
      const program = systemActor(kernel.allRights)
      const context = actAs(program, kernel.clock.now())
      const state = dry ? 'checking' : 'running'
      const held = await sql<{
        place: unknown
        counts: Counts
        done: number
      }>`select place, counts, done from import_run where id = ${run.id} and state = ${state} for update`.execute(context.db)
      const now = held.rows[0]
      if (!now || !samePlace(now.place, run.place)) return false
      const world: World = {
        context,
        at: (time) => actAs(program, time),
        run,
        origin: originOf(run),
        mapping: run.mapping,
        granting: dry && run.source !== 'csv',
        dry,
        counts: structuredClone(now.counts),
        noted: work.noted,
      }
      const problems = dry
        ? await takenBack(attempt, () => importItems(world, batch.items, attempt, filesToRead))
        : await importItems(world, batch.items, attempt, filesToRead)
      await failpoint('transfer.in-batch')
      await keepProblems(world, problems)
      const done = batch.done ?? now.done + batch.items.length
      await sql`update import_run set place = ${JSON.stringify(batch.place)}::jsonb, counts = ${JSON.stringify(world.counts)}::jsonb, done = ${done} where id = ${run.id}`.execute(
        context.db,
      )
      await sql`select firstline.transfer_moved('import', ${run.id}::bigint)`.execute(context.db)
      // Reading the text of files is no reaction to news: it is done, and with the same commit.
      if (!dry) await flush(context, [], readFilesLater(filesToRead))
      return true
    },
    { quiet: true },
  )
  if (!went) return false
  run.place = batch.place
  await failpoint('transfer.after-batch')
  return true
}

/** jsonb orders keys its own way. */
const samePlace = (a: unknown, b: unknown): boolean => {
  const plain = (place: unknown) => JSON.stringify(Object.entries((place as object | null) ?? {}).sort())
  return plain(a) === plain(b)
}

class TakenBack extends Error {
  readonly result: unknown
  constructor(result: unknown) {
    super('taken back')
    this.result = result
  }
}
async function takenBack<T>(attempt: Attempt, part: () => Promise<T>): Promise<T> {
  try {
    return await attempt(async () => {
      throw new TakenBack(await part())
    })
  } catch (cause) {
    if (cause instanceof TakenBack) return cause.result as T
    throw cause
  }
}

async function importItems(world: World, items: Item[], attempt: Attempt, filesToRead: string[]): Promise<Problems> {
  const problems: Problems = []
  for (const item of items) {
    const faults = 'faults' in item ? item.faults : await importOne(world, item.record, attempt, filesToRead)
    if (faults.length === 0) continue
    countOne(world, item.thing, 'broken')
    for (const { column, ...fault } of faults)
      problems.push({ thing: item.thing, line: item.line, column_name: column, ...fault, value: fault.value.replaceAll('\u0000', '') })
  }
  return problems
}

async function importOne(world: World, record: ImportRecord, attempt: Attempt, filesToRead: string[]): Promise<RowFault[]> {
  const counts = structuredClone(world.counts)
  const files = filesToRead.length
  try {
    await attempt(() => write(world, record, filesToRead))
    if (world.dry) for (const note of notesOf(record)) world.noted.add(note)
    return []
  } catch (cause) {
    world.counts = counts
    filesToRead.length = files
    return faultsOf(world, record, cause)
  }
}

function write(world: World, record: ImportRecord, filesToRead: string[]): Promise<void> {
  if (record.thing === 'tickets') return importTicket(world, record, filesToRead)
  if (record.thing === 'people') return importPerson(world, record)
  return record.thing === 'teams' ? importTeam(world, record) : importOrganisation(world, record)
}

/** What our own rules or the database refuse of one row is that row's fault; anything else is ours and ends the run. */
function faultsOf(world: World, record: ImportRecord, cause: unknown): RowFault[] {
  const column = (field: string) =>
    world.run.source === 'csv' ? field : `${record.thing} ${'number' in record ? record.number : record.externalId}`
  if (cause instanceof RowRefused) return cause.faults.map((fault) => ({ ...fault, column: column(fault.column) }))
  if (cause instanceof Problem) {
    const path = cause.issues[0]?.path ?? ''
    return [
      {
        column: column(path),
        code: cause.code === 'own_address' ? 'own_address' : 'refused',
        message: cause.message,
        value: standsAt(record, path),
      },
    ]
  }
  const code = (cause as { code?: string }).code ?? ''
  if (!/^(22|23)\d\w{2}$/.test(code)) throw cause
  return [{ column: '', code: 'refused', message: `The database refuses this row (${code}).`, value: '' }]
}

function standsAt(record: ImportRecord, path: string): string {
  const value = (record as unknown as Record<string, unknown>)[path]
  return typeof value === 'string' ? value.slice(0, 200) : Array.isArray(value) ? value.join(', ').slice(0, 200) : ''
}

async function keepProblems({ context: { db }, run }: World, problems: Problems): Promise<void> {
  if (problems.length === 0) return
  await sql`insert into import_problem (run_id, thing, line, column_name, code, message, value)
    select ${run.id}::bigint, p.thing, p.line, p.column_name, p.code, p.message, p.value
    from jsonb_to_recordset(${JSON.stringify(problems)}::jsonb) as p (thing text, line int, column_name text, code text, message text, value text)
    where (select count(*) from import_problem x where x.run_id = ${run.id}) < ${mostProblems}`.execute(db)
}
