import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

export async function markMailRead(context: Context, id: string): Promise<void> {
  await sql`update demo_mail set read_at = ${context.now.toString()} where id = ${id} and read_at is null`.execute(context.db)
}
