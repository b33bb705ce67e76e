import { sql } from 'kysely'
import type { z } from 'zod'
import type { verifications } from '../../../contract/verification.ts'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { isLocalDesk } from '../../kernel/outbound.ts'
import { invalid } from '../../kernel/problem.ts'
import { gatewayPlace, keptTelephone, smsGateway } from './access-telephone.ts'
import { dialPlans } from './rules.ts'
import './events.ts'

type Change = z.output<(typeof verifications)['PATCH /api/telephone/settings']['body']>

export async function changeTelephone(context: Context, change: Change): Promise<void> {
  const { sms, categoryIds, ...kept } = change
  await refuseUnknown(context, change)
  if (Object.keys(kept).length > 0) await keep(context, kept)
  if (sms !== undefined) await keepGateway(context, sms)
  if (categoryIds !== undefined)
    await sql`update category set verify = case when id = any(${categoryIds}::bigint[]) then 'yes' else 'no' end
      where (verify = 'yes') <> (id = any(${categoryIds}::bigint[]))`.execute(context.db)
  await context.record({
    type: 'telephone.changed',
    subject: { kind: 'telephone', id: '0' },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}

async function refuseUnknown(context: Context, change: Change): Promise<void> {
  if (change.country !== undefined && !dialPlans[change.country])
    throw invalid('country', 'unknown', 'How numbers are written in this country is not known. Choose one of the list.')
  if (!change.missedTeamId) return
  const team = await sql`select 1 from team where id = ${change.missedTeamId} and archived_at is null`.execute(context.db)
  if (team.rows.length === 0) throw invalid('missedTeamId', 'unknown', 'This team does not exist any more. Choose another.')
}

async function keep(context: Context, change: Omit<Change, 'sms' | 'categoryIds'>): Promise<void> {
  const plan = change.country === undefined ? {} : { plan: dialPlans[change.country] }
  const value = JSON.stringify({ ...(await keptTelephone(context.db)), ...change, ...plan })
  await sql`insert into setting (name, value, changed_at, changed_by_id) values ('telephone', ${value}, ${context.now.toString()}, ${context.actor.id})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id`.execute(
    context.db,
  )
  if (change.country !== undefined) context.later(job('verification.renumber', {}, { key: 'verification.renumber' }))
}

async function keepGateway(context: Context, sms: NonNullable<Change['sms']> | null): Promise<void> {
  if (sms === null) return void (await sql`delete from sms_gateway`.execute(context.db))
  if (!sms.baseUrl.startsWith('https:') && !isLocalDesk(context.kernel.settings))
    throw invalid('sms.baseUrl', 'not_https', 'Only https addresses are called.')
  const known = await smsGateway(context.db)
  // A secret goes to the address that it was entered for, and to no other.
  if (!sms.token && (!known || known.base_url !== sms.baseUrl)) throw invalid('sms.token', 'missing', 'Enter the token of this account.')
  const secret = sms.token ? context.kernel.secrets.seal(sms.token, gatewayPlace) : known!.secret
  await sql`insert into sms_gateway (id, base_url, account, sender, secret, changed_at) values (1, ${sms.baseUrl}, ${sms.account}, ${sms.sender}, ${secret}, ${context.now.toString()})
    on conflict (id) do update set base_url = excluded.base_url, account = excluded.account, sender = excluded.sender, secret = excluded.secret, changed_at = excluded.changed_at`.execute(
    context.db,
  )
}
