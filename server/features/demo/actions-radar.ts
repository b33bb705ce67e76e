import { sql } from 'kysely'
import type { IssueState } from '../../../contract/radar.ts'
import { rights } from '../../../contract/rights.ts'
import { systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessIssue } from '../radar/access.ts'
import { settleIssue } from '../radar/actions.ts'
import { collectAll } from '../radar/actions-collect.ts'
import { lookAround } from '../radar/actions-look.ts'
import type { House } from './actions-house.ts'

/**
 * What came again and again at Halyard IT: the radar noticed the VPN outage while it went on, and Femke, who mended it,
 * wrote down what it was; Mara keeps an eye on what comes most often. The rest waits to be looked at.
 */
const program = systemActor(new Set(rights))

export async function lookForRepeats(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const last = house.tickets.get('vpn-13')
  const outage = last === undefined ? null : await openedAt(actAs(program, now), last)
  if (outage !== null) {
    // What was usual the night before: the outage itself is not.
    await collectAll(actAs(program, outage.subtract({ hours: 6 })))
    await lookAround(actAs(program, outage.add({ minutes: 1 })))
  }
  await collectAll(actAs(program, now))
  const found = last === undefined ? null : await issueOf(actAs(program, now), last)
  if (found !== null)
    await decide(
      actAs,
      house,
      { issueId: found, by: 'agent-femke', at: now.subtract({ hours: 20 * 24 }) },
      'explained',
      'The certificate of the VPN gateway had run out. Renewed, loaded by itself again, and watched from now on.',
    )
  const most = await mostOften(actAs(program, now), found)
  if (most !== null)
    await decide(
      actAs,
      house,
      { issueId: most, by: 'agent-mara', at: now.subtract({ hours: 27 }) },
      'watching',
      'Fällt seit Wochen auf. Bis Monatsende beobachten, dann mit dem Kunden besprechen.',
    )
}

async function openedAt({ db }: Context, ticketId: string): Promise<Instant | null> {
  const found = await sql<{ at: Instant }>`select created_at as at from ticket where id = ${ticketId}`.execute(db)
  return found.rows[0]?.at ?? null
}

async function issueOf({ db }: Context, ticketId: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select i.id from radar_ticket r join radar_issue i on i.id = r.issue_id
    where r.ticket_id = ${ticketId} and i.burst_at is not null order by i.tickets desc, i.id limit 1`.execute(db)
  return found.rows[0]?.id ?? null
}

async function mostOften({ db }: Context, but: string | null): Promise<string | null> {
  const found = await sql<{
    id: string
  }>`select id from radar_issue where id is distinct from ${but}::bigint order by tickets desc, id limit 1`.execute(db)
  return found.rows[0]?.id ?? null
}

type When = { issueId: string; by: string; at: Instant }
async function decide(actAs: ActAs, house: House, { issueId, by, at }: When, state: IssueState, why: string): Promise<void> {
  const context = actAs(house.person(by).actor, at)
  const issue = await accessIssue(context, issueId)
  await settleIssue(context, issue, issue.version, { state, why })
}
