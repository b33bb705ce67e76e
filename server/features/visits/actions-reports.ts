import { sql } from 'kysely'
import type { z } from 'zod'
import type { Visit, visits } from '../../../contract/visits.ts'
import type { Context } from '../../kernel/context.ts'
import { type Issue, Problem } from '../../kernel/problem.ts'
import { type Addressee, addresseesOf, mailAbout } from '../mail/actions-about.ts'
import { type GrantedVisit, readVisit } from './access.ts'
import { type ReportFacts, readReport } from './access-reports.ts'
import { placeOf } from './actions-invite.ts'
import { reportWords } from './rules-letters.ts'
import { asSignature, type Unreadable } from './rules-png.ts'
import './events.ts'

/**
 * The work report: what was done, as the person on site signed it. It is written once, with all that was on the paper;
 * what is found out later makes a new one with the next number, and the old one stays.
 */
type Input = z.output<(typeof visits)['POST /api/visits/:id/reports']['body']>

const unreadable: Record<Unreadable, string> = {
  'not-png': 'The signature could not be read. Clear it and sign again.',
  'too-large': 'The signature is too large. Clear it and sign again.',
  empty: 'Nothing was signed. Draw the signature, or type the name instead.',
}

export async function signReport(context: Context, visit: GrantedVisit, input: Input): Promise<string> {
  if (visit.state === 'cancelled') throw new Problem('visit_over', 'This visit was cancelled. Plan a new one.')
  const signature = input.signature === null ? null : asSignature(Buffer.from(input.signature, 'base64'))
  const issues: Issue[] = []
  if (visit.summary.trim() === '')
    issues.push({ path: 'summary', code: 'visit_summary_missing', message: 'Write down what was done, then let it be signed.' })
  if (typeof signature === 'string') issues.push({ path: 'signature', code: `signature_${signature}`, message: unreadable[signature] })
  if (signature === null && !input.consent)
    issues.push({ path: 'consent', code: 'signature_missing', message: 'Draw the signature, or agree that the typed name counts as one.' })
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
  const how = signature === null ? 'typed' : 'drawn'
  const facts = await factsNow(context, await readVisit(context, visit.id))
  const made = await sql<{
    id: string
    number: number
  }>`insert into visit_report (visit_id, number, facts, summary, signer, how, signature, signed_at, made_by_id)
    select ${visit.id}::bigint, coalesce(max(r.number), 0) + 1, ${JSON.stringify(facts)}::jsonb, ${visit.summary}, ${input.signer}, ${how}, ${signature as Buffer | null}::bytea,
      ${context.now.toString()}::timestamptz, ${context.actor.id}::bigint from visit_report r where r.visit_id = ${visit.id} returning id, number`.execute(
    context.db,
  )
  const { id, number } = made.rows[0]!
  await context.record({
    type: 'visit.report-signed',
    subject: { kind: 'visit', id: visit.id },
    ticketId: visit.ticket.id,
    organisationId: visit.ticket.organisation_id,
    audience: 'everyone',
    data: { visitId: visit.id, reportId: id, number, how },
  })
  if (input.tell) await mailReport(context, visit, id, signature as Buffer | null)
  return id
}

async function factsNow(context: Context, visit: Visit): Promise<ReportFacts> {
  const found = await sql<{
    name: string
  }>`select coalesce((select value ->> 'name' from setting where name = 'company'), 'Firstline') as name`.execute(context.db)
  const when = (state: string) => visit.steps.findLast((step) => step.state === state)?.at ?? null
  return {
    company: found.rows[0]!.name,
    organisation: visit.organisation?.name ?? '',
    place: placeOf({ organisation: null, site: visit.site?.name ?? null, address: visit.address }),
    purpose: visit.purpose,
    startsAt: visit.startsAt,
    endsAt: visit.endsAt,
    timeZone: visit.timeZone,
    arrivedAt: when('there'),
    leftAt: when('done'),
    spent: visit.spent.map(({ person, ...minutes }) => ({ name: person.name, ...minutes })),
    // What it cost is between the desk and its books.
    parts: visit.parts.map((part) => ({ ...part, price: null })),
  }
}

/** To whoever asked, and to the contact on site where that is somebody else. */
async function mailReport(context: Context, visit: GrantedVisit, reportId: string, signature: Buffer | null): Promise<void> {
  const report = await readReport(context, reportId)
  const asker = await addresseesOf(context, [visit.ticket.on_behalf_of_id ?? visit.ticket.requester_id])
  const contact: Addressee[] =
    visit.contact_email !== '' && !asker.some((one) => one.address.toLowerCase() === visit.contact_email.toLowerCase())
      ? [{ name: visit.contact_name, address: visit.contact_email, personId: null, language: visit.ticket.language === 'de' ? 'de' : 'en' }]
      : []
  for (const to of [...asker, ...contact]) {
    const { button, ...letter } = reportWords(report, to)
    await mailAbout(context, {
      kind: 'work-report',
      ticketId: visit.ticket.id,
      to,
      ...letter,
      // The contact may have no account here: the letter says it all, and the link is for who can sign in.
      ...(to.personId === null
        ? {}
        : { buttons: [{ label: button, address: `${context.kernel.settings.baseUrl}/work-report/${reportId}` }] }),
      ...(signature
        ? {
            enclosed: [
              { name: `signature-${visit.ticket.id}-${report.number}.png`, mediaType: 'image/png', base64: signature.toString('base64') },
            ],
          }
        : {}),
    })
  }
}
