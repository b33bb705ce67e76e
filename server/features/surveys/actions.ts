import { sql } from 'kysely'
import type { z } from 'zod'
import type { surveys } from '../../../contract/surveys.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import { type SurveyFacts, settingsOf } from './access.ts'
import { type Settings, unknownPlace } from './rules.ts'
import './events.ts'

type Change = z.output<(typeof surveys)['PATCH /api/surveys/settings']['body']>

export async function changeSettings(context: Context, change: Change): Promise<void> {
  const wanted = { ...(await settingsOf(context.db)), ...change } as Settings
  if (change.wording) refuseUnknownPlaces(change.wording)
  if (change.organisationIds) await refuseUnknown(context, change.organisationIds)
  if (wanted.followUpTo === 'person') await refuseNobody(context, wanted.followUpPersonId)
  await sql`insert into setting (name, value, changed_at, changed_by_id) values ('surveys', ${JSON.stringify(wanted)}, ${context.now.toString()}, ${context.actor.id})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id`.execute(
    context.db,
  )
  await context.record({
    type: 'survey.settings-changed',
    subject: { kind: 'setting', id: '0' },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}

function refuseUnknownPlaces(wording: NonNullable<Change['wording']>): void {
  for (const language of ['en', 'de'] as const)
    for (const [field, text] of Object.entries(wording[language])) {
      const unknown = unknownPlace(text)
      if (unknown)
        throw invalid(
          `wording.${language}.${field}`,
          'placeholder',
          `${unknown} stands for nothing. Use {{name}}, {{number}}, {{subject}} or {{company}}.`,
        )
    }
}

async function refuseUnknown(context: Context, ids: readonly string[]): Promise<void> {
  const found = await sql<{ n: number }>`select count(*)::int as n from organisation where id = any(${ids}::bigint[])`.execute(context.db)
  if (found.rows[0]?.n !== new Set(ids).size)
    throw invalid('organisationIds', 'unknown', 'One of these organisations does not exist. Choose them anew.')
}

async function refuseNobody(context: Context, personId: string | null): Promise<void> {
  const found = await sql`select 1 from person p where p.id = ${personId}::bigint and p.archived_at is null
    and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))`.execute(
    context.db,
  )
  if (found.rows.length === 0) throw invalid('followUpPersonId', 'unknown', 'Choose somebody of the staff who follows bad answers up.')
}

export async function eraseComment(context: Context, survey: Granted<SurveyFacts, 'survey.erase'>): Promise<void> {
  await sql`update survey set comment = '' where id = ${survey.id}`.execute(context.db)
  await context.record({
    type: 'survey.comment-erased',
    subject: { kind: 'survey', id: survey.id },
    ticketId: survey.ticket_id,
    organisationId: survey.organisation_id,
    audience: 'staff',
    data: { surveyId: survey.id },
  })
}
