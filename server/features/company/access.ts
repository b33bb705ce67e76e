import { sql } from 'kysely'
import type { z } from 'zod'
import type { company } from '../../../contract/desk.ts'
import type { Db } from '../../kernel/db.ts'

/** The settings of this desk that an administrator changes while it runs: one row, over these defaults. */
export type CompanySettings = z.output<(typeof company)['GET /api/company/settings']['returns']>

export const defaults: CompanySettings = {
  name: 'Firstline',
  supports: 'own-staff',
  language: 'en',
  accent: null,
  logo: null,
  whoHasIt: 'first-name',
  closeAfterDays: 5,
  secondFactor: 'staff',
  timeZone: 'Europe/Berlin',
  agentFigures: false,
}

export async function companySettings(db: Db): Promise<CompanySettings> {
  const found = await sql<{ value: Partial<CompanySettings> }>`select value from setting where name = 'company'`.execute(db)
  return { ...defaults, ...found.rows[0]?.value }
}

type Step = { key: 'company' | 'mailbox' | 'colleagues'; done: boolean }

/** How far the first set-up is: each step is done when its trace is there, whoever left it. */
export async function setUpState(db: Db): Promise<{ done: boolean; steps: Step[] }> {
  const found = await sql<{ done: boolean; company: boolean; mailbox: boolean; colleagues: boolean }>`select
      exists (select 1 from setting where name = 'set-up') as done,
      exists (select 1 from setting where name = 'company') as company,
      exists (select 1 from mailbox where (proved_at is not null or arrived_at is not null) and archived_at is null) as mailbox,
      (select count(distinct g.person_id) > 1 from role_grant g where g.role in ('agent', 'lead', 'manager', 'administrator')) as colleagues`.execute(
    db,
  )
  const { done, ...steps } = found.rows[0]!
  return { done, steps: (['company', 'mailbox', 'colleagues'] as const).map((key) => ({ key, done: steps[key] })) }
}
