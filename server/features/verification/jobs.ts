import { sql } from 'kysely'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { companySettings } from '../company/access.ts'
import { smsGateway } from './access-telephone.ts'
import { sendSms } from './actions-sms.ts'
import { smsWords } from './letters.ts'
import './events.ts'

/** Sending twice is a second SMS with the same code: harmless, and it happens only when the first answer was lost. */
export const verificationJobs = jobs({
  'verification.send-sms': async (kernel, payload) => {
    const { gateway, company, pending } = await kernel.asSystem(async ({ db }) => ({
      gateway: await smsGateway(db),
      company: (await companySettings(db)).name,
      pending:
        (await sql`select 1 from verification where id = ${payload.verificationId} and state = 'pending'`.execute(db)).rows.length > 0,
    }))
    if (!gateway || !pending || Date.parse(payload.expiresAt) <= kernel.clock.now().epochMilliseconds) return
    const code = kernel.secrets.open(Buffer.from(payload.code, 'base64'), {
      table: 'verification',
      column: 'code',
      row: payload.verificationId,
    })
    const body = smsWords(payload.language, company, code)
    await sendSms(kernel, gateway, payload.to, body)
  },
  /** Whatever changed a person without telling: its new number begins to grow old now. */
  'verification.date': (kernel) =>
    kernel.asSystem(
      async ({ db, now }) => void (await sql`update contact_point set since = ${now.toString()} where since is null`.execute(db)),
    ),
  'verification.renumber': (kernel) => kernel.asSystem(async ({ db }) => void (await sql`select firstline.renumber_people()`.execute(db))),
})

export const verificationSchedules: Schedule[] = [{ name: 'verification.date', cron: '41 * * * *' }]
