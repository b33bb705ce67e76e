import { sql } from 'kysely'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { companySettings } from '../company/access.ts'
import { mailAbout } from '../mail/actions-about.ts'
import { linkMark } from '../mail/actions-outbox.ts'
import { settingsOf } from './access.ts'
import { type Facts, fillIn, isNobody, type Settings, scale, unproven, whyNotAsk } from './rules.ts'
import './events.ts'

/** Asks about one ticket, if it is to be asked about: once for each time it was closed, and each person now and then only. */
type Found = Facts & {
  personId: string
  name: string
  address: string | null
  language: 'en' | 'de'
  verified: boolean
  subject: string
  teamId: string | null
}

export async function askAbout(context: Context, ticketId: string, when: 'closed' | 'resolved'): Promise<void> {
  const settings = await settingsOf(context.db)
  if (!settings.on || settings.when !== when) return
  const facts = await factsOf(context, ticketId, when)
  if (!facts) return
  if (when === 'resolved' && facts.occasionAt !== null) {
    const due = Temporal.Instant.from(facts.occasionAt).add({ hours: settings.afterHours })
    if (Temporal.Instant.compare(context.now, due) < 0) return context.later(job('surveys.ask', { ticketId, when }, { at: due }))
  }
  if (whyNotAsk(settings, facts, context.now.epochMilliseconds) === null) await ask(context, settings, facts)
}

async function factsOf(context: Context, ticketId: string, when: 'closed' | 'resolved'): Promise<Found | undefined> {
  // Two tickets of one person may be closed at once: the second waits, and then sees that they were asked.
  await sql`select pg_advisory_xact_lock(18, hashint8(t.requester_id)) from ticket t where t.id = ${ticketId}`.execute(context.db)
  const found = await sql<
    Omit<Found, 'automatic'> & { byProgram: boolean }
  >`select t.id as "ticketId", t.kind, t.channel, t.meaning, t.subject,
      to_char((case when ${when} = 'closed' then t.closed_at else t.resolved_at end) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occasionAt",
      t.organisation_id as "organisationId", t.team_id as "teamId", t.merged_into_id is not null or t.deleted_at is not null as "mergedOrRemoved",
      t.restricted_at is not null as restricted, p.id as "personId", p.name, p.email::text as address, case when p.language = 'de' then 'de' else 'en' end as language,
      p.verified_at is not null as verified, coalesce(t.assignee_id = t.requester_id, false) as "ownHelper",
      p.email is not null and p.archived_at is null and not exists (select 1 from mailbox b where b.address = p.email) as reachable,
      coalesce((select m.automatic is not null from message m where m.ticket_id = t.id order by m.id limit 1), false) as "byProgram",
      exists (select 1 from survey f where f.follow_up_id = t.id) as "isFollowUp",
      (select to_char(s.asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from survey s where s.person_id = p.id order by s.asked_at desc limit 1) as "lastAskedAt"
    from ticket t join person p on p.id = t.requester_id where t.id = ${ticketId}`.execute(context.db)
  const row = found.rows[0]
  return row && { ...row, automatic: row.byProgram || (row.address !== null && isNobody(row.address)) }
}

async function ask(context: Context, settings: Settings, facts: Found): Promise<void> {
  const token = newToken()
  const expiresAt = context.now.add({ hours: 24 * settings.validDays }).toString()
  const id = await insertSurvey(context, { ...facts, tokenHash: hashOf(token), expiresAt })
  if (id === null) return
  await mailSurvey(context, settings, facts, { token, expiresAt })
}

export type NewSurvey = Pick<Found, 'ticketId' | 'personId' | 'organisationId' | 'teamId' | 'occasionAt'> & {
  tokenHash: Buffer
  expiresAt: string
}

/** Null: it was asked about this closing already. */
export async function insertSurvey(context: Context, survey: NewSurvey): Promise<string | null> {
  const made = await sql<{
    id: string
  }>`insert into survey (ticket_id, person_id, organisation_id, team_id, occasion_at, token_hash, asked_at, expires_at)
    values (${survey.ticketId}, ${survey.personId}, ${survey.organisationId}, ${survey.teamId}, ${survey.occasionAt}, ${survey.tokenHash},
      ${context.now.toString()}, ${survey.expiresAt}) on conflict (ticket_id, occasion_at) do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) return null
  await context.record({
    type: 'survey.asked',
    subject: { kind: 'survey', id },
    ticketId: survey.ticketId,
    organisationId: survey.organisationId,
    audience: 'staff',
    data: { surveyId: id },
  })
  return id
}

/** The link lies sealed in the outbox, as a sign-in link does: whoever reads the outbox cannot answer for the customer. */
async function mailSurvey(context: Context, settings: Settings, facts: Found, link: { token: string; expiresAt: string }): Promise<void> {
  const { ticketId, language, verified, personId, name, address } = facts
  const { name: company } = await companySettings(context.db)
  const values = { name: verified ? name : '', number: ticketId, subject: verified ? facts.subject : '', company }
  const words = settings.wording[language]
  const linkId = hashOf(newToken()).toString('hex')
  const sealed = context.kernel.secrets.seal(link.token, { table: 'link', column: 'token', row: linkId }).toString('base64')
  await mailAbout(context, {
    kind: 'survey',
    ticketId,
    to: { name: values.name, address: address ?? '', personId, language },
    subject: fillIn(words.subject, values),
    body: fillIn(verified ? words.text : unproven[language], values),
    // The best first: on a phone they stand below each other, and most are satisfied.
    buttons: [5, 4, 3, 2, 1].map((score) => ({
      label: `${score} ${scale[language][score - 1]}`,
      address: `${linkMark}?score=${score}`,
      even: true,
    })),
    secret: { link: sealed, linkId, expiresAt: link.expiresAt, is: 'survey' },
  })
}
