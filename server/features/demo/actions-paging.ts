import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { addPolicy, addRule } from '../paging/actions-policies.ts'
import type { House } from './actions-house.ts'

/**
 * Who is woken at Halyard, and one night of it: a page that was acknowledged within three minutes, one that went on to the
 * second, and one whose SMS failed, so that a push woke Helena instead.
 */
export async function wakeUp(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const administrator = actAs(house.person('administrator').actor, now.subtract({ hours: 24 * 60 }))
  const rotas = await sql<{ id: string; team_id: string }>`select id, team_id from rota where archived_at is null order by id`.execute(
    administrator.db,
  )
  const rotaOf = (team: string) => rotas.rows.find((row) => row.team_id === house.teams.get(team))?.id
  const [desk, network] = [rotaOf('desk'), rotaOf('network')]
  if (!desk || !network) return
  const step = (targets: { kind: 'rota' | 'person' | 'leads'; id: string }[], wait: number, repeat = 0) => ({
    targets,
    wait,
    repeat,
    mode: 'all' as const,
  })
  const networkId = await addPolicy(administrator, {
    name: 'Network and servers, day and night',
    urgency: 'high',
    teamIds: [house.teams.get('network')!],
    steps: [step([{ kind: 'rota', id: network }], 5, 1), step([{ kind: 'person', id: house.person('agent-helena').id }], 10)],
    loops: 1,
    acknowledgedMinutes: 60,
    catchAllId: house.person('administrator').id,
    runbook: 'https://wiki.halyard.example/on-call/network',
    hotline: 'Carrier desk +49 30 5550 112, contract HN-2207',
  })
  await addPolicy(administrator, {
    name: 'Service desk, around the clock',
    urgency: 'low',
    teamIds: [house.teams.get('desk')!],
    steps: [step([{ kind: 'rota', id: desk }], 15), step([{ kind: 'leads', id: house.teams.get('desk')! }], 15)],
    loops: 0,
    acknowledgedMinutes: null,
    catchAllId: null,
    runbook: '',
    hotline: '',
  })
  await addRule(administrator, {
    name: 'Network down: wake somebody',
    query: {
      all: [
        { field: 'priority', op: 'is', values: [1] },
        { field: 'team', op: 'is', values: [house.teams.get('network')!] },
      ],
      any: [],
    },
    policyId: networkId,
    position: 0,
    on: true,
  })
  await oneNight(actAs(house.person('administrator').actor, now), house, networkId)
}

type Try = { kind: 'mail' | 'push' | 'sms'; state: 'sent' | 'delivered' | 'failed' | 'dropped'; after: number; cause?: string }
type Rung = { who: string; after: number; step: number; round: number; target: 'rota' | 'person'; tries: Try[] }
type Night = { rings: Rung[]; by: string; acknowledged: number; via: 'link' | 'sms' | 'app'; ended: number }
const nights: Night[] = [
  {
    rings: [
      {
        who: 'agent-ravi',
        after: 4,
        step: 0,
        round: 0,
        target: 'rota',
        tries: [
          { kind: 'push', state: 'sent', after: 5 },
          { kind: 'mail', state: 'dropped', after: 300 },
        ],
      },
    ],
    by: 'agent-ravi',
    acknowledged: 178,
    via: 'link',
    ended: 2700,
  },
  {
    rings: [
      {
        who: 'agent-ravi',
        after: 3,
        step: 0,
        round: 0,
        target: 'rota',
        tries: [
          { kind: 'push', state: 'sent', after: 4 },
          { kind: 'mail', state: 'sent', after: 300 },
        ],
      },
      {
        who: 'agent-ravi',
        after: 303,
        step: 0,
        round: 1,
        target: 'rota',
        tries: [
          { kind: 'push', state: 'sent', after: 304 },
          { kind: 'mail', state: 'sent', after: 600 },
        ],
      },
      { who: 'agent-helena', after: 603, step: 1, round: 0, target: 'person', tries: [{ kind: 'sms', state: 'delivered', after: 605 }] },
    ],
    by: 'agent-helena',
    acknowledged: 722,
    via: 'sms',
    ended: 5400,
  },
  {
    rings: [
      {
        who: 'agent-helena',
        after: 4,
        step: 0,
        round: 0,
        target: 'rota',
        tries: [
          { kind: 'sms', state: 'failed', after: 6, cause: 'SMS_UNDELIVERED 30003' },
          { kind: 'push', state: 'sent', after: 9 },
        ],
      },
    ],
    by: 'agent-helena',
    acknowledged: 95,
    via: 'app',
    ended: 3300,
  },
]

