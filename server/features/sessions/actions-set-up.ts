import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { writeGrant } from '../people/actions-grants.ts'
import { addPerson } from '../people/actions-people.ts'
import { makeLink } from './actions-links.ts'

/**
 * The first start: as long as no administrator can sign in, each start makes a single-use link and prints it where only
 * the operator sees it. Whoever opens it becomes the first administrator; after that there is no such link (G-096).
 */

/** An administrator of the whole desk who has an address or a proof to sign in with. */
export async function isSetUp(db: Db): Promise<boolean> {
  const found = await sql<{ done: boolean }>`select firstline.has_administrator() as done`.execute(db)
  return found.rows[0]?.done === true
}

/** Returns the path of the link (/set-up/…), to be printed behind the address; null when there is an administrator. */
export async function firstSetUp(kernel: Kernel): Promise<string | null> {
  return kernel.asSystem(async (context) => {
    if (await isSetUp(context.db)) return null
    const { token } = await makeLink(context, 'set-up', null)
    return `/set-up/${token}`
  })
}

/** The administrator that `firstline token create --admin` made on an empty desk has no address yet: they become one. */
async function nameless(db: Db): Promise<string | undefined> {
  const found = await sql<{ id: string }>`select p.id from person p join role_grant g on g.person_id = p.id and g.role = 'administrator'
    where g.organisation_id is null and g.team_id is null and p.archived_at is null and p.email is null order by p.id limit 1`.execute(db)
  return found.rows[0]?.id
}

export type FirstAdministrator = { name?: string | undefined; email?: string | undefined }

export async function makeFirstAdministrator(context: Context, { name, email }: FirstAdministrator): Promise<string> {
  // One at a time: two links that are used together must not make two.
  await sql`select pg_advisory_xact_lock(1179210317)`.execute(context.db)
  if (await isSetUp(context.db)) throw new Problem('set_up_done', 'This desk has an administrator: sign in.')
  if (name === undefined) throw invalid('name', 'missing', 'Your name, please.')
  if (email === undefined) throw invalid('email', 'missing', 'Your address, please.')
  const known = await nameless(context.db)
  if (known !== undefined) {
    await sql`update person set name = ${name}, email = ${email}, version = version + 1 where id = ${known}`.execute(context.db)
    return known
  }
  const id = await addPerson(context, { name, email })
  await writeGrant(context, id, { role: 'administrator', organisationId: null, teamId: null })
  return id
}

/** For the command line: the first administrator, made without an address where there is none. */
export async function firstAdministrator(context: Context): Promise<{ id: string; name: string }> {
  const found = await sql<{ id: string; name: string }>`select p.id, p.name from person p join role_grant g on g.person_id = p.id
    where g.role = 'administrator' and g.organisation_id is null and g.team_id is null and p.archived_at is null order by g.id limit 1`.execute(
    context.db,
  )
  if (found.rows[0]) return found.rows[0]
  const name = 'Administrator'
  const id = await addPerson(context, { name })
  await writeGrant(context, id, { role: 'administrator', organisationId: null, teamId: null })
  return { id, name }
}
