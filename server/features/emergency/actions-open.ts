import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { keepHeardCall } from '../calls/actions-heard.ts'
import { addPerson } from '../people/actions-people.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { type Asker, openTicket, personById } from '../tickets/actions-create.ts'
import { unsaid } from '../tickets/rules.ts'
import { knownBy, loudness, type VoiceCall } from './access-calls.ts'
import { type LineFacts, lineAlone } from './access-lines.ts'
import { raise, wake } from './actions-judge.ts'
import { severityOf } from './rules.ts'
import { answersInWords, speech } from './words.ts'
import './events.ts'

/**
 * A call of the machine becomes a ticket: after something was said, and likewise when somebody hung up after the first
 * answer, for whoever is in need may. In doubt somebody is woken; only who said that it can wait waits.
 */
export async function openCall(context: Context, call: VoiceCall, hungUp: boolean): Promise<void> {
  const line = await lineAlone(context, call.line_id)
  const { paged: loud, openTicketId } = await loudness(context, call)
  const severity = severityOf(call.questions, call.answers)
  const tooLoud = loud >= line.pages_per_hour
  const asker = await askerOf(context, line, call)
  let ticketId = tooLoud ? openTicketId : null
  let paged = false
  if (ticketId !== null) {
    await attach(context, ticketId, asker, textOf(line, call, hungUp, true))
    await raise(context, ticketId, severity, true)
  } else {
    ticketId = await newTicket(context, line, call, asker, textOf(line, call, hungUp, tooLoud))
    paged = severity.leadsTo !== 'wait' && !tooLoud && (await wake(context, ticketId, line.policy_id))
  }
  if (call.recording !== '') await noteRecording(context, ticketId, call)
  await close(context, call, 'opened', { ticketId, paged, personId: asker.id })
  const { organisation_id } = await accessTicket(context, ticketId, 'ticket.see')
  await context.record({
    type: 'emergency.opened',
    subject: { kind: 'ticket', id: ticketId },
    ticketId,
    organisationId: organisation_id,
    audience: 'staff',
    data: { callId: call.id, paged, hungUp },
  })
}

/** The call is over: hung up. With an answer it is a ticket all the same; without any it is a missed call. */
export async function giveUp(context: Context, call: VoiceCall): Promise<void> {
  if (call.state !== 'asking' && call.state !== 'recording') return
  const heard = call.words !== '' || call.recording !== '' || call.answers.some((digit) => digit !== null)
  if (heard) return openCall(context, call, call.words === '' && call.recording === '')
  await close(context, call, 'given-up', { ticketId: null, paged: false, personId: call.person_id })
}

type End = { ticketId: string | null; paged: boolean; personId: string | null }
async function close(context: Context, call: VoiceCall, state: 'opened' | 'given-up', { ticketId, paged, personId }: End): Promise<void> {
  const at = context.now.toString()
  await sql`update voice_call set state = ${state}, ticket_id = ${ticketId}::bigint, paged = ${paged ? 'yes' : 'no'}, person_id = coalesce(person_id, ${personId}::bigint),
    done_at = ${at}::timestamptz, heard_at = ${at}::timestamptz where id = ${call.id}`.execute(context.db)
  const missed = call.state === 'given-up'
  await keepHeardCall(context, { number: call.number, personId, ticketId, startedAt: call.started_at, missed })
}

/** An unknown number becomes a person with that number, as when somebody takes the call; one withheld, or of several, is the line's. */
async function askerOf(context: Context, line: LineFacts, call: VoiceCall): Promise<Asker> {
  const there = call.person_id !== null && (await isThere(context, call.person_id))
  const known = there ? null : await knownBy(context, call.number)
  const own = { language: call.language }
  const found = there ? call.person_id : known?.personId
  if (found) return personById(context, found, 'personId')
  if (call.number === null || known?.several) {
    const asker = await personById(context, await personOfLine(context, line), 'personId')
    return { ...asker, ...own, organisationId: call.organisation_id, siteId: known?.siteId ?? null }
  }
  const phones = [{ kind: 'work' as const, number: call.number }]
  const name = `${speech[call.language].unknown} ${call.number}`
  const id = await addPerson(context, { name, phones, organisationId: null, language: call.language })
  return personById(context, id, 'personId')
}

const isThere = async ({ db }: Context, id: string): Promise<boolean> =>
  (await sql`select 1 from person where id = ${id} and archived_at is null`.execute(db)).rows.length > 0

/** Where somebody archived the person in whose name it opens tickets, it gets another: no call is lost by it. */
async function personOfLine(context: Context, line: LineFacts): Promise<string> {
  if (await isThere(context, line.person_id)) return line.person_id
  const id = await addPerson(context, { name: line.name, organisationId: null, language: line.language })
  await sql`update voice_line set person_id = ${id} where id = ${line.id}`.execute(context.db)
  return id
}

function textOf(line: LineFacts, call: VoiceCall, hungUp: boolean, tooLoud: boolean): string {
  const say = speech[call.language]
  return [
    say.called(line.name, call.number ?? say.withheld),
    answersInWords(call.questions, call.answers, call.language),
    call.words === '' ? '' : `${say.said}: ${call.words}`,
    hungUp ? say.hungUp : '',
    tooLoud ? say.many : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

async function newTicket(context: Context, line: LineFacts, call: VoiceCall, asker: Asker, body: string): Promise<string> {
  const { impact, urgency } = severityOf(call.questions, call.answers)
  const named = call.number !== null && asker.id !== line.person_id
  const made = await openTicket(
    context,
    {
      kind: 'incident',
      subject: speech[call.language].subject(named ? asker.name : (call.number ?? speech[call.language].withheld)),
      impact: impact ?? unsaid.impact,
      urgency: urgency ?? unsaid.urgency,
      categoryId: null,
      channel: 'phone',
      requesterId: asker.id,
      onBehalfOfId: null,
      organisationId: asker.organisationId,
      siteId: asker.siteId,
      teamId: line.team_id,
      assigneeId: null,
      mailboxId: null,
      language: call.language,
      tags: [],
      acknowledge: false,
    },
    {
      kind: 'phone',
      direction: 'in',
      audience: 'everyone',
      authorId: asker.id,
      from: { name: asker.name, email: asker.email ?? '' },
      body,
    },
  )
  return made.id
}

/** To a ticket that is over it is added as a note: nobody may answer there any more, and it is not to be lost. */
export async function attach(context: Context, ticketId: string, asker: Pick<Asker, 'id' | 'name' | 'email'>, body: string): Promise<void> {
  const { meaning, deleted_at } = await accessTicket(context, ticketId, 'ticket.see')
  if (meaning === 'closed' || deleted_at !== null) return addNote(context, ticketId, body)
  const ticket = await accessTicket(context, ticketId, 'ticket.reply')
  await addMessage(context, ticket, {
    kind: 'phone',
    direction: 'in',
    audience: 'everyone',
    authorId: asker.id,
    from: { name: asker.name, email: asker.email ?? '' },
    body,
  })
}

/** Where it can be heard stands in a note: whoever asks for help has no account at the provider. */
export async function noteRecording(context: Context, ticketId: string, call: Pick<VoiceCall, 'language' | 'recording'>): Promise<void> {
  await addNote(context, ticketId, `${speech[call.language].recording}: ${call.recording}`)
}

async function addNote(context: Context, ticketId: string, body: string): Promise<void> {
  await addMessage(context, await accessTicket(context, ticketId, 'ticket.note'), {
    kind: 'note',
    direction: 'inside',
    audience: 'staff',
    authorId: null,
    from: { name: '', email: '' },
    body,
  })
}
