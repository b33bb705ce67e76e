import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { readProblems } from './access-schedule.ts'
import { about } from './actions.ts'
import './events.ts'

/** Leads hear of a hole when two weeks are left to fill it, and again when it is two days. */
const warnings = [2, 14]

/** Every day: once for each hole and distance, however often it runs. */
export async function warnOfGaps(context: Context): Promise<void> {
  const gaps = (await readProblems(context, 'all')).filter((one) => one.person === null || one.kind === 'absent' || one.kind === 'left')
  for (const gap of gaps) {
    const days = (Date.parse(gap.from) - context.now.epochMilliseconds) / 86_400_000
    const ahead = warnings.find((mark) => days <= mark)
    if (ahead === undefined) continue
    // A hole that runs already begins "now" each day; its end is what names it.
    const name = days <= 0 ? gap.to : gap.from
    const fresh =
      await sql`insert into rota_warning (rota_id, starts_at, ahead, told_at) values (${gap.rota.id}, ${name}, ${ahead}, ${context.now.toString()})
      on conflict do nothing returning 1`.execute(context.db)
    if (fresh.rows.length === 0) continue
    const leads = await sql<{
      id: string
    }>`select m.person_id::text as id from rota r join team_member m on m.team_id = r.team_id where r.id = ${gap.rota.id} and m.is_lead = 'yes'`.execute(
      context.db,
    )
    await context.record({
      type: 'oncall.gap-ahead',
      ...about(gap.rota.id),
      data: { startsAt: gap.from, days: ahead, personIds: leads.rows.map((row) => row.id) },
    })
  }
  await sql`delete from rota_warning where told_at < ${context.now.subtract({ hours: 24 * 90 }).toString()}::timestamptz`.execute(
    context.db,
  )
}
