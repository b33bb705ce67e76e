import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { companySettings } from '../company/access.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { openTicket } from '../tickets/actions-create.ts'
import { link } from '../tickets/actions-relations.ts'
import { settingsOf } from './access.ts'
import type { FoundSurvey } from './access-asked.ts'
import { wordOf } from './rules.ts'
import './events.ts'

/** A bad answer becomes a request of the same person, so that whoever follows it up simply writes to them; what they said is an internal note. */
type Original = {
  subject: string
  teamId: string | null
  mailboxId: string | null
  siteId: string | null
  categoryId: string | null
  language: string
  helperId: string | null
}

type Survey = Pick<FoundSurvey, 'id' | 'ticketId' | 'organisationId' | 'personId' | 'personName' | 'language' | 'followUpId'>

/** The answer as it stands now: a comment that came meanwhile is in it. */
export async function followUpAnswer(context: Context, surveyId: string): Promise<void> {
  const found = await sql<
    Survey & { score: number | null; comment: string }
  >`select s.id, s.ticket_id as "ticketId", s.organisation_id as "organisationId",
      s.person_id as "personId", p.name as "personName", case when p.language = 'de' then 'de' else 'en' end as language, s.follow_up_id as "followUpId", s.score, s.comment
    from survey s join person p on p.id = s.person_id where s.id = ${surveyId} for update of s`.execute(context.db)
  const survey = found.rows[0]
  if (survey && survey.score !== null) await followUp(context, survey, { score: survey.score, comment: survey.comment })
}

export async function followUp(context: Context, survey: Survey, given: { score: number; comment: string }): Promise<void> {
  const settings = await settingsOf(context.db)
  if (given.score > settings.lowScore || survey.followUpId !== null) return
  const original = await originalOf(context, survey.ticketId, settings.followUpTo === 'person' ? settings.followUpPersonId : null)
  const { name: company, language } = await companySettings(context.db)
  const made = await openTicket(
    context,
    {
      kind: 'request',
      // In the person's words: they see it among their requests.
      subject: survey.language === 'de' ? `Ihre Rückmeldung: ${original.subject}` : `Your feedback: ${original.subject}`,
      impact: 1,
      urgency: 2,
      categoryId: original.categoryId,
      channel: 'api',
      requesterId: survey.personId,
      onBehalfOfId: null,
      organisationId: survey.organisationId,
      siteId: original.siteId,
      teamId: original.teamId,
      assigneeId: original.helperId,
      mailboxId: original.mailboxId,
      language: original.language,
      tags: [],
      acknowledge: false,
    },
    {
      kind: 'note',
      direction: 'inside',
      audience: 'staff',
      authorId: null,
      from: { name: company, email: '' },
      body: noteOf(language, survey, given),
    },
  )
  await link(
    context,
    { id: made.id, organisation_id: survey.organisationId },
    { id: survey.ticketId, organisation_id: survey.organisationId },
    'continues',
  )
  await sql`update survey set follow_up_id = ${made.id} where id = ${survey.id}`.execute(context.db)
  await context.record({
    type: 'survey.followed-up',
    subject: { kind: 'survey', id: survey.id },
    ticketId: survey.ticketId,
    organisationId: survey.organisationId,
    rule: 'survey',
    audience: 'staff',
    data: { surveyId: survey.id, toId: made.id },
  })
}

/** Who was chosen, if they are still of the staff; else a lead of the team; else the team finds it unassigned. */
async function originalOf(context: Context, ticketId: string, chosenId: string | null): Promise<Original> {
  const found =
    await sql<Original>`select t.subject, t.team_id as "teamId", t.mailbox_id as "mailboxId", t.site_id as "siteId", t.category_id as "categoryId", t.language,
      coalesce(
        (select p.id from person p where p.id = ${chosenId}::bigint and p.archived_at is null
          and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))),
        (select p.id from team_member tm join person p on p.id = tm.person_id where tm.team_id = t.team_id and tm.is_lead = 'yes' and p.archived_at is null
          order by p.state = 'away', p.id limit 1)) as "helperId"
    from ticket t where t.id = ${ticketId}`.execute(context.db)
  return found.rows[0]!
}

function noteOf(language: 'en' | 'de', survey: Survey, { score, comment }: { score: number; comment: string }): string {
  const said =
    language === 'de'
      ? `${survey.personName} hat Ticket #${survey.ticketId} mit ${score} von 5 bewertet (${wordOf('de', score)}).`
      : `${survey.personName} gave ticket #${survey.ticketId} ${score} of 5 (${wordOf('en', score)}).`
  const none = language === 'de' ? 'Ohne Kommentar.' : 'Without a comment.'
  return `${said}\n\n${comment === '' ? none : comment}`
}

/** What somebody adds later reaches whoever follows it up. */
export async function tellFollowUp(context: Context, survey: Survey, comment: string): Promise<void> {
  if (survey.followUpId === null) return
  const { name } = await companySettings(context.db)
  const ticket = await accessTicket(context, survey.followUpId, 'ticket.note')
  await addMessage(context, ticket, {
    kind: 'note',
    direction: 'inside',
    audience: 'staff',
    authorId: null,
    from: { name, email: '' },
    body: comment,
  })
}
