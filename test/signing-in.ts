import { sql } from 'kysely'
import { linkAddress } from '../server/features/sessions/actions-links.ts'
import type { SystemMail } from '../server/features/sessions/events.ts'
import { sessionJobs } from '../server/features/sessions/jobs.ts'
import { hashPassword } from '../server/features/sessions/passwords.ts'
import type { Desk } from './harness.ts'

/** What the tests of signing in need: a browser that keeps its cookie, and a look into the mail that would go out. */
type Ask = Desk['ask']
export type Browser = {
  ask: Ask
  call: Desk['call']
  refused: Desk['refused']
  cookie(): string | undefined
  keep(cookie: string | undefined): void
}

const cookieName = '__Host-firstline'

export function browserOn(desk: Desk, more: Record<string, string> = {}): Browser {
  let cookie: string | undefined
  const headers = () => ({
    'sec-fetch-site': 'same-origin',
    ...more,
    ...(cookie === undefined ? {} : { cookie: `${cookieName}=${cookie}` }),
  })
  const ask = (async (name: never, input: { headers?: Record<string, string> } = {}) => {
    const answer = await desk.ask(name, { ...input, headers: { ...headers(), ...input.headers } } as never)
    const set = ([answer.headers['set-cookie'] ?? []].flat() as string[]).find((line) => line.startsWith(`${cookieName}=`))
    if (set !== undefined) cookie = /^[^=]+=([^;]*)/.exec(set)?.[1] || undefined
    return answer
  }) as Ask
  return {
    ask,
    call: (async (name: never, input: never) => {
      const answer = await ask(name, input)
      if (answer.status >= 300) throw new Error(`${name} answered ${answer.status}: ${answer.text.slice(0, 500)}`)
      return answer.body
    }) as Desk['call'],
    refused: (async (code: string, name: never, input: never) => {
      const answer = await ask(name, input)
      const body = answer.body as { code?: string } | undefined
      if (body?.code !== code) throw new Error(`${name} answered ${answer.status} instead of ${code}: ${answer.text.slice(0, 500)}`)
      return body
    }) as Desk['refused'],
    cookie: () => cookie,
    keep: (kept) => {
      cookie = kept
    },
  }
}

export async function givePassword(desk: Desk, personId: string, password: string): Promise<void> {
  const hash = await hashPassword(password)
  await desk.kernel.asSystem(({ db, now }) =>
    sql`insert into password (person_id, hash, set_at) values (${personId}, ${hash}, ${now.toString()})`.execute(db),
  )
}

export const secondFactorPolicy = (desk: Desk, secondFactor: 'staff' | 'nobody') =>
  desk.kernel.asSystem(({ db, now }) =>
    sql`insert into setting (name, value, changed_at) values ('company', ${JSON.stringify({ secondFactor })}, ${now.toString()})
      on conflict (name) do update set value = setting.value || excluded.value`.execute(db),
  )

type Job = { id: string; name: string; payload: unknown }

/** Runs the jobs of this feature and takes the mails that they ask for, with the token that each link holds. */
export async function takeMails(desk: Desk): Promise<(SystemMail & { token: string })[]> {
  const mails: (SystemMail & { token: string })[] = []
  for (;;) {
    const found = await desk.sandbox.asOwner(() =>
      desk.sandbox.client.query<Job>(`with gone as (delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t
        where t.id = j.task_id and t.identifier in ('session.send-link', 'mail.system') returning j.id, t.identifier as name, j.payload) select * from gone order by id`),
    )
    if (found.rows.length === 0) return mails
    for (const { name, payload } of found.rows)
      if (name === 'session.send-link') await sessionJobs['session.send-link']?.(desk.kernel, payload as never)
      else
        mails.push({
          ...(payload as SystemMail),
          token: linkAddress(desk.kernel, payload as SystemMail).replace('http://localhost:8080/link/', ''),
        })
  }
}
