import { sql } from 'kysely'
import type { z } from 'zod'
import type { automation } from '../../../contract/automation.ts'
import { type Actor, systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { type ActAs, inThePast } from '../../kernel/history.ts'
import { isLocalDesk } from '../../kernel/outbound.ts'
import { actingRules } from '../automation/access.ts'
import { addRule } from '../automation/actions.ts'
import { actOn } from '../automation/actions-run.ts'
import { accessTeam } from '../people/access-teams.ts'
import { addTeam, archiveTeam } from '../people/actions-teams.ts'
import { accessWebhook, listWebhooks } from '../webhooks/access.ts'
import { addWebhook, changeWebhook } from '../webhooks/actions.ts'
import { sendTest } from '../webhooks/actions-deliveries.ts'
import { sendDue } from '../webhooks/actions-sending.ts'
import type { House } from './actions-house.ts'
import type { YearPlan } from './year-plan.ts'

/** What Halyard IT no longer does by hand; one rule lost its team in spring, and the stock system was never finished. */
type Input = z.output<(typeof automation)['POST /api/automation/rules']['body']>
type New = Pick<Input, 'name' | 'occasion' | 'actions'> & { all?: Input['query']['all']; any?: Input['query']['any'] }
const day = 24

export async function automate(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const admin = actAs(house.person('administrator').actor, now.subtract({ hours: day * 200 }))
  const say = (en: string, de: string) => (admin.actor.language === 'de' ? de : en)
  const printers = await addTeam(admin, { name: say('Print room', 'Druckerei'), tier: 2, speciality: '' })
  const webhookId = isLocalDesk(admin.kernel.settings) ? await stockSystem(admin, say) : null
  const rules = [...daily(house, say), printRoom(printers, say), ...(webhookId === null ? [] : [toStock(house, webhookId, say)])]
  for (const { all = [], any = [], ...rule } of rules) await addRule(admin, { ...rule, query: { all, any }, on: true })
  // Its team was merged into another: from then on the rule is off.
  const spring = actAs(house.person('administrator').actor, now.subtract({ hours: day * 120 }))
  await archiveTeam(spring, await accessTeam(spring, printers, 'team.edit'))
  await actLately(actAs(systemActor(admin.kernel.allRights), now), house, year)
}

type Say = (en: string, de: string) => string
const both = (en: string, de: string) => ({ en, de })
const created = { on: 'event' as const, events: ['created' as const], fields: [] }

function daily(house: House, say: Say): New[] {
  const category = (key: string) => ({ field: 'category' as const, op: 'is' as const, values: [house.categories.get(key)!] })
  return [
    {
      name: say('Phishing: look at once', 'Phishing: sofort ansehen'),
      occasion: created,
      all: [{ field: 'subject', op: 'contains', value: 'phishing' }],
      actions: [
        { do: 'tags', add: ['phishing'], remove: [] },
        {
          do: 'task',
          title: say('Block the sender for everybody', 'Absender für alle sperren'),
          teamId: house.teams.get('servers')!,
          dueHours: 2,
        },
        { do: 'notify', personIds: [], teamIds: [house.teams.get('servers')!], assignee: true },
      ],
    },
    {
      name: say('Software: tagged for the licence count', 'Software: Schlagwort für die Lizenzzählung'),
      occasion: created,
      all: [category('software')],
      actions: [{ do: 'tags', add: [say('licence', 'Lizenz')], remove: [] }],
    },
    {
      name: say('Asked again while the vendor works on it', 'Nachgefragt, während der Hersteller daran arbeitet'),
      occasion: { on: 'event', events: ['requester-replied'], fields: [] },
      all: [{ field: 'meaning', op: 'is', values: ['waiting-vendor'] }],
      actions: [
        { do: 'tags', add: [say('asked-again', 'nachgefragt')], remove: [] },
        { do: 'notify', personIds: [], teamIds: [], assignee: true },
      ],
    },
    {
      name: say('Critical and nobody answered for two hours', 'Kritisch und seit zwei Stunden ohne Antwort'),
      occasion: { on: 'time', since: 'waiting-since', hours: 2 },
      all: [
        { field: 'open', is: true },
        { field: 'priority', op: 'is', values: [1] },
      ],
      actions: [
        { do: 'notify', personIds: [house.person('agent-mara').id], teamIds: [], assignee: true },
        { do: 'note', text: both('Two hours without an answer: Mara is told.', 'Zwei Stunden ohne Antwort: Mara weiß Bescheid.') },
      ],
    },
  ]
}

const printRoom = (teamId: string, say: Say): New => ({
  name: say('Print orders go to the print room', 'Druckaufträge gehen an die Druckerei'),
  occasion: created,
  all: [{ field: 'subject', op: 'contains', value: say('print order', 'Druckauftrag') }],
  actions: [{ do: 'team', teamId }],
})
const toStock = (house: House, webhookId: string, say: Say): New => ({
  name: say('Replaced hardware: tell the stock', 'Hardware getauscht: Lager informieren'),
  occasion: { on: 'event', events: ['resolved'], fields: [] },
  all: [{ field: 'category', op: 'is', values: [house.categories.get('hardware') ?? house.categories.get('workplace')!] }],
  actions: [{ do: 'webhook', webhookId }],
})

/** The newest tickets on which the rule of licences acted. */
async function actLately(program: Context, house: House, year: YearPlan): Promise<void> {
  const told = year.tickets.filter((plan) => plan.story !== null).flatMap((plan) => house.tickets.get(plan.key) ?? [])
  const found = await sql<{
    id: string
  }>`select t.id from ticket t where t.category_id in (select c.id from category c where ${house.categories.get('software')!} in (c.id, c.parent_id))
    and t.meaning not in ('closed', 'cancelled') and t.deleted_at is null and t.merged_into_id is null and not t.id = any(${told}::bigint[])
    order by t.id desc limit 5`.execute(program.db)
  const rules = await actingRules(program, ['ticket.created'])
  const licences = rules.find((rule) => rule.actions.every((action) => action.do === 'tags'))
  if (licences) for (const { id } of found.rows.reverse()) await actOn(program, licences, id, { chain: `sample-${id}`, depth: 0 })
}

/** Nothing listens at that port of one's own machine: the failed try in the log is a real one. */
const stockAddress = 'http://127.0.0.1:9/stock'
const stockSystem = async (admin: Context, say: Say): Promise<string> =>
  (await addWebhook(admin, { name: say('Stock system (being built)', 'Lagersystem (im Aufbau)'), url: stockAddress, types: [] })).id

/** After the company is there: what is called outside is called outside of its transaction. No job is left to try again. */
export async function tryStockSystem(kernel: Kernel, administrator: Actor): Promise<void> {
  const now = kernel.clock.now()
  const as = <T>(actor: Actor, work: (context: Context) => Promise<T>) => inThePast(kernel, (actAs) => work(actAs(actor, now)))
  const hook = (await as(administrator, listWebhooks)).find((one) => one.url === stockAddress)
  if (!hook) return
  await as(administrator, async (context) => sendTest(context, await accessWebhook(context, hook.id)))
  await sendDue({ ...kernel, asSystem: (work) => as(systemActor(kernel.allRights), work) }, hook.id)
  await as(administrator, async (context) => changeWebhook(context, await accessWebhook(context, hook.id), hook.version, { on: false }))
}
