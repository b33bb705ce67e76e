import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { AskedSurvey } from '../../../contract/surveys.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { usual } from './rules.ts'

/** The question to one person about one ticket, found by the link they were sent or by who they are; dead when the ticket went on. */
export type FoundSurvey = AskedSurvey & {
  id: string
  ticketId: string
  organisationId: string | null
  teamId: string | null
  personId: string
  personName: string
  followUpId: string | null
}

const gone = () => new Problem('link_expired', 'This link has expired, or the request has gone on since.')

async function find({ db, now }: Context, which: RawBuilder<SqlBool>): Promise<FoundSurvey | undefined> {
  const found = await sql<
    Omit<FoundSurvey, 'question' | 'number' | 'state'> & { wording: { question: string } | null }
  >`select s.id, s.ticket_id as "ticketId",
      s.organisation_id as "organisationId", s.team_id as "teamId", s.person_id as "personId", p.name as "personName", s.follow_up_id as "followUpId", s.score, s.comment, t.subject,
      case when p.language = 'de' then 'de' else 'en' end as language,
      coalesce((select value ->> 'name' from setting where name = 'company'), 'Firstline') as company,
      (select value #> array['wording', case when p.language = 'de' then 'de' else 'en' end] from setting where name = 'surveys') as wording
    from survey s join ticket t on t.id = s.ticket_id join person p on p.id = s.person_id
    where ${which} and s.expires_at > ${now.toString()} and t.requester_id = s.person_id and t.merged_into_id is null and t.deleted_at is null
      and t.meaning in ('resolved', 'closed') and p.archived_at is null order by s.id desc limit 1 for update of s`.execute(db)
  const row = found.rows[0]
  if (!row) return undefined
  const { wording, ...rest } = row
  return {
    ...rest,
    number: Number(row.ticketId),
    question: wording?.question ?? usual.wording[row.language].question,
    state: row.score === null ? 'open' : 'answered',
  }
}

export async function byToken(context: Context, token: string): Promise<FoundSurvey> {
  const found = await find(context, sql<SqlBool>`s.token_hash = ${hashOf(token)}`)
  if (!found) throw gone()
  return found
}
export const ofRequester = (context: Context, ticketId: string, personId: string): Promise<FoundSurvey | undefined> =>
  find(context, sql<SqlBool>`s.ticket_id = ${ticketId} and s.person_id = ${personId}`)

export const askedOf = ({ company, number, subject, language, question, state, score, comment }: FoundSurvey): AskedSurvey => ({
  company,
  number,
  subject,
  language,
  question,
  state,
  score,
  comment,
})
