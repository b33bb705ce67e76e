import { sql } from 'kysely'
import type { EmergencyQuestion } from '../../../contract/emergency.ts'
import type { Context } from '../../kernel/context.ts'
import type { Spoken } from './rules-twiml.ts'

/** The calls that the machine takes, for the program alone. */
export type VoiceCall = {
  id: string
  line_id: string
  organisation_id: string | null
  person_id: string | null
  number: string | null
  language: 'en' | 'de'
  state: Spoken['state']
  questions: EmergencyQuestion[]
  answers: (number | null)[]
  tries: number
  recording: string
  words: string
  ticket_id: string | null
  paged: 'yes' | 'no'
  started_at: string
}
const columns = sql`id, line_id, organisation_id, person_id, number, language, state, questions, answers, tries, recording, words,
  firstline.survivor(ticket_id) as ticket_id, paged, started_at::text as started_at`

/**
 * Locked: two nodes that hear of one call at once take turns. Read in a second statement, for whoever waited would still not
 * see the ticket that the other one opened meanwhile.
 */
export async function callBySid({ db }: Context, lineId: string, sid: string): Promise<VoiceCall | undefined> {
  const its = sql`line_id = ${lineId} and external_id = ${sid}`
  const locked = await sql`select 1 from voice_call where ${its} for update`.execute(db)
  if (locked.rows.length === 0) return undefined
  return (await sql<VoiceCall>`select ${columns} from voice_call where ${its}`.execute(db)).rows[0]
}

/** Nothing was heard of them for five minutes, or they were written by a clock that is back where it belongs. */
const abandoned = ({ now }: Context) =>
  sql`state in ('asking', 'recording') and (heard_at < ${now.subtract({ minutes: 5 }).toString()}::timestamptz
    or heard_at > ${now.add({ minutes: 5 }).toString()}::timestamptz)`

export async function abandonedCallIds(context: Context): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from voice_call where ${abandoned(context)} order by heard_at limit 50`.execute(
    context.db,
  )
  return found.rows.map(({ id }) => id)
}

/** One of them, locked, unless somebody is at it or was meanwhile. */
export async function abandonedCall(context: Context, id: string): Promise<VoiceCall | undefined> {
  const found = await sql<VoiceCall>`select ${columns} from voice_call where id = ${id} and ${abandoned(context)}
    for update skip locked`.execute(context.db)
  return found.rows[0]
}

export type Known = {
  personId: string | null
  organisationId: string | null
  siteId: string | null
  language: 'en' | 'de' | null
  several: boolean
}

/** Whose number it is. That of several (a reception) is nobody's, but their customer's where they have one in common. */
export async function knownBy({ db }: Context, number: string | null): Promise<Known> {
  const nobody = { personId: null, organisationId: null, siteId: null, language: null, several: false }
  if (number === null) return nobody
  const found = await sql<{ id: string; organisation_id: string | null; site_id: string | null; language: 'en' | 'de' }>`
    select distinct p.id, p.organisation_id, p.site_id, p.language from contact_point c join person p on p.id = c.person_id and p.archived_at is null
    where c.value = ${number} and c.kind <> 'mail' order by p.id limit 50`.execute(db)
  const [first] = found.rows
  if (!first) return nobody
  const common = <K extends 'organisation_id' | 'site_id' | 'language'>(key: K) =>
    found.rows.every((one) => one[key] === first[key]) ? first[key] : null
  return {
    personId: found.rows.length === 1 ? first.id : null,
    organisationId: common('organisation_id'),
    siteId: common('site_id'),
    language: common('language'),
    several: found.rows.length > 1,
  }
}

/** How many tickets of this number woke somebody within the hour, and which emergency of theirs is still open. */
export async function loudness({ db, now }: Context, call: VoiceCall): Promise<{ paged: number; openTicketId: string | null }> {
  const hour = now.subtract({ hours: 1 }).toString()
  const found = await sql<{ paged: number; openTicketId: string | null }>`select
    (select count(*)::int from voice_call v where v.line_id = ${call.line_id} and v.number is not distinct from ${call.number}::text
      and v.ticket_id is not null and v.paged = 'yes' and v.done_at > ${hour}::timestamptz) as paged,
    (select t.id from voice_call v join ticket t on t.id = firstline.survivor(v.ticket_id)
      where v.line_id = ${call.line_id} and v.number = ${call.number}::text and v.ticket_id is not null and v.done_at > ${hour}::timestamptz
        and t.deleted_at is null and t.meaning not in ('resolved', 'closed', 'cancelled') order by v.id desc limit 1) as "openTicketId"`.execute(
    db,
  )
  return found.rows[0]!
}
