import { sql } from 'kysely'
import type { z } from 'zod'
import type { company } from '../../../contract/desk.ts'
import { staffRoles } from '../../../contract/rights.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { accessPerson } from '../people/access.ts'
import { writeGrant } from '../people/actions-grants.ts'
import { addPerson } from '../people/actions-people.ts'
import { personByEmail } from '../people/actions-sender.ts'
import { companySettings, setUpState } from './access.ts'

declare module '../../kernel/events.ts' {
  interface EventTypes {
    'company.changed': { fields: string[] }
    'company.set-up': Record<string, never>
  }
}

/** What the whole desk shares is no row of its own: its events name the subject 0. */
const desk = { kind: 'company', id: '0' }

type Change = z.output<(typeof company)['PATCH /api/company/settings']['body']>

export async function changeCompany(context: Context, change: Change): Promise<void> {
  if (change.logo && !isPicture(change.logo)) throw invalid('logo', 'not_a_picture', 'A PNG, JPEG or WebP picture of at most 100 kB.')
  if (change.timeZone !== undefined) refuseZone(change.timeZone)
  const value = JSON.stringify({ ...(await companySettings(context.db)), ...change })
  await sql`insert into setting (name, value, changed_at, changed_by_id) values ('company', ${value}, ${context.now.toString()}, ${context.actor.id})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id`.execute(
    context.db,
  )
  await context.record({ type: 'company.changed', subject: desk, audience: 'staff', data: { fields: Object.keys(change) } })
}

function refuseZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
  } catch {
    throw invalid('timeZone', 'unknown', 'This time zone is not known. Choose one such as Europe/Berlin.')
  }
}

/** The first bytes say what it is, whatever its label says. */
export function isPicture(url: string): boolean {
  const [label = '', text = ''] = url.slice('data:'.length).split(';base64,')
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length > 100 * 1024) return false
  if (label === 'image/png') return bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
  if (label === 'image/jpeg') return bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))
  return label === 'image/webp' && bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP'
}

type Colleague = z.output<(typeof company)['POST /api/set-up/colleagues']['body']>['people'][number]

/** Adds them with their role and asks for an invitation; sessions hears of it and makes the link. */
export async function inviteColleagues(context: Context, colleagues: Colleague[]): Promise<number> {
  if (!context.actor.rights.has('grant.give')) throw new Problem('not_allowed', 'Your role does not include giving roles.')
  for (const { name, email, role } of colleagues) {
    const known = await personByEmail(context.db, email)
    const id = known?.id ?? (await addPerson(context, { name, email, language: (await companySettings(context.db)).language }))
    const person = await accessPerson(context, id, 'grant.give')
    if (person.archived_at !== null) throw invalid('people', 'archived', `${name} is archived: restore the person first.`)
    const held = await sql`select 1 from role_grant where person_id = ${id} and role = any(${[...staffRoles]}::text[])`.execute(context.db)
    if (held.rows.length === 0) await writeGrant(context, id, { role, organisationId: null, teamId: null })
    await context.record({ type: 'person.invited', subject: { kind: 'person', id }, audience: 'staff', data: {} })
  }
  return colleagues.length
}

export async function endSetUp(context: Context): Promise<void> {
  if ((await setUpState(context.db)).done) return
  await sql`insert into setting (name, value, changed_at, changed_by_id) values ('set-up', '{}', ${context.now.toString()}, ${context.actor.id})
    on conflict do nothing`.execute(context.db)
  await context.record({ type: 'company.set-up', subject: desk, audience: 'staff', data: {} })
}
