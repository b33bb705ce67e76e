import { sql } from 'kysely'
import type { VisitReport } from '../../../contract/visits.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import type { FileOut } from '../../kernel/routes.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleTo } from '../tickets/access-visibility.ts'

/** What was on the paper when it was signed, for whoever sees the ticket: nothing of it is read from what holds today. */
export type ReportFacts = Pick<
  VisitReport,
  'company' | 'organisation' | 'place' | 'purpose' | 'startsAt' | 'endsAt' | 'timeZone' | 'arrivedAt' | 'leftAt' | 'spent' | 'parts'
>
type Row = Omit<VisitReport, keyof ReportFacts> & { facts: ReportFacts }

export async function readReport(context: Context, id: string): Promise<VisitReport> {
  const found =
    await sql<Row>`select r.id, r.visit_id as "visitId", json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) as ticket, r.number,
      not exists (select 1 from visit_report n where n.visit_id = r.visit_id and n.number > r.number) as newest, r.facts, r.summary, r.signer, r.how,
      ${wireTime('r.signed_at')} as "signedAt", coalesce(firstline.name_of(r.made_by_id), '') as "madeBy"
    from visit_report r join visit v on v.id = r.visit_id join ticket t on t.id = v.ticket_id where r.id = ${id} and ${visibleTo(context.actor)}`.execute(
      context.db,
    )
  const row = found.rows[0]
  if (!row) throw notFound()
  const { facts, ...rest } = row
  return { ...rest, ...facts, ticket: { ...row.ticket, number: Number(row.ticket.number) } }
}

export async function signatureOf(context: Context, id: string): Promise<FileOut> {
  const found = await sql<{
    signature: Buffer | null
  }>`select r.signature from visit_report r join visit v on v.id = r.visit_id join ticket t on t.id = v.ticket_id
    where r.id = ${id} and ${visibleTo(context.actor)}`.execute(context.db)
  const content = found.rows[0]?.signature
  if (!content) throw notFound()
  return { content, name: `signature-${id}.png`, mediaType: 'image/png', size: content.length, inline: true }
}
