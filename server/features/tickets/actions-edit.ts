import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Handoff } from '../../../contract/handoff.ts'
import type { Meaning, tickets } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { refuseNoCategory, type TicketFacts } from './access.ts'
import { refuseMove, statusFor } from './access-statuses.ts'
import { personById, refuseNoStaff, refuseNoTeam, refuseUnseenSite } from './actions-create.ts'
import { type OwnFields, ownFieldsAfter } from './actions-fields.ts'
import { insertMessage } from './actions-writing.ts'
import { isFinished, mayMove, priorityOf, waits } from './rules.ts'
import { handoffText, partsGiven } from './rules-handoff.ts'
import './events.ts'

type Edit = z.output<(typeof tickets)['PATCH /api/tickets/:id']['body']>
type Editable = Granted<TicketFacts, 'ticket.edit'>
type Column = keyof TicketFacts & string
type Changes = Map<Column, unknown>

const about = (ticket: TicketFacts) => ({
  subject: { kind: 'ticket', id: ticket.id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
})

/** Asked once in a transaction, also where it changes a hundred tickets. */
const asked = new WeakMap<Context, Map<string, Promise<unknown>>>()
function once<T>(context: Context, what: string, ask: () => Promise<T>): Promise<T> {
  const known = asked.get(context) ?? new Map<string, Promise<unknown>>()
  asked.set(context, known)
  const found = (known.get(what) as Promise<T> | undefined) ?? ask()
  known.set(what, found)
  return found
}

/** PATCH: only what differs is written and recorded; team and assignee have an event of their own. */
export async function editTicket(context: Context, ticket: Editable, edit: Edit): Promise<void> {
  const { wanted, asks } = await wantedColumns(context, ticket, edit)
  const changes: Changes = new Map([...wanted].filter(([column, value]) => !same(ticket[column], value)))
  const entering = asks && changes.has('meaning') ? (changes.get('meaning') as Meaning) : null
  const own = await ownFieldsAfter(context, ticket, { ...edit, given: edit.fields, entering })
  if (own) changes.set('fields', own.values)
  if (changes.size === 0) return
  await writeColumns(context, ticket.id, changes, sql`${finishing(ticket, changes)}${firstCategory(ticket, changes)}`)
  await recordAssignment(context, ticket, changes)
  const why = [
    changes.has('priority') ? await noteReason(context, ticket, edit.priorityReason) : undefined,
    changes.has('meaning') || changes.has('revisit_at') ? await noteReason(context, ticket, edit.waitingReason) : undefined,
  ]
  await recordChanges(
    context,
    ticket,
    changes,
    own,
    why.find((id) => id !== undefined),
  )
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

async function wantedColumns(context: Context, ticket: TicketFacts, edit: Edit): Promise<{ wanted: Changes; asks: boolean }> {
  const wanted: Changes = new Map()
  const put = (column: Column, value: unknown) => value !== undefined && wanted.set(column, value)
  put('subject', edit.subject)
  put('kind', edit.kind)
  put('impact', edit.impact)
  put('urgency', edit.urgency)
  put('category_id', edit.categoryId)
  put('site_id', edit.siteId)
  put('team_id', edit.teamId)
  put('assignee_id', edit.assigneeId)
  put('tags', edit.tags && [...new Set(edit.tags)])
  put('language', edit.language)
  put('revisit_at', revisitAfter(context, edit))
  put('on_behalf_of_id', edit.onBehalfOfId)
  put('priority', priorityAfter(ticket, edit))
  if (edit.onBehalfOfId && edit.onBehalfOfId !== ticket.on_behalf_of_id) await personById(context, edit.onBehalfOfId, 'onBehalfOfId')
  if (edit.siteId && edit.siteId !== ticket.site_id) await refuseUnseenSite(context, edit.siteId)
  if (edit.requesterId !== undefined) await putRequester(context, wanted, edit.requesterId)
  const { categoryId, teamId } = edit
  if (teamId && teamId !== ticket.team_id) await once(context, `team ${teamId}`, () => refuseNoTeam(context, teamId))
  if (categoryId && categoryId !== ticket.category_id)
    await once(context, `category ${categoryId}`, () => refuseNoCategory(context, categoryId))
  let asks = false
  if (edit.statusId !== undefined) asks = await putStatus(context, ticket, wanted, edit.statusId)
  else if (edit.assigneeId && ticket.meaning === 'new') await putMeaning(context, wanted, 'open')
  const { assigneeId } = edit
  if (assigneeId) await once(context, `staff ${assigneeId}`, () => refuseNoStaff(context, assigneeId))
  return { wanted, asks }
}

/** A time that is over would bring the ticket back at once. */
function revisitAfter(context: Context, { revisitAt }: Edit): string | null | undefined {
  if (revisitAt && Date.parse(revisitAt) <= context.now.epochMilliseconds)
    throw invalid('revisitAt', 'past', 'This time is over. Choose one that is still to come.')
  return revisitAt
}

/** Impact and urgency give the priority; setting it by hand asks why (INC-14). */
function priorityAfter(ticket: TicketFacts, edit: Edit): number | undefined {
  if (edit.priority !== undefined) {
    if (edit.priority !== ticket.priority && !edit.priorityReason?.trim())
      throw invalid('priorityReason', 'missing', 'Say why the priority is set by hand.')
    return edit.priority
  }
  if (edit.impact === undefined && edit.urgency === undefined) return undefined
  return priorityOf(edit.impact ?? ticket.impact, edit.urgency ?? ticket.urgency)
}

async function putRequester(context: Context, wanted: Changes, id: string): Promise<void> {
  const person = await personById(context, id, 'requesterId')
  wanted.set('requester_id', person.id).set('organisation_id', person.organisationId).set('site_id', person.siteId)
}

async function putStatus(context: Context, ticket: TicketFacts, wanted: Changes, id: string): Promise<boolean> {
  const status = await once(context, `status ${ticket.status_id} ${id}`, () => statusFor(context, ticket, { id }))
  if (!mayMove(ticket.meaning, status.meaning))
    throw new Problem('status_move_refused', `A ticket does not go from "${ticket.meaning}" to "${status.meaning}" this way.`)
  refuseMove(ticket, status)
  wanted.set('status_id', status.id).set('meaning', status.meaning)
  // What waits no longer need not come back.
  if (!waits(status.meaning) && !wanted.has('revisit_at')) wanted.set('revisit_at', null)
  return status.asks
}
async function putMeaning(context: Context, wanted: Changes, meaning: string): Promise<void> {
  const found = await once(context, `meaning ${meaning}`, () =>
    sql<{ id: string }>`select id from status where meaning = ${meaning} and archived_at is null order by position limit 1`.execute(
      context.db,
    ),
  )
  if (found.rows[0]) wanted.set('status_id', found.rows[0].id).set('meaning', meaning)
}

/** Leaving or entering a finished status by hand keeps the times true. */
function finishing(ticket: TicketFacts, changes: Changes): RawBuilder<unknown> {
  const to = changes.get('meaning')
  if (to === undefined) return sql``
  if (isFinished(ticket.meaning) && !isFinished(String(to)))
    return sql`, resolved_at = null, resolution_code = null, resolution = null, category_at_close_id = null, closed_at = null, reopened_count = reopened_count + 1`
  return isFinished(String(to)) ? sql`, waiting_since = null` : sql``
}

/** INC-9: the first category that it is given stays on record, whatever it turns out to be. */
const firstCategory = (ticket: TicketFacts, changes: Changes): RawBuilder<unknown> =>
  ticket.category_id === null && changes.get('category_id')
    ? sql`, category_at_open_id = coalesce(category_at_open_id, ${changes.get('category_id')}::bigint)`
    : sql``

async function writeColumns(context: Context, id: string, changes: Changes, more: RawBuilder<unknown>): Promise<void> {
  const sets = [...changes].map(([column, value]) =>
    column === 'fields' ? sql`fields = ${JSON.stringify(value)}::jsonb` : sql`${sql.ref(column)} = ${value}`,
  )
  await sql`update ticket set ${sql.join(sets)}, version = version + 1, changed_at = ${context.now.toString()}${more} where id = ${id}`.execute(
    context.db,
  )
}

async function recordAssignment(context: Context, ticket: TicketFacts, changes: Changes): Promise<void> {
  if (!changes.has('team_id') && !changes.has('assignee_id')) return
  const teamId = (changes.has('team_id') ? changes.get('team_id') : ticket.team_id) as string | null
  const assigneeId = (changes.has('assignee_id') ? changes.get('assignee_id') : ticket.assignee_id) as string | null
  const data = { teamId, assigneeId, fromTeamId: ticket.team_id, fromAssigneeId: ticket.assignee_id }
  await context.record({ type: 'ticket.assigned', ...about(ticket), audience: 'staff', data })
}

/** Ids, codes and numbers go into the event; of texts only that they changed. */
async function recordChanges(
  context: Context,
  ticket: Editable,
  changes: Changes,
  own: OwnFields | null,
  reasonId: string | undefined,
): Promise<void> {
  const texts = new Set(['subject', 'tags'])
  const plain = [...changes].filter(([column]) => column !== 'team_id' && column !== 'assignee_id')
  if (plain.length === 0) return
  const columns = plain.filter(([column]) => column !== 'fields')
  const told = {
    ...Object.fromEntries(
      columns.map(([column, value]): [string, [unknown, unknown]] => [
        column,
        texts.has(column) ? [null, null] : [asCode(ticket[column]), asCode(value)],
      ]),
    ),
    ...own?.told,
  }
  const visible = plain.some(([column]) => column === 'meaning')
  await context.record({
    type: 'ticket.changed',
    ...about(ticket),
    audience: visible ? 'everyone' : 'staff',
    data: { changes: told, ...(reasonId ? { reasonId } : {}) },
  })
}
const asCode = (value: unknown) => (value === null || typeof value === 'number' || typeof value === 'string' ? value : String(value))

/** The reason is text, so it lives in a message of its own: an internal note. */
async function noteReason(context: Context, ticket: Editable, reason: string | undefined): Promise<string | undefined> {
  if (!reason?.trim()) return undefined
  const { actor } = context
  const note = {
    kind: 'note',
    direction: 'inside',
    audience: 'staff',
    authorId: actor.id,
    from: { name: actor.name, email: actor.email ?? '' },
    body: reason,
  } as const
  return insertMessage(context, ticket, note, {
    meaning: null,
    waitingSince: ticket.waiting_since?.toString() ?? null,
    firstAnswered: false,
  })
}

export async function takeTicket(context: Context, ticket: Editable): Promise<void> {
  if (context.actor.id === null) throw invalid('assigneeId', 'unknown', 'Only a person can take a ticket.')
  const mine = context.actor.teams.length > 0 && ticket.team_id === null ? context.actor.teams[0] : undefined
  await editTicket(context, ticket, { assigneeId: context.actor.id, ...(mine === undefined ? {} : { teamId: mine }) })
}

/** To another team or tier, with what was found and what is expected; whoever had it lets go. */
export async function passTicket(
  context: Context,
  ticket: Editable,
  input: { teamId: string; assigneeId: string | null; note: string; parts?: Handoff | undefined },
): Promise<void> {
  const { actor } = context
  await once(context, `team ${input.teamId}`, () => refuseNoTeam(context, input.teamId))
  const messageId = await insertMessage(
    context,
    ticket,
    {
      kind: 'note',
      direction: 'inside',
      audience: 'staff',
      authorId: actor.id,
      from: { name: actor.name, email: actor.email ?? '' },
      body: handoffText(actor.language, input.note, input.parts),
      handoffToTeamId: input.teamId,
    },
    { meaning: null, waitingSince: ticket.waiting_since?.toString() ?? null, firstAnswered: false },
  )
  if (input.assigneeId !== null) await refuseNoStaff(context, input.assigneeId)
  await sql`update ticket set team_id = ${input.teamId}, assignee_id = ${input.assigneeId}, passed_count = passed_count + 1, version = version + 1,
    changed_at = ${context.now.toString()} where id = ${ticket.id}`.execute(context.db)
  await context.record({
    type: 'ticket.passed',
    ...about(ticket),
    audience: 'staff',
    data: { teamId: input.teamId, fromTeamId: ticket.team_id, assigneeId: input.assigneeId, messageId },
    carry: { parts: partsGiven(input.parts) },
  })
}
