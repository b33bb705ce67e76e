import { sql } from 'kysely'
import type { z } from 'zod'
import type { emergency } from '../../../contract/emergency.ts'
import type { Context } from '../../kernel/context.ts'
import { keptReach } from './access-card.ts'
import './events.ts'

type Change = z.output<(typeof emergency)['PATCH /api/emergency/reach']['body']>

export async function changeReach(context: Context, change: Change): Promise<void> {
  const value = JSON.stringify({ ...(await keptReach(context.db)), ...change })
  await sql`insert into setting (name, value, changed_at, changed_by_id) values ('reach', ${value}, ${context.now.toString()}, ${context.actor.id})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id`.execute(
    context.db,
  )
  await context.record({
    type: 'emergency.changed',
    subject: { kind: 'emergency', id: '0' },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}
