import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { AlertSource, AlertSourceChange, AlertSourceInput } from '../../../contract/alerts.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { addressFor, newMachineKey } from '../mail/rules-machine-address.ts'
import { addPerson } from '../people/actions-people.ts'
import { accessSource, readSource, type SourceFacts } from './access-sources.ts'
import { wholeMapping } from './rules-mapping.ts'
import './events.ts'

type Editable = Granted<SourceFacts, 'setting.edit'>
type WithKey = AlertSource & { key: string; address: string }
const about = (id: string) => ({ subject: { kind: 'alert-source', id }, audience: 'staff' as const })
/** 32 characters, as the clients of PagerDuty demand of a routing key. */
const newKey = (kind: AlertSource['kind']) => (kind === 'mail' ? newMachineKey() : randomBytes(16).toString('hex'))
const secretPlace = (row: string) => ({ table: 'alert_source', column: 'signing_secret', row })

/** Most clients keep the key apart from the address; a bare webhook and a mail have it in there. */
function addressOf(context: Context, { kind, mailbox }: AlertSource, key: string): string {
  const base = context.kernel.settings.baseUrl
  if (kind === 'pagerduty') return `${base}/v2/enqueue`
  if (kind === 'opsgenie') return `${base}/v2/alerts`
  if (kind === 'mail') return addressFor(mailbox?.address ?? '', key)
  return kind === 'alertmanager' ? `${base}/api/alerts/alertmanager` : `${base}/api/alerts/in/${key}`
}
const withKey = async (context: Context, id: string, key: string): Promise<WithKey> => {
  const source = await readSource(context, id)
  return { ...source, key, address: addressOf(context, source, key) }
}

