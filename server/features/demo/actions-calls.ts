import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { askCallBack } from '../calls/actions-backs.ts'
import { addSystem, keepExtension } from '../calls/actions-systems.ts'
import { accessTicket } from '../tickets/access.ts'
import { changeTelephone } from '../verification/actions-telephone.ts'
import { masked } from '../verification/rules.ts'
import type { House } from './actions-house.ts'
import type { TicketPlan } from './steps.ts'
import type { YearPlan } from './year-plan.ts'

/**
 * The telephone at Halyard IT: the calls behind the last weeks' phone tickets, two that nobody took this morning, one who
 * waits to be called back, and a password that was set anew once the caller had read out a code.
 */
const extensions = ['agent-mara', 'agent-tunde'] as const
const rings = {
  en: 'Please ring before noon, in a meeting until then.',
  de: 'Bitte vor dem Mittag anrufen, bis dahin in einer Besprechung.',
} as const
const minute = 60_000

export async function answerPhone(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const boss = actAs(house.person('administrator').actor, house.began)
  await changeTelephone(boss, { country: 'DE' })
  await sql`select firstline.renumber_people()`.execute(boss.db)
  await addSystem(boss, 'Telefonanlage Berlin')
  for (const [nth, key] of extensions.entries()) await keepExtension(actAs(house.person(key).actor, house.began), String(211 + nth))
  await rememberCalls(actAs(house.person('administrator').actor, now), now)
  const plans = year.tickets.filter((plan) => house.tickets.has(plan.key) && !plan.steps.some((step) => step.act.do === 'restrict'))
  const open = plans.findLast((plan) => plan.open && plan.story === null)
  if (open) await promiseCall(actAs(house.person('agent-mara').actor, now), house.tickets.get(open.key)!, open, now)
  const password = plans.findLast((plan) => plan.steps.some(({ act }) => act.do === 'triage' && act.category === 'access.password'))
  if (password) await proveCaller(actAs(house.person('administrator').actor, now), house, password)
}

/** Each phone ticket began with a call; who rang twice in vain this morning is in the list of missed ones. */
async function rememberCalls(context: Context, now: Instant): Promise<void> {
  await sql`insert into call (phone_system_id, external_id, direction, state, number, dialled, person_id, agent_id, ticket_id, started_at, answered_at, ended_at,
      settled_at, settled_by_id, ending)
    select s.id, 'sample-' || t.id, 'in', 'ended', firstline.e164(p.phones -> 0 ->> 'number', firstline.dial_plan()), '30', p.id, t.assignee_id, t.id,
      t.created_at - interval '4 minutes', t.created_at - interval '4 minutes' + interval '9 seconds', t.created_at, t.created_at, t.assignee_id,
      case when t.resolved_at < t.created_at + interval '20 minutes' then 'solve' when t.passed_count > 0 then 'send' else 'keep' end
    from (select id from phone_system order by id limit 1) s, ticket t join person p on p.id = t.requester_id
    where t.channel = 'phone' and t.restricted_at is null and t.created_at > ${now.subtract({ hours: 24 * 60 }).toString()}::timestamptz order by t.id`.execute(
    context.db,
  )
  await sql`insert into call (phone_system_id, external_id, direction, state, number, dialled, cause, person_id, started_at, ended_at)
    select s.id, 'sample-missed-' || x.nth, 'in', 'missed', x.number, '30', 'noAnswer', x.person_id, x.at, x.at + interval '25 seconds'
    from (select id from phone_system order by id limit 1) s, (
      select 1 as nth, number, person_id, ${now.subtract({ minutes: 25 }).toString()}::timestamptz as at
        from (select number, person_id from call where number is not null order by started_at desc limit 1) last
      union all select 2, '+492215557710', null, ${now.subtract({ minutes: 130 }).toString()}::timestamptz) x`.execute(context.db)
}

async function promiseCall(context: Context, ticketId: string, { language }: TicketPlan, now: Instant): Promise<void> {
  const ticket = await accessTicket(context, ticketId, 'ticket.edit')
  const fromAt = now.add({ minutes: 40 }).toString()
  await askCallBack(context, ticket, { method: 'phone', number: '', fromAt, untilAt: null, note: rings[language] })
}

/** The code itself was never written down anywhere; what stands is that it was right, just before the work was done. */
async function proveCaller(context: Context, house: House, plan: TicketPlan): Promise<void> {
  const looked = plan.steps.find(({ act }) => act.do === 'triage')
  if (!looked) return
  const person = house.person(plan.requester)
  const at = (minutes: number) => new Date(looked.at + minutes * minute).toISOString()
  await sql`insert into verification (ticket_id, person_id, method, state, target, created_at, created_by_id, expires_at, settled_at)
    select ${house.tickets.get(plan.key)}, ${person.id}, 'mail', 'verified', ${masked(person.email)}, ${at(1)}, ${house.person(looked.by).id}, ${at(11)}, ${at(2)}`.execute(
    context.db,
  )
}
