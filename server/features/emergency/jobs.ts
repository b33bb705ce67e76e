import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { abandonedCalls } from './access-calls.ts'
import { giveUp } from './actions-open.ts'
import './events.ts'

/** Each is safe to run twice: a call that was opened or given up is not looked at again. */
export const emergencyJobs = jobs({
  'emergency.sweep': (kernel) =>
    kernel.asSystem(async (context) => {
      for (const call of await abandonedCalls(context)) await giveUp(context, call)
    }),
  'emergency.forget': async (kernel) => {
    for (let gone = 1; gone > 0; ) gone = await kernel.asSystem(forgetSome)
  },
})

async function forgetSome({ db, now }: Context): Promise<number> {
  const gone = await sql`delete from voice_call where id in (select id from voice_call
    where started_at < ${now.subtract({ hours: 24 * 30 }).toString()}::timestamptz limit 1000)`.execute(db)
  return Number(gone.numAffectedRows ?? 0)
}

export const emergencySchedules: Schedule[] = [
  { name: 'emergency.sweep', cron: '* * * * *' },
  { name: 'emergency.forget', cron: '37 4 * * *' },
]
