import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { RefKind } from './rules-references.ts'

/** The name of what a step sets, in the reader's language; empty when it is gone. */
export async function targetName(context: Context, kind: RefKind, id: string): Promise<string> {
  const found = await sql<{
    name: string | null
  }>`select firstline.readymade_target(${kind}, ${id}::bigint, ${context.actor.language}) as name`.execute(context.db)
  return found.rows[0]?.name ?? ''
}
