import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { abandonedCall, abandonedCallIds } from './access-calls.ts'
import { giveUp } from './actions-open.ts'
import './events.ts'

/** Each is safe to run twice: a call that was opened or given up is not looked at again. */
export const emergencyJobs = jobs({
  'emergency.sweep': async (kernel) => {
    for (const id of await kernel.asSystem(abandonedCallIds))
      await kernel.asSystem((context) => giveUpOne(context, id)).catch((cause: unknown) => tryLater(kernel, id, cause))
  },
  'emergency.forget': async (kernel) => {
    for (let gone = 1; gone > 0; ) gone = await kernel.asSystem(forgetSome)
  },
})

async function giveUpOne(context: Context, id: string): Promise<void> {
  const call = await abandonedCall(context, id)
  if (call) await giveUp(context, call)
}

/** One that cannot be opened keeps no other caller waiting: it is tried anew after those that broke off since. */
async function tryLater(kernel: Kernel, id: string, cause: unknown): Promise<void> {
  kernel.log.error('a call that broke off was not opened', cause, { call: id })
  await kernel.asSystem(({ db, now }) => sql`update voice_call set heard_at = ${now.toString()} where id = ${id}`.execute(db))
}

async function forgetSome({ db, now }: Context): Promise<number> {
  const gone = await sql`delete from voice_call where id in (select id from voice_call
    where started_at < ${now.subtract({ hours: 24 * 30 }).toString()}::timestamptz limit 1000)`.execute(db)
  return Number(gone.numAffectedRows ?? 0)
}

export const emergencySchedules: Schedule[] = [
  { name: 'emergency.sweep', cron: '* * * * *' },
  { name: 'emergency.forget', cron: '37 4 * * *' },
]
