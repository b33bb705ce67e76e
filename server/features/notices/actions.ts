import { type RawBuilder, sql } from 'kysely'
import type { Notice } from '../../../contract/notices.ts'
import type { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { usual } from './rules-choices.ts'

/**
 * Raises notices. Each call is one statement: it finds the recipients, drops whoever did it and whoever may not see the
 * ticket, renews an unread notice of the same reason rather than adding a second, and rings these people's bells.
 */
type Reason = Notice['reason']
type Told = { reason: Reason; ticketId: string; messageId?: string | null; sideId?: string; to: RawBuilder<unknown> }

/** Unread for so long, it is mailed to those who chose that; and pushed. */
const mailAfter = { minutes: 2 }
const pushAfter = { seconds: 30 }

const bellGoesBack = 14 * 86_400_000

/** Of somebody else's row of choices `c`; who chose nothing has none. */
const chose = (reason: Reason, way: 'byMail' | 'byPush' | 'notInApp') => {
  const list = { byMail: sql`c.by_mail || c.hourly || c.daily`, byPush: sql`c.by_push`, notInApp: sql`c.not_in_app` }[way]
  return sql`${reason} = any(case when c.person_id is null then ${usual[way]}::text[] else ${list} end)`
}
/** What the bell, the mail and the push of one notice begin with. Nothing of the past is mailed or pushed. */
const ways = (context: Context, reason: Reason) => {
  const after = (time: Temporal.DurationLike) => (context.past ? null : context.now.add(time).toString())
  return sql`case when ${chose(reason, 'notInApp')} then 'silent' else 'rings' end,
    case when p.email is not null and ${chose(reason, 'byMail')} then ${after(mailAfter)}::timestamptz end,
    case when ${chose(reason, 'byPush')} then ${after(pushAfter)}::timestamptz end`
}
/**
 * What happens again renews the unread notice. One that went out in a gathered mail goes into the next one; one that
 * went out by itself does not go out again until it is read.
 */
const renewed = sql`at = excluded.at, times = notice.times + 1, actor_id = excluded.actor_id,
  mail_due_at = case when notice.mailed_at is not null and notice.mail_planned = 'gathered' then excluded.mail_due_at else notice.mail_due_at end,
  mailed_at = case when notice.mail_planned = 'gathered' then null else notice.mailed_at end,
  mail_planned = case when notice.mailed_at is not null then null else notice.mail_planned end`
const andRing = sql`select firstline.ring(array(select distinct person_id from raised where bell = 'rings'))`

/** `to` is a query for person_id over the ticket `t`. */
async function tell(context: Context, told: Told): Promise<void> {
  const { now, actor } = context
  // History that is written afterwards (the sample company's year) is never mailed, and rings only where it is fresh.
  if (context.past && context.kernel.clock.now().epochMilliseconds - now.epochMilliseconds > bellGoesBack) return
  // The program brings mail in; who answered is whoever wrote the message.
  const by = sql`coalesce(${actor.id}::bigint, (select x.author_id from message x where x.id = ${told.messageId ?? null}::bigint))`
  await sql`with raised as (
      insert into notice (person_id, at, reason, ticket_id, message_id, side_id, actor_id, bell, mail_due_at, push_due_at)
      select p.id, ${now.toString()}::timestamptz, ${told.reason}, t.id, ${told.messageId ?? null}::bigint, ${told.sideId ?? null}::bigint, ${by}, ${ways(context, told.reason)}
      from ticket t join lateral (select distinct x.person_id from (${told.to}) x) r on true join person p on p.id = r.person_id
      left join notice_choice c on c.person_id = p.id
      where t.id = ${told.ticketId} and p.archived_at is null and p.id is distinct from ${by} and firstline.staff_sees(p.id, t)
      on conflict (person_id, ticket_id, reason) where read_at is null
        do update set ${renewed}, message_id = excluded.message_id, side_id = excluded.side_id
      returning person_id, bell)
    ${andRing}`.execute(context.db)
}

/** Their shifts and handovers, which concern no ticket: once for each matter until it is read. Never whoever did it. */
export async function tellOfShift(context: Context, about: NonNullable<Notice['about']>, personIds: readonly string[]): Promise<void> {
  if (context.past || personIds.length === 0) return
  await sql`with raised as (
      insert into notice (person_id, at, reason, about, actor_id, bell, mail_due_at, push_due_at)
      select p.id, ${context.now.toString()}::timestamptz, 'shift', ${about}, ${context.actor.id}::bigint, ${ways(context, 'shift')}
      from person p left join notice_choice c on c.person_id = p.id
      where p.id = any(${[...personIds]}::bigint[]) and p.archived_at is null and p.id is distinct from ${context.actor.id}::bigint
      on conflict (person_id, about) where about is not null and read_at is null do update set ${renewed} returning person_id, bell)
    ${andRing}`.execute(context.db)
}

const teamOf = sql`select m.person_id from team_member m where m.team_id = t.team_id`
const assigneeElseTeam = sql`select t.assignee_id where t.assignee_id is not null union all select m.person_id from team_member m where m.team_id = t.team_id and t.assignee_id is null`
/** While who has it is away: who looks after it, or their team. */
const standIns = (
  context: Context,
) => sql`select coalesce(a.substitute_id, m.person_id) from firstline.absence_of(t.assignee_id, ${context.now.toString()}::timestamptz) a
  left join team_member m on m.team_id = t.team_id and a.substitute_id is null and m.person_id <> t.assignee_id
  where a.id is not null and coalesce(a.substitute_id, m.person_id) is not null`
const watchers = sql`select w.person_id from ticket_person w where w.ticket_id = t.id and w.role = 'watcher'`

/** Who looks after the parent hears what the children's people write. */
const parentsAssignee = sql`select u.assignee_id from ticket_link l join ticket u on u.id = l.to_id where l.from_id = t.id and l.kind = 'child' and u.assignee_id is not null`

export const tellTeam = (context: Context, ticketId: string, reason: 'team' | 'passed', messageId: string | null = null): Promise<void> =>
  tell(context, { reason, ticketId, messageId, to: sql`${teamOf} and m.person_id is distinct from t.assignee_id` })

export const tellAssignee = (context: Context, ticketId: string, messageId: string | null = null): Promise<void> =>
  tell(context, { reason: 'assigned', ticketId, messageId, to: sql`select t.assignee_id as person_id where t.assignee_id is not null` })

/** Who has the ticket, or their team while nobody has it, and who follows it. */
export const tellOfAnswer = (context: Context, ticketId: string, messageId: string | null): Promise<void> =>
  tell(context, {
    reason: 'reply',
    ticketId,
    messageId,
    // An out-of-office note is nobody's answer; a bounce is told as undelivered.
    to: sql`select y.person_id from (${asPerson(assigneeElseTeam)} union all ${asPerson(standIns(context))} union all ${watchers} union all ${parentsAssignee}) y
      where not exists (select 1 from message x where x.id = ${messageId}::bigint and (x.automatic is not null or x.bounce is not null))`,
  })

export const tellOfNote = (context: Context, ticketId: string, messageId: string): Promise<void> =>
  tell(context, {
    reason: 'reply',
    ticketId,
    messageId,
    to: sql`select t.assignee_id as person_id where t.assignee_id is not null union all ${watchers}`,
  })

/** A bounce, or a mail that the outbox gave up: told to whoever has the ticket. */
export const tellUndelivered = (context: Context, ticketId: string, messageId: string | null): Promise<void> =>
  tell(context, { reason: 'undelivered', ticketId, messageId, to: asPerson(assigneeElseTeam) })

/** A mention stands for the notice of its note. */
export async function tellMentioned(context: Context, ticketId: string, messageId: string, personIds: string[]): Promise<void> {
  await tell(context, { reason: 'mention', ticketId, messageId, to: sql`select unnest(${personIds}::bigint[]) as person_id` })
  await sql`with its as (select id, times from notice where message_id = ${messageId} and reason = 'reply' and read_at is null and person_id = any(${personIds}::bigint[])),
      fewer as (update notice n set times = n.times - 1 from its where n.id = its.id and its.times > 1)
    delete from notice n using its where n.id = its.id and its.times = 1`.execute(context.db)
}

/** Whoever is to do it: the person, else the team. */
export const tellOfTask = (context: Context, ticketId: string, taskId: string): Promise<void> =>
  tell(context, {
    reason: 'task',
    ticketId,
    to: sql`select k.assignee_id as person_id from task k where k.id = ${taskId} and k.assignee_id is not null
      union all select m.person_id from task k join team_member m on m.team_id = k.team_id where k.id = ${taskId} and k.assignee_id is null`,
  })

/** Whoever is to call back; while that is nobody, who has the ticket, or their team. */
export const tellCallBack = (context: Context, ticketId: string, callBackId: string): Promise<void> =>
  tell(context, {
    reason: 'call-back',
    ticketId,
    to: sql`select b.assignee_id as person_id from call_back b where b.id = ${callBackId} and b.assignee_id is not null
      union all select y.person_id from (${asPerson(assigneeElseTeam)}) y join call_back b on b.id = ${callBackId} and b.assignee_id is null`,
  })

/** Whoever goes there: planned, moved, off, or not possible for the one who asked. */
export const tellOfVisit = (context: Context, ticketId: string, visitId: string): Promise<void> =>
  tell(context, { reason: 'visit', ticketId, to: sql`select k.person_id from visit_person k where k.visit_id = ${visitId}` })

/** Who has the ticket hears that a task of it is done. */
export const tellTaskDone = (context: Context, ticketId: string): Promise<void> =>
  tell(context, { reason: 'task-done', ticketId, to: sql`select t.assignee_id as person_id where t.assignee_id is not null` })

/** Who asked to hear of what is new in a view. */
export const tellOfView = (context: Context, ticketId: string, personId: string): Promise<void> =>
  tell(context, { reason: 'view', ticketId, to: sql`select ${personId}::bigint as person_id` })

/** The leads of a team whose ticket nobody takes; a team without leads hears it itself. */
export const tellLeads = (context: Context, ticketId: string, teamId: string): Promise<void> =>
  tell(context, {
    reason: 'unclaimed',
    ticketId,
    to: sql`select m.person_id from team_member m where m.team_id = ${teamId} and (m.is_lead = 'yes'
      or not exists (select 1 from team_member x where x.team_id = m.team_id and x.is_lead = 'yes'))`,
  })

/** Told as the managers of its team, by somebody who wants them to know. */
export const tellAsManagers = (context: Context, ticketId: string, personIds: string[]): Promise<void> =>
  tell(context, { reason: 'escalated', ticketId, to: sql`select unnest(${personIds}::bigint[]) as person_id` })

/** What was set aside until today is back: for whoever has it, or their team. */
export const tellBack = (context: Context, ticketId: string): Promise<void> =>
  tell(context, { reason: 'back', ticketId, to: asPerson(assigneeElseTeam) })

export const tellSnoozeOver = (context: Context, ticketId: string, personId: string): Promise<void> =>
  tell(context, { reason: 'snooze-over', ticketId, to: sql`select ${personId}::bigint as person_id` })

/** Whom a rule names: people, teams, and who has the ticket. */
export const tellOfRule = (
  context: Context,
  ticketId: string,
  who: { personIds: string[]; teamIds: string[]; assignee: boolean },
): Promise<void> =>
  tell(context, {
    reason: 'rule',
    ticketId,
    to: sql`select unnest(${who.personIds}::bigint[]) as person_id union all select m.person_id from team_member m where m.team_id = any(${who.teamIds}::bigint[])
      union all select t.assignee_id where ${who.assignee} and t.assignee_id is not null`,
  })

/** A clock runs out: whom its agreement names. */
export const tellOfClock = (context: Context, ticketId: string, personIds: string[]): Promise<void> =>
  tell(context, { reason: 'due', ticketId, to: sql`select unnest(${personIds}::bigint[]) as person_id` })

/** It is over: whoever has the ticket, else the leads of its team. */
export const tellOfBreach = (context: Context, ticketId: string): Promise<void> =>
  tell(context, {
    reason: 'breached',
    ticketId,
    to: sql`select t.assignee_id as person_id where t.assignee_id is not null
      union all select m.person_id from team_member m where t.assignee_id is null and m.team_id = t.team_id and m.is_lead = 'yes'`,
  })

/** Leads, who can make one ticket the parent of them all; where there is none, the administrators. */
export const tellOfBurst = (context: Context, ticketId: string): Promise<void> =>
  tell(context, {
    reason: 'burst',
    ticketId,
    to: sql`select g.person_id from role_grant g where g.role in ('lead', 'manager')
      or (g.role = 'administrator' and not exists (select 1 from role_grant o where o.role in ('lead', 'manager')))`,
  })

/** Whoever wrote a reply for later has it back as a draft. */
export const tellReplyDropped = (context: Context, ticketId: string, personId: string): Promise<void> =>
  tell(context, { reason: 'reply-dropped', ticketId, to: sql`select ${personId}::bigint as person_id` })

/** Who has the ticket, else their team, who follows it, and who began the side conversation. What came by a program is nobody's answer. */
export const tellOfSide = (context: Context, ticketId: string, sideId: string, messageId: string | null): Promise<void> =>
  tell(context, {
    reason: messageId === null ? 'side-chase' : 'side',
    ticketId,
    sideId,
    to: sql`select y.person_id from (${asPerson(assigneeElseTeam)} union all ${watchers} union all select s.created_by_id from side s where s.id = ${sideId}) y
      where y.person_id is not null and not exists (select 1 from side_message x where x.id = ${messageId}::bigint and (x.automatic is not null or x.author_id = y.person_id))`,
  })

/** Whoever is asked: the person, the team, or who has the skill; never whoever is away. */
export const tellAsked = (context: Context, ticketId: string, helpId: string): Promise<void> =>
  tell(context, {
    reason: 'help',
    ticketId,
    to: sql`select y.person_id from (select h.person_id from help h where h.id = ${helpId} and h.person_id is not null
        union all select m.person_id from help h join team_member m on m.team_id = h.team_id where h.id = ${helpId}
        union all select k.person_id from help h join person_skill k on k.skill_id = h.skill_id where h.id = ${helpId}) y
      where firstline.absence_of(y.person_id, ${context.now.toString()}::timestamptz) is null`,
  })

/** The two sides of a help hear of each other: who asked, and who helps. */
export const tellHelp = (context: Context, ticketId: string, helpId: string): Promise<void> =>
  tell(context, {
    reason: 'help-answer',
    ticketId,
    to: sql`select x.person_id from help h, lateral (values (h.asked_by_id), (h.helper_id)) x (person_id) where h.id = ${helpId} and x.person_id is not null`,
  })

/** Once until it is read, whoever did it: it is the owner who has to mend it. */
export async function tellSwitchedOff(context: Context, personId: string): Promise<void> {
  await sql`with raised as (
      insert into notice (person_id, at, reason) select p.id, ${context.now.toString()}::timestamptz, 'switched-off' from person p
      where p.id = ${personId} and p.archived_at is null
        and not exists (select 1 from notice n where n.person_id = p.id and n.reason = 'switched-off' and n.read_at is null)
      returning person_id)
    select firstline.ring(array(select person_id from raised))`.execute(context.db)
}

const asPerson = (query: RawBuilder<unknown>) => sql`select a.person_id from (${query}) a (person_id)`

/** What concerns no ticket but the desk itself: told to the administrators by the bell, once until they read it. */
export async function tellAdministrators(context: Context): Promise<void> {
  const { now } = context
  await sql`with raised as (
      insert into notice (person_id, at, reason) select p.id, ${now.toString()}::timestamptz, 'system'
      from person p where p.archived_at is null and exists (select 1 from role_grant g where g.person_id = p.id and g.role = 'administrator')
        and not exists (select 1 from notice n where n.person_id = p.id and n.reason = 'system' and n.about is null and n.read_at is null)
      returning person_id)
    select firstline.ring(array(select person_id from raised))`.execute(context.db)
}
