import { type RawBuilder, sql } from 'kysely'
import { type Right, roles } from '../../../contract/rights.ts'
import type { Context } from '../../kernel/context.ts'
import { deskFacts } from '../mail/access-letters.ts'
import { enqueueMail } from '../mail/actions-outbox.ts'
import { rightsOfRole } from '../people/rules.ts'
import { type DeskAbout, type DeskFacts, deskLetter } from './rules-desk.ts'

/**
 * What concerns no ticket but the desk itself. The bell rings once for each matter until it is read, however often it
 * happens; what must not be missed goes by mail as well, each time, to each person apart (C-040).
 */
type To = Right | 'administrators'

const holders = (to: To): RawBuilder<unknown> => {
  const who = to === 'administrators' ? ['administrator'] : roles.filter((role) => rightsOfRole[role].includes(to))
  return sql`person p where p.archived_at is null and exists (select 1 from role_grant g
    where g.person_id = p.id and g.role = any(${who}::text[]) and g.organisation_id is null and g.team_id is null)`
}

export async function ringDesk(context: Context, about: DeskAbout, to: To): Promise<void> {
  if (context.past) return
  const now = context.now.toString()
  await sql`with raised as (
      insert into notice (person_id, at, reason, about) select p.id, ${now}::timestamptz, 'system', ${about} from ${holders(to)}
      on conflict (person_id, about) where about is not null and read_at is null
        do update set at = excluded.at where notice.at < excluded.at - interval '1 minute' returning person_id)
    select firstline.ring(array(select person_id from raised))`.execute(context.db)
}

/** The administrators, and whose it is: they have to mend it. */
export async function ringOwner(context: Context, about: DeskAbout, ownerId: string): Promise<void> {
  if (context.past) return
  await ringDesk(context, about, 'administrators')
  const now = context.now.toString()
  await sql`with raised as (
      insert into notice (person_id, at, reason, about) select p.id, ${now}::timestamptz, 'system', ${about} from person p where p.id = ${ownerId} and p.archived_at is null
      on conflict (person_id, about) where about is not null and read_at is null do nothing returning person_id)
    select firstline.ring(array(select person_id from raised))`.execute(context.db)
}

/** By bell and by mail. Whoever did it is told too: it may have been somebody else at their desk (C-039). */
export async function tellOfDesk(context: Context, about: DeskAbout, facts: DeskFacts): Promise<void> {
  if (context.past) return
  await ringDesk(context, about, 'administrators')
  const desk = await deskFacts(context)
  const found = await sql<{
    id: string
    name: string
    email: string
    language: 'en' | 'de'
  }>`select p.id, p.name, p.email::text as email, p.language
    from ${holders('administrators')} and p.email is not null order by p.id limit 200`.execute(context.db)
  const sender = {
    name: desk.mailboxName ?? desk.company,
    address: desk.address ?? `firstline@${context.kernel.settings.mailDomain}`,
    plus: false,
  }
  for (const one of found.rows)
    await enqueueMail(context, {
      kind: 'system',
      ticketId: null,
      messageId: null,
      mailboxId: desk.mailboxId,
      sender,
      ...deskLetter(about, { ...facts, by: context.actor.name }, one.language, context.kernel.settings.baseUrl),
      recipients: [{ name: one.name, address: one.email, field: 'to', personId: one.id }],
    })
}

/** The mailbox that an event is about, for the letter. */
export async function mailboxNamed(context: Context, id: string): Promise<string> {
  const found = await sql<{ name: string; address: string }>`select name, address::text as address from mailbox where id = ${id}`.execute(
    context.db,
  )
  const row = found.rows[0]
  return row ? `${row.name} (${row.address})` : ''
}