/** On incidents of the network team that are over: the most urgent of the last weeks. */
async function oneNight(context: Context, house: House, policyId: string): Promise<void> {
  const found = await sql<{
    id: string
    created_at: Instant
  }>`select id, created_at from ticket where team_id = ${house.teams.get('network')!} and kind = 'incident'
      and meaning in ('resolved', 'closed') and restricted_at is null and deleted_at is null and merged_into_id is null and created_at > ${context.now.subtract({ hours: 24 * 45 }).toString()}::timestamptz
    order by priority, abs(extract(hour from created_at at time zone 'Europe/Berlin') - 2), id desc limit 3`.execute(context.db)
  for (const [n, ticket] of found.rows.entries()) await keepPage(context, house, policyId, ticket, nights[n]!)
}

async function keepPage(
  context: Context,
  house: House,
  policyId: string,
  ticket: { id: string; created_at: Instant },
  night: Night,
): Promise<void> {
  const at = (seconds: number) => ticket.created_at.add({ seconds }).toString()
  const made = await sql<{
    id: string
  }>`insert into page (ticket_id, policy_id, why, urgency, steps, loops, state, ended_why, began_at, first_rung_at, acknowledged_at, acknowledged_by_id,
      acknowledged_via, ended_at, by_id)
    select ${ticket.id}, p.id, 'hand', p.urgency, p.steps, p.loops, 'ended', 'done', ${at(2)}::timestamptz, ${at(4)}::timestamptz, ${at(night.acknowledged)}::timestamptz,
      ${house.person(night.by).id}, ${night.via}, ${at(night.ended)}::timestamptz, ${house.person('agent-nadia').id} from paging_policy p where p.id = ${policyId} returning id`.execute(
    context.db,
  )
  const pageId = made.rows[0]!.id
  for (const rung of night.rings) {
    const personId = house.person(rung.who).id
    const ring = await sql<{ id: string }>`insert into page_ring (page_id, episode, step, loop, round, at, person_id, target)
      values (${pageId}, 0, ${rung.step}, 0, ${rung.round}, ${at(rung.after)}, ${personId}, ${rung.target}) returning id`.execute(
      context.db,
    )
    for (const [place, one] of rung.tries.entries()) {
      const message = await sql<{
        id: string
      }>`insert into page_message (person_id, kind, at, pages, state, key, token_hash, expires_at, claimed_at)
        values (${personId}, ${one.kind}, ${at(one.after)}, 1, ${one.state === 'failed' ? 'failed' : 'sent'}, ${newToken()}, ${hashOf(newToken())}, ${at(86_400)}, ${at(one.after)}) returning id`.execute(
        context.db,
      )
      const tried = one.state !== 'dropped'
      const mine = rung.who === night.by && one.state !== 'failed' && tried && rung === night.rings.at(-1)
      await sql`insert into page_attempt (ring_id, page_id, person_id, place, kind, message_id, state, due_at, tried_at, delivered_at, acknowledged_at, cause)
        values (${ring.rows[0]!.id}, ${pageId}, ${personId}, ${place}, ${one.kind}, ${message.rows[0]!.id}, ${one.state}, ${at(one.after)}::timestamptz, ${tried ? at(one.after) : null}::timestamptz,
          ${one.state === 'delivered' ? at(one.after + 4) : null}::timestamptz, ${mine ? at(night.acknowledged) : null}::timestamptz, ${one.cause ?? ''})`.execute(
        context.db,
      )
    }
  }
}