export async function addSource(context: Context, input: AlertSourceInput): Promise<WithKey> {
  await refuseUnknown(context, input)
  await refuseTakenName(context, input.name, null)
  const mailboxId = await mailboxFor(context, input)
  const key = newKey(input.kind)
  const personId = await addPerson(context, { name: input.name, organisationId: null })
  const made = await sql<{
    id: string
  }>`insert into alert_source (name, kind, key_hash, person_id, team_id, organisation_id, site_id, delay_seconds, consecutive, interval_minutes,
      flap_after, storm_after, priorities, resolves, heartbeat_minutes, mapping, mailbox_id, timestamp_header, created_at)
    values (${input.name}, ${input.kind}, ${hashOf(key)}, ${personId}, ${input.teamId}::bigint, ${input.organisationId}::bigint, ${input.siteId}::bigint,
      ${input.delaySeconds}, ${input.consecutive}, ${input.intervalMinutes}, ${input.flapAfter}, ${input.stormAfter}, ${JSON.stringify(input.priorities)}::jsonb,
      ${input.resolves ? 'yes' : 'no'}, ${input.heartbeatMinutes}::int, ${JSON.stringify(wholeMapping(input.kind, input.mapping))}::jsonb,
      ${mailboxId}::bigint, ${input.timestampHeader}, ${context.now.toString()}::timestamptz) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  if (input.secret != null) await keepSecret(context, id, input.secret)
  await context.record({ type: 'alert-source.added', ...about(id), data: { kind: input.kind } })
  return withKey(context, id, key)
}

async function keepSecret({ db, kernel }: Context, id: string, secret: string | null): Promise<void> {
  const sealed = secret === null ? null : kernel.secrets.seal(secret, secretPlace(id))
  await sql`update alert_source set signing_secret = ${sealed}::bytea where id = ${id}`.execute(db)
}
export const secretOf = (kernel: Kernel, { id, signing_secret }: Pick<SourceFacts, 'id' | 'signing_secret'>): string | null =>
  signing_secret === null ? null : kernel.secrets.open(signing_secret, secretPlace(id))

async function mailboxFor(
  { db }: Context,
  { kind, mailboxId }: { kind: AlertSource['kind']; mailboxId: string | null },
): Promise<string | null> {
  if (kind !== 'mail') return null
  const found = await sql`select 1 from mailbox where id = ${mailboxId}::bigint and archived_at is null`.execute(db)
  if (found.rows.length === 0) throw invalid('mailboxId', 'unknown', 'Choose the mailbox in which these mails arrive.')
  return mailboxId
}

type References = { [F in 'teamId' | 'organisationId' | 'siteId']?: string | null | undefined }
async function refuseUnknown({ db }: Context, { teamId, organisationId, siteId }: References): Promise<void> {
  const found = await sql<{ team: boolean; organisation: boolean; site: boolean }>`select
    exists (select 1 from team where id = ${teamId ?? null}::bigint and archived_at is null) as team,
    exists (select 1 from organisation where id = ${organisationId ?? null}::bigint) as organisation,
    exists (select 1 from site where id = ${siteId ?? null}::bigint and (${organisationId ?? null}::bigint is null or organisation_id = ${organisationId ?? null}::bigint)) as site`.execute(
    db,
  )
  const there = found.rows[0]!
  if (teamId && !there.team) throw invalid('teamId', 'unknown', 'This team is no longer there. Choose another.')
  if (organisationId && !there.organisation) throw invalid('organisationId', 'unknown', 'This organisation does not exist. Choose another.')
  if (siteId && !there.site) throw invalid('siteId', 'unknown', 'This site is not one of that organisation. Choose another.')
}

async function refuseTakenName({ db }: Context, name: string, except: string | null): Promise<void> {
  const found = await sql`select 1 from alert_source where firstline.plain(name) = firstline.plain(${name}) and archived_at is null
    and id is distinct from ${except}::bigint`.execute(db)
  if (found.rows.length > 0) throw invalid('name', 'taken', 'Another source has this name. Choose one that tells them apart.')
}

const columnOf = {
  name: 'name',
  teamId: 'team_id',
  organisationId: 'organisation_id',
  siteId: 'site_id',
  delaySeconds: 'delay_seconds',
  consecutive: 'consecutive',
  intervalMinutes: 'interval_minutes',
  flapAfter: 'flap_after',
  stormAfter: 'storm_after',
  priorities: 'priorities',
  resolves: 'resolves',
  heartbeatMinutes: 'heartbeat_minutes',
  mapping: 'mapping',
  timestampHeader: 'timestamp_header',
} as const
type Change = { [F in keyof AlertSourceChange]?: AlertSourceChange[F] | undefined }

export async function changeSource(context: Context, source: Editable, version: number, asked: Change): Promise<void> {
  const change = asked.mapping ? { ...asked, mapping: wholeMapping(source.kind, asked.mapping) } : asked
  if (source.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this source meanwhile.', {
      details: { current: await readSource(context, source.id) },
    })
  const organisationId = change.organisationId === undefined ? source.organisation_id : change.organisationId
  await refuseUnknown(context, { ...change, organisationId })
  if (change.name !== undefined) await refuseTakenName(context, change.name, source.id)
  const fields = (Object.keys(columnOf) as (keyof typeof columnOf)[]).filter((field) => change[field] !== undefined)
  if (fields.length === 0 && change.secret === undefined) return
  const set = fields.map((field) => sql`${sql.ref(columnOf[field])} = ${stored(change[field])}, `)
  await sql`update alert_source set ${sql.join(set, sql``)} version = version + 1, silent_told_at = null where id = ${source.id}`.execute(
    context.db,
  )
  if (change.secret !== undefined) await keepSecret(context, source.id, change.secret)
  if (change.name !== undefined) await sql`update person set name = ${change.name} where id = ${source.person_id}`.execute(context.db)
  await context.record({
    type: 'alert-source.changed',
    ...about(source.id),
    data: { fields: change.secret === undefined ? fields : [...fields, 'secret'] },
  })
}
const stored = (value: unknown): unknown =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : value !== null && typeof value === 'object' ? JSON.stringify(value) : value

export async function renewKey(context: Context, source: Editable): Promise<WithKey> {
  const key = newKey(source.kind)
  await sql`update alert_source set key_hash = ${hashOf(key)}, key_renewed_at = ${context.now.toString()}, version = version + 1 where id = ${source.id}`.execute(
    context.db,
  )
  await context.record({ type: 'alert-source.key-renewed', ...about(source.id), data: {} })
  return withKey(context, source.id, key)
}

export async function archiveSource(context: Context, { id }: Editable): Promise<void> {
  await accessSource(context, id)
  await sql`update alert_source set archived_at = ${context.now.toString()}, key_hash = null, version = version + 1 where id = ${id}`.execute(
    context.db,
  )
  await context.record({ type: 'alert-source.archived', ...about(id), data: {} })
}
