import { sql } from 'kysely'
import { rights } from '../../../contract/rights.ts'
import { systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { newToken } from '../../kernel/secrets.ts'
import { accessLine, lineAlone } from '../emergency/access-lines.ts'
import { addLine, changeLine } from '../emergency/actions-lines.ts'
import { changeReach } from '../emergency/actions-reach.ts'
import { hearStep } from '../emergency/actions-voice.ts'
import { stepOf } from '../emergency/rules.ts'
import { accessTicket } from '../tickets/access.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { resolveTicket } from '../tickets/actions-life.ts'
import { nightBefore } from './actions-alerts.ts'
import type { Happening } from './actions-history.ts'
import type { House } from './actions-house.ts'

/**
 * The emergency phone of Halyard IT, in the night of the machines: the wireless of the warehouse has just gone, and the
 * shift in Cologne rings. A machine asks, Ravi is woken, an hour later the scanners read again.
 */
const program = systemActor(new Set(rights))
const told = {
  de: 'Lager Köln, Nachtschicht. Seit ein paar Minuten haben alle Handscanner in der Halle kein Netz mehr, und um fünf fahren die ersten Wagen.',
  en: 'Cologne warehouse, night shift. For some minutes all the hand scanners in the hall have had no network, and the first lorries leave at five.',
}
const solved = {
  de: 'Der WLAN-Controller der Halle hatte sich aufgehängt und wurde neu gestartet; die Scanner haben seit 5:10 Uhr wieder Netz. Warum, klärt das Netzwerkteam am Tag.',
  en: 'The wireless controller of the hall had hung and was restarted; the scanners have had network again since 5:10. The network team looks for the cause by day.',
}
const steps: [string, Record<string, string>][] = [
  ['q0-0', { Digits: '2' }],
  ['q1-0', { Digits: '1' }],
  ['q2-0', { Digits: '1' }],
]

export function callAtNight(actAs: ActAs, house: House, now: Instant): Happening[] {
  const night = nightBefore(now)
  const happening = (seconds: number, act: (at: Instant) => Promise<unknown>): Happening => {
    const at = night.add({ seconds })
    return { at: at.epochMilliseconds, act: () => act(at) }
  }
  const rang = 176 * 60
  let call: { tell: (at: Instant, step: string, form: Record<string, string>) => Promise<unknown>; language: 'en' | 'de' } | undefined
  return [
    happening(rang - 3600, async (at) => {
      const lineId = await addHotline(actAs(house.person('administrator').actor, at), house)
      const caller = await nightShift(actAs(program, at), house)
      const tell = async (when: Instant, step: string, form: Record<string, string>) => {
        const context = actAs(program, when)
        const told_ = step === '' ? undefined : stepOf(step)
        return hearStep(context, await lineAlone(context, lineId), {
          sid: 'CA-sample',
          step: told_,
          form: { From: caller.number, ...form },
          address: '',
        })
      }
      call = { tell, language: caller.language }
    }),
    happening(rang, (at) => call!.tell(at, '', {})),
    ...steps.map(([step, form], n) => happening(rang + 15 + n * 11, (at) => call!.tell(at, step, form))),
    happening(rang + 70, (at) => call!.tell(at, 'said', { TranscriptionText: told[call!.language] })),
    happening(rang + 70 + 190, (at) => answerPage(actAs(house.person('agent-ravi').actor, at), house, at)),
    happening(rang + 44 * 60, async (at) => {
      const context = actAs(house.person('agent-ravi').actor, at)
      const ticket = await accessTicket(context, await ticketOf(context), 'ticket.edit')
      await resolveTicket(context, ticket, { code: 'solved', text: solved[call!.language], tell: false })
      // In the past nobody is paged, and no page is ended either.
      await sql`select firstline.end_pages(${ticket.id}, 'resolved', ${at.toString()}::timestamptz, null)`.execute(context.db)
    }),
  ]
}

/** It puts through by day only from the end on: the story is told before anybody asks. */
async function addHotline(context: Context, house: House): Promise<string> {
  const usual = { policyId: null, forwardTo: '', greeting: { en: '', de: '' }, maxSeconds: 120, pagesPerHour: 3 }
  const line = {
    ...usual,
    name: 'Halyard Hotline',
    number: '+49 40 5550 100',
    language: 'de' as const,
    teamId: house.teams.get('network')!,
  }
  return (await addLine(context, { ...line, token: newToken() })).id
}

/** Somebody of the warehouse whose number is theirs alone. */
async function nightShift({ db }: Context, house: House): Promise<{ number: string; language: 'en' | 'de' }> {
  const found = await sql<{ number: string; language: 'en' | 'de' }>`select c.value as number, p.language from person p
      join contact_point c on c.person_id = p.id and c.kind <> 'mail' join site s on s.id = p.site_id
    where p.organisation_id = ${house.organisations.get('nordwind')!} and s.name like 'Köln%' and p.department = 'Lager' and p.archived_at is null and p.special_handling = ''
      and (select count(*) from contact_point o where o.value = c.value) = 1 order by (p.language = 'de') desc, p.id limit 1`.execute(db)
  return found.rows[0]!
}

const ticketOf = async ({ db }: Context): Promise<string> =>
  (await sql<{ id: string }>`select ticket_id as id from voice_call where external_id = 'CA-sample'`.execute(db)).rows[0]!.id

/** He is rung once, on his phone, and takes it three minutes later. */
async function answerPage(context: Context, house: House, at: Instant): Promise<void> {
  const ravi = house.person('agent-ravi').id
  const ticketId = await ticketOf(context)
  const [rang, seen] = [at.subtract({ seconds: 186 }).toString(), at.toString()]
  await sql`with mine as (update page set state = 'acknowledged', next_at = null, first_rung_at = ${rang}::timestamptz, acknowledged_at = ${seen}::timestamptz,
      acknowledged_by_id = ${ravi}, acknowledged_via = 'link' where ticket_id = ${ticketId} returning id)
    insert into page_ring (page_id, episode, step, loop, round, at, person_id, target) select id, 0, 0, 0, 0, ${rang}::timestamptz, ${ravi}, 'rota' from mine`.execute(
    context.db,
  )
  await editTicket(context, await accessTicket(context, ticketId, 'ticket.edit'), { assigneeId: ravi })
}

/** Once there is a policy: who is paged, where it puts through by day, and what the portal says. */
export async function connectHotline(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const context = actAs(house.person('administrator').actor, now)
  const found = await sql<{ line: string; version: number; policy: string }>`select l.id as line, l.version, x.policy_id as policy
    from voice_line l join paging_policy_team x on x.team_id = l.team_id limit 1`.execute(context.db)
  const row = found.rows[0]
  if (!row) return
  await changeLine(context, await accessLine(context, row.line), row.version, { forwardTo: '+49 40 5550 30', policyId: row.policy })
  await sql`update page set policy_id = ${row.policy} where why = 'call' and policy_id is null`.execute(context.db)
  await changeReach(context, {
    numbers: [{ name: 'Halyard, Zentrale / reception', number: '+49 40 5550 0' }],
    advice: {
      en: 'Call the hotline. If there is fire or somebody is hurt, call 112 first. Outside our hours a machine asks three questions: whoever is on call is woken when people are in danger, when work is at a standstill, or when you say that it cannot wait.',
      de: 'Bitte die Hotline anrufen. Bei Feuer oder Verletzten zuerst die 112. Außerhalb unserer Zeiten stellt eine Maschine drei Fragen: Die Bereitschaft wird geweckt, wenn Menschen in Gefahr sind, die Arbeit stillsteht oder es nicht warten kann.',
    },
  })
}
