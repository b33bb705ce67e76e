import { sql } from 'kysely'
import type { TelephoneSettings } from '../../../contract/verification.ts'
import type { Db } from '../../kernel/db.ts'
import { dialPlans } from './rules.ts'

/** How this desk telephones: one row of settings; the SMS gateway has its own, because of its secret. */
export type Kept = { country?: string; missed?: 'list' | 'ticket'; missedTeamId?: string | null }
export const keptTelephone = async (db: Db): Promise<Kept> =>
  (await sql<{ value: Kept }>`select value from setting where name = 'telephone'`.execute(db)).rows[0]?.value ?? {}

export async function telephoneSettings(db: Db): Promise<TelephoneSettings> {
  const kept = await keptTelephone(db)
  const found = await sql<{ sms: TelephoneSettings['sms']; categories: string[] }>`select
    (select json_build_object('baseUrl', base_url, 'account', account, 'sender', sender) from sms_gateway) as sms,
    array(select id::text from category where verify = 'yes' and archived_at is null order by id) as categories`.execute(db)
  const { sms, categories } = found.rows[0]!
  return {
    country: kept.country ?? null,
    countries: Object.keys(dialPlans).sort(),
    missed: kept.missed ?? 'list',
    missedTeamId: kept.missedTeamId ?? null,
    sms,
    categoryIds: categories,
  }
}

export type Gateway = { base_url: string; account: string; sender: string; secret: Buffer }
export const smsGateway = async (db: Db): Promise<Gateway | undefined> =>
  (await sql<Gateway>`select base_url, account, sender, secret from sms_gateway`.execute(db)).rows[0]
export const gatewayPlace = { table: 'sms_gateway', column: 'secret', row: '1' }
