import { sql } from 'kysely'
import type { Role } from '../contract/rights.ts'
import type { Kernel } from '../server/kernel/context.ts'
import { hashOf, newToken } from '../server/kernel/secrets.ts'

/** What tests begin with: people with a role and a token, organisations, teams, mailboxes. Each has a name of its own. */
export type TestPerson = { id: string; name: string; email: string; token: string }
export type Factories = {
  person(
    role: Role,
    more?: {
      name?: string
      email?: string
      organisationId?: string
      language?: 'en' | 'de'
      limitedTo?: { organisationId?: string; teamId?: string }
    },
  ): Promise<TestPerson>
  organisation(name?: string, domains?: string[]): Promise<{ id: string; name: string }>
  team(name?: string, tier?: number, members?: TestPerson[]): Promise<{ id: string; name: string }>
  mailbox(address?: string, more?: { teamId?: string; acknowledge?: 'on' | 'off' }): Promise<{ id: string; address: string }>
}

let count = 0
const nth = () => ++count

export function factoriesOver(kernel: () => Kernel): Factories {
  const asSystem: Kernel['asSystem'] = (work) => kernel().asSystem(work)
  return {
    person: (role, more = {}) =>
      asSystem(async ({ db, now }) => {
        const n = nth()
        const name = more.name ?? `Person ${n}`
        const email = more.email ?? `person${n}@people.example`
        const at = now.toString()
        const made = await sql<{ id: string }>`insert into person (name, email, organisation_id, language, created_at, verified_at)
          values (${name}, ${email}, ${more.organisationId ?? null}, ${more.language ?? 'en'}, ${at}, ${at}) returning id`.execute(db)
        const id = made.rows[0]!.id
        if (role !== 'requester')
          await sql`insert into role_grant (person_id, role, organisation_id, team_id, given_at)
            values (${id}, ${role}, ${more.limitedTo?.organisationId ?? null}, ${more.limitedTo?.teamId ?? null}, ${at})`.execute(db)
        const token = newToken()
        await sql`insert into api_token (person_id, name, token_hash, scopes, created_at) values (${id}, 'test', ${hashOf(token)}, '{admin}', ${at})`.execute(
          db,
        )
        return { id, name, email, token }
      }),
    organisation: (name = `Organisation ${nth()}`, domains = []) =>
      asSystem(async ({ db, now }) => {
        const made = await sql<{
          id: string
        }>`insert into organisation (name, created_at) values (${name}, ${now.toString()}) returning id`.execute(db)
        const id = made.rows[0]!.id
        for (const domain of domains)
          await sql`insert into organisation_domain (domain, organisation_id) values (${domain}, ${id})`.execute(db)
        return { id, name }
      }),
    team: (name = `Team ${nth()}`, tier = 1, members = []) =>
      asSystem(async ({ db, now }) => {
        const made = await sql<{
          id: string
        }>`insert into team (name, tier, created_at) values (${name}, ${tier}, ${now.toString()}) returning id`.execute(db)
        const id = made.rows[0]!.id
        for (const member of members)
          await sql`insert into team_member (team_id, person_id, since) values (${id}, ${member.id}, ${now.toString()})`.execute(db)
        return { id, name }
      }),
    mailbox: (address = `desk${nth()}@desk.example`, more = {}) =>
      asSystem(async ({ db, now }) => {
        const made = await sql<{ id: string }>`insert into mailbox (name, address, team_id, acknowledge, created_at, proved_at)
          values (${address}, ${address}, ${more.teamId ?? null}, ${more.acknowledge ?? 'on'}, ${now.toString()}, ${now.toString()}) returning id`.execute(
          db,
        )
        return { id: made.rows[0]!.id, address }
      }),
  }
}
