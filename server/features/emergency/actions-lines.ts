import { sql } from 'kysely'
import type { NewVoiceLine, VoiceLine } from '../../../contract/emergency.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { numberOf } from '../calls/access-callers.ts'
import { addPerson } from '../people/actions-people.ts'
import { accessLine, type LineFacts, readLine, tokenPlace } from './access-lines.ts'
import './events.ts'

type Editable = Granted<LineFacts, 'setting.edit'>
type WithAddress = VoiceLine & { address: string }
type Change = { [F in keyof NewVoiceLine]?: NewVoiceLine[F] | undefined }
const about = (id: string) => ({ subject: { kind: 'voice-line', id }, audience: 'staff' as const })
const withAddress = async (context: Context, id: string, key: string): Promise<WithAddress> => ({
  ...(await readLine(context, id)),
  address: `${context.kernel.settings.baseUrl}/hooks/voice/${key}`,
})

export async function addLine(context: Context, input: NewVoiceLine): Promise<WithAddress> {
  await refuseWrong(context, input, null)
  const key = newToken()
  const personId = await addPerson(context, { name: input.name, organisationId: null, language: input.language })
  const made = await sql<{
    id: string
  }>`insert into voice_line (name, number, language, key_hash, person_id, team_id, policy_id, forward_to, greeting,
      max_seconds, pages_per_hour, created_at)
    values (${input.name}, ${await dialled(context, 'number', input.number)}, ${input.language}, ${hashOf(key)}, ${personId}, ${input.teamId}::bigint,
      ${input.policyId}::bigint, ${await dialled(context, 'forwardTo', input.forwardTo)}, ${JSON.stringify(input.greeting)}::jsonb, ${input.maxSeconds},
      ${input.pagesPerHour}, ${context.now.toString()}::timestamptz) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await keepToken(context, id, input.token)
  await context.record({ type: 'voice-line.added', ...about(id), data: {} })
  return withAddress(context, id, key)
}

/** Sealed for its own row, so it is written once the row is there. */
const keepToken = (context: Context, id: string, token: string) =>
  sql`update voice_line set secret = ${context.kernel.secrets.seal(token, tokenPlace(id))} where id = ${id}`.execute(context.db)

/** Whatever way it was written, it can be dialled. */
async function dialled(context: Context, field: 'number' | 'forwardTo', raw: string): Promise<string> {
  if (raw === '') return ''
  const number = await numberOf(context, raw)
  if (number === null) throw invalid(field, 'not_a_number', 'Write a whole number like +49 30 555 12 14.')
  // People read the hotline as it was written; the machine dials the other one.
  return field === 'number' ? raw : number
}

async function refuseWrong({ db }: Context, { name, teamId, policyId }: Change, except: string | null): Promise<void> {
  const found = await sql<{ team: boolean; policy: boolean; taken: boolean }>`select
    exists (select 1 from team where id = ${teamId ?? null}::bigint and archived_at is null) as team,
    exists (select 1 from paging_policy where id = ${policyId ?? null}::bigint and archived_at is null) as policy,
    exists (select 1 from voice_line where firstline.plain(name) = firstline.plain(${name ?? ''}::text) and archived_at is null
      and id is distinct from ${except}::bigint) as taken`.execute(db)
  const there = found.rows[0]!
  if (teamId && !there.team) throw invalid('teamId', 'unknown', 'This team is no longer there. Choose another.')
  if (policyId && !there.policy) throw invalid('policyId', 'unknown', 'This paging policy is no longer there. Choose another.')
  if (name !== undefined && there.taken) throw invalid('name', 'taken', 'Another line has this name. Choose one that tells them apart.')
}

const columnOf = {
  name: 'name',
  number: 'number',
  language: 'language',
  teamId: 'team_id',
  policyId: 'policy_id',
  forwardTo: 'forward_to',
  greeting: 'greeting',
  maxSeconds: 'max_seconds',
  pagesPerHour: 'pages_per_hour',
} as const

export async function changeLine(context: Context, line: Editable, version: number, change: Change): Promise<void> {
  if (line.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this line meanwhile.', {
      details: { current: await readLine(context, line.id) },
    })
  await refuseWrong(context, change, line.id)
  const wanted: Change = { ...change }
  for (const field of ['number', 'forwardTo'] as const)
    if (change[field] !== undefined) wanted[field] = await dialled(context, field, change[field])
  const fields = (Object.keys(columnOf) as (keyof typeof columnOf)[]).filter((field) => wanted[field] !== undefined)
  const set = fields.map((field) => sql`${sql.ref(columnOf[field])} = ${stored(wanted[field])}`)
  await sql`update voice_line set ${sql.join([...set, sql`version = version + 1`])} where id = ${line.id}`.execute(context.db)
  if (change.token !== undefined) await keepToken(context, line.id, change.token)
  if (change.name !== undefined) await sql`update person set name = ${change.name} where id = ${line.person_id}`.execute(context.db)
  const told = change.token === undefined ? fields : [...fields, 'token']
  await context.record({ type: 'voice-line.changed', ...about(line.id), data: { fields: told } })
}
const stored = (value: unknown): unknown => (value !== null && typeof value === 'object' ? JSON.stringify(value) : value)

export async function renewLine(context: Context, line: Editable): Promise<WithAddress> {
  const key = newToken()
  await sql`update voice_line set key_hash = ${hashOf(key)}, key_renewed_at = ${context.now.toString()}, version = version + 1 where id = ${line.id}`.execute(
    context.db,
  )
  await context.record({ type: 'voice-line.key-renewed', ...about(line.id), data: {} })
  return withAddress(context, line.id, key)
}

export async function archiveLine(context: Context, { id }: Editable): Promise<void> {
  await accessLine(context, id)
  await sql`update voice_line set archived_at = ${context.now.toString()}, key_hash = null, version = version + 1 where id = ${id}`.execute(
    context.db,
  )
  await context.record({ type: 'voice-line.archived', ...about(id), data: {} })
}
