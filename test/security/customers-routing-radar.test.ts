import type { ServerResponse } from 'node:http'
import { sql } from 'kysely'
import pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { sendTo, someMessageId } from '../../server/features/mail/mail.testing.ts'
import { noticeJobs } from '../../server/features/notices/jobs.ts'
import { radarJobs } from '../../server/features/radar/jobs.ts'
import { routingJobs } from '../../server/features/routing/jobs.ts'
import { type Actor, nobody } from '../../server/kernel/actor.ts'
import { startLive } from '../../server/kernel/live.ts'
import { quietLog } from '../../server/kernel/log.ts'
import { hashOf, newToken } from '../../server/kernel/secrets.ts'
import { cloneDatabase } from '../database.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** What an outsider who reads the code would try on customers, their documents, the giving out of tickets, similar tickets and the radar. */
const desk = useDesk()
let admin: TestPerson
let lead: TestPerson
let [ours, theirs] = [{ id: '' }, { id: '' }]
let ada: TestPerson
beforeEach(async () => {
  admin = await desk.person('administrator')
  lead = await desk.person('lead')
  ;[ours, theirs] = [await desk.organisation('Ours'), await desk.organisation('Theirs')]
  ada = await desk.person('requester', { name: 'Ada', organisationId: ours.id })
})

type Ask = [name: string, input?: object]
const ask = ([name, input = {}]: Ask, as?: TestPerson) => desk.ask(name as 'GET /api/tickets', { as, ...input } as never)
const rows = <T>(query: ReturnType<typeof sql>) => desk.kernel.asSystem(async ({ db }) => (await query.execute(db)).rows as T[])
const open = async (requester: TestPerson, more: object = {}) =>
  (await desk.call('POST /api/tickets', { as: admin, body: { subject: 'Printer', requesterId: requester.id, ...more } as never })).id
const restrict = (id: string, to: TestPerson) =>
  desk.call('PUT /api/tickets/:id/restriction', { as: admin, params: { id }, body: { to: { personIds: [to.id], teamIds: [] } } })
const limitedTo = ({ id }: { id: string }, role: 'agent' | 'lead' = 'lead', more = {}) =>
  desk.person(role, { limitedTo: { organisationId: id }, ...more })
const viewerOf = ({ id }: { id: string }) => desk.person('organisation-viewer', { organisationId: id, limitedTo: { organisationId: id } })

async function upload(as: TestPerson, name: string, type: string, text: string): Promise<string> {
  const payload = `--x\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n${text}\r\n--x--\r\n`
  const headers = { authorization: `Bearer ${as.token}`, 'content-type': 'multipart/form-data; boundary=x' }
  return (await desk.app.inject({ method: 'POST', url: '/api/uploads', headers, payload })).json().items[0].id
}
const document = async (name = 'contract.pdf', type = 'application/pdf', text = 'MARKER', more = {}, { id } = ours) => {
  const body = { uploadId: await upload(lead, name, type, text), title: 'MARKER', ...more }
  return desk.call('POST /api/organisations/:id/documents', { as: lead, params: { id }, body })
}
const contact = () => {
  const body = { personId: ada.id, roles: ['main' as const], orders: true, orderLimit: 'MARKER up to 900' }
  return desk.call('POST /api/organisations/:id/contacts', { as: lead, params: { id: ours.id }, body })
}

describe('what the desk knows of a customer', () => {
  it('E-055 is read and changed by nobody who is not there for it, whatever is counted up', async () => {
    const [file, named] = [await document(), await contact()]
    const note = await desk.call('POST /api/organisations/:id/notes', { as: lead, params: { id: ours.id }, body: { body: 'MARKER' } })
    const ticket = await open(ada)
    await desk.call('POST /api/organisations/:id/path', { as: lead, params: { id: ours.id } })
    const of = { params: { id: ours.id } }
    const all: Ask[] = [
      ['GET /api/organisations/:id/overview', of],
      ['PATCH /api/organisations/:id/customer', { ...of, ifMatch: 1, body: { inChargeId: null } }],
      ['POST /api/organisations/:id/join', { ...of, body: { personIds: [ada.id] } }],
      ['POST /api/organisations/:id/contacts', { ...of, body: { personId: ada.id } }],
      ['PATCH /api/contacts/:id', { params: { id: named.id }, ifMatch: 1, body: { orderLimit: '' } }],
      ['DELETE /api/contacts/:id', { params: { id: named.id } }],
      ['GET /api/organisations/:id/notes', of],
      ['POST /api/organisations/:id/notes', { ...of, body: { body: 'x' } }],
      ['PATCH /api/customer-notes/:id', { params: { id: note.id }, ifMatch: 1, body: { body: 'x' } }],
      ['DELETE /api/customer-notes/:id', { params: { id: note.id } }],
      ['POST /api/organisations/:id/documents', { ...of, body: { uploadId: '1' } }],
      ['PATCH /api/documents/:id', { params: { id: file.id }, ifMatch: 1, body: { audience: 'customer' } }],
      ['POST /api/documents/:id/files', { params: { id: file.id }, body: { uploadId: '1' } }],
      ['DELETE /api/documents/:id', { params: { id: file.id } }],
      ['GET /api/document-files/:id', { params: { id: file.files[0]!.id } }],
      ['GET /api/organisations/:id/path', of],
      ['POST /api/organisations/:id/path', of],
      ['PUT /api/organisations/:id/path/steps/:key', { params: { id: ours.id, key: 'sites' }, body: { needed: false } }],
      ['POST /api/organisations/:id/path/finish', of],
      ['GET /api/tickets/:id/customer', { params: { id: ticket } }],
      ['GET /api/people/:id/customer', { params: { id: ada.id } }],
    ]
    const lists: Ask[] = [['GET /api/customer-paths'], ['GET /api/documents']]
    lists.push(['GET /api/organisations/joining', { query: { domains: 'x.example' } }])
    const [mine, other] = [await viewerOf(ours), await viewerOf(theirs)]
    const outside = [undefined, ada, mine, other, await limitedTo(theirs), await limitedTo(theirs, 'agent')]
    for (const as of outside) {
      for (const one of all) expect([401, 403, 404], `${one[0]} ${as?.name}`).toContain((await ask(one, as)).status)
      for (const one of lists) expect((await ask(one, as)).text, one[0]).not.toMatch(/MARKER|Ours/)
    }
    const reader = { ...lead, token: newToken() }
    await rows(sql`insert into api_token (person_id, name, token_hash, scopes, created_at)
      values (${lead.id}, 'r', ${hashOf(reader.token)}, '{read}', now())`)
    for (const one of all.filter(([name]) => !name.startsWith('GET'))) expect((await ask(one, reader)).status, one[0]).toBe(403)
    const now = await desk.call('GET /api/organisations/:id/overview', { as: lead, ...of })
    expect(now).toMatchObject({ contacts: [{ version: 1 }], notes: [{ version: 1, body: 'MARKER' }], path: { open: true } })
    expect(now.documents).toMatchObject([{ version: 1, files: [{ number: 1 }] }])
  })

  it('E-060 is not told to an agent of one customer who belongs to another one', async () => {
    await rows(sql`update organisation set special_handling = 'MARKER pays late' where id = ${ours.id}`)
    const two = await limitedTo(theirs, 'agent', { organisationId: ours.id })
    const colleague = await desk.person('agent', { organisationId: ours.id })
    for (const of of [two, colleague]) {
      const seen = await ask(['GET /api/people/:id/customer', { params: { id: of.id } }], two)
      expect(seen.status).toBe(200)
      expect(seen.text).not.toContain('MARKER')
    }
    expect((await ask(['GET /api/people/:id/customer', { params: { id: colleague.id } }], admin)).text).toContain('MARKER')
  })

  it('M-142 the stream tells staff, and not the person, that somebody is a contact now', async () => {
    const named = await contact()
    await desk.call('PATCH /api/contacts/:id', { as: lead, params: { id: named.id }, ifMatch: 1, body: { orders: false } })
    await desk.call('DELETE /api/contacts/:id', { as: lead, params: { id: named.id } })
    const events = await rows<{ e: string; a: string; s: string; u: string | null }>(sql`select type as e, audience as a,
      subject_kind || ':' || subject_id as s, data -> 'personId' as u from event where type like 'contact.%' order by id`)
    const clone = await cloneDatabase()
    const client = new pg.Client({ connectionString: clone.ownerUrl })
    await client.connect()
    const live = startLive(clone.ownerUrl, quietLog)
    const listen = (actor: Partial<Actor>) => {
      const words: string[] = []
      const response: unknown = { writeHead() {}, write: (text: string) => words.push(text), on() {}, writableLength: 0, end() {} }
      live.attach({ ...nobody, kind: 'person', ...actor }, response as ServerResponse)
      return words
    }
    const [person, staff] = [listen({ id: ada.id, memberOf: [ours.id] }), listen({ id: lead.id, staff: true, organisations: 'all' })]
    const told = JSON.stringify({ by: 1, events: events.map((one) => ({ i: 1, t: null, ...one })), tickets: null })
    await expect
      .poll(async () => {
        await client.query("select pg_notify('firstline', $1)", [told])
        return staff.join()
      })
      .toMatch(/contact\.added[\s\S]*contact\.changed[\s\S]*contact\.removed/)
    expect(person.join()).not.toContain('contact.')
    await live.stop()
    await client.end()
    await clone.drop()
  })
})

describe('documents of customers', () => {
  it('D-041 are never run by a browser, whatever they call themselves, and their names break no header', async () => {
    const kinds = ['image/svg+xml', 'text/html', 'application/xhtml+xml', 'text/javascript', 'image/png', 'text/html; charset=utf-7']
    for (const type of kinds) {
      const { files } = await document('\u202egpj.exe', type, '<script>1</script>')
      const { headers } = await ask(['GET /api/document-files/:id', { params: { id: files[0]!.id } }], lead)
      expect(headers, type).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'private, max-age=0, no-store' })
      expect(String(headers['content-security-policy'])).toMatch(/^sandbox; default-src 'none'/)
      expect(String(headers['content-type'])).toMatch(/^(application\/octet-stream|image\/png)$/)
      if (type !== 'image/png')
        expect(String(headers['content-disposition'])).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.%-]+$/)
    }
  })

  it('E-057 whoever belongs to two customers reads those of the one that they may look into, and nothing once that ends', async () => {
    const both = await viewerOf(ours)
    await rows(sql`insert into person_organisation (person_id, organisation_id) values (${both.id}, ${theirs.id})`)
    const mine = await document('a.pdf', 'application/pdf', 'x', { audience: 'customer', title: 'For us' })
    const foreign = await document('b.pdf', 'application/pdf', 'x', { audience: 'customer' }, theirs)
    const file = (of: typeof mine) => ask(['GET /api/document-files/:id', { params: { id: of.files[0]!.id } }], both)
    expect((await desk.call('GET /api/documents', { as: both })).items.map((one) => one.title)).toEqual(['For us'])
    expect([(await file(mine)).status, (await file(foreign)).status]).toEqual([200, 404])
    await desk.call('PATCH /api/documents/:id', { as: lead, params: { id: mine.id }, ifMatch: 1, body: { audience: 'staff' } })
    expect((await file(mine)).status).toBe(404)
    expect((await desk.call('GET /api/documents', { as: both })).items).toEqual([])
  })
})

describe('the giving out of tickets', () => {
  let team: { id: string; name: string }
  let mia: TestPerson
  const load = { way: 'load', availability: 'any', cap: null, waitingWeight: 0.3 } as const
  const settings = { ...load, stickyDays: 30, timeoutMinutes: null, timeoutTimes: 2, unclaimedMinutes: null }
  const set = (more: object = {}) =>
    desk.call('PUT /api/teams/:id/distribution', {
      as: admin,
      params: { id: team.id },
      ifMatch: 1,
      body: { ...settings, ...more },
    })
  const skilled = async (who: TestPerson[]) => {
    const category = (await desk.call('POST /api/categories', { as: admin, body: { name: { en: 'Crypt', de: 'Krypt' } } as never })).id
    const [skill] = await rows<{ id: string }>(sql`insert into skill (name) values ('Crypt') returning id`)
    for (const { id } of who) await rows(sql`insert into person_skill (person_id, skill_id) values (${id}, ${skill!.id})`)
    await desk.call('PUT /api/categories/:id/skills', { as: admin, params: { id: category }, body: { skillIds: [skill!.id] } })
    return category
  }
  const holder = async (id: string) => (await desk.call('GET /api/tickets/:id', { as: admin, params: { id } })).assignee?.id ?? null
  beforeEach(async () => {
    mia = await desk.person('agent', { name: 'Mia' })
    team = await desk.team('Network', 2, [mia])
  })

  it('E-058 tells by no reason and no number that somebody has a restricted ticket', async () => {
    await set()
    const hidden = await open(ada, { teamId: team.id, assigneeId: mia.id })
    const tried = () =>
      desk.call('POST /api/teams/:id/distribution/try', { as: lead, params: { id: team.id }, body: { requesterId: ada.id } })
    expect(await tried()).toMatchObject({ because: 'last-owner', load: 1 })
    await restrict(hidden, admin)
    expect(await tried()).toMatchObject({ because: 'load', load: 0 })
  })

  it('E-058 tells staff of one customer not how much somebody has of others, as the reason why it was given to them', async () => {
    await set()
    await desk.call('POST /api/routing-rules', { as: admin, body: { name: 'All', teamId: team.id } })
    await open(await desk.person('requester', { organisationId: theirs.id }))
    const id = await open(ada)
    const given = async (as: TestPerson) =>
      (await desk.call('GET /api/tickets/:id/holdings', { as, params: { id } })).items.find((one) => one.given)?.given
    expect(await given(admin)).toMatchObject({ because: 'load', load: 1 })
    const limited = await limitedTo(ours, 'agent')
    expect(await given(limited)).toBeUndefined()
    expect((await ask(['GET /api/tickets/:id/timeline', { params: { id } }], limited)).text).not.toContain('"load"')
  })

  it('N-147 a skill that only somebody without a role has keeps no ticket waiting', async () => {
    const gone = await desk.person('requester')
    await rows(sql`insert into team_member (team_id, person_id, since) values (${team.id}, ${gone.id}, now())`)
    const categoryId = await skilled([gone])
    await set({ way: 'skill' })
    const id = await open(ada, { teamId: team.id, categoryId })
    await routingJobs['routing.sweep']!(desk.kernel, {})
    expect(await holder(id)).toBe(mia.id)
  })

  it('N-147 a hundred tickets that nobody can take hold back no other', async () => {
    const noah = await desk.person('agent')
    await rows(sql`insert into team_member (team_id, person_id, since) values (${team.id}, ${noah.id}, now())`)
    const categoryId = await skilled([noah])
    const today = desk.clock.now().toString().slice(0, 10)
    await desk.call('POST /api/absences', { as: noah, body: { fromOn: today, toOn: today, substituteId: null } as never })
    const stuck = await open(ada, { teamId: team.id, categoryId, impact: 3, urgency: 3 })
    await rows(sql`insert into ticket overriding system value select (jsonb_populate_record(t, jsonb_build_object('id', t.id + 1000 + n))).*
      from ticket t, generate_series(1, 100) n where t.id = ${stuck}`)
    const plain = await open(ada, { teamId: team.id })
    await set({ way: 'skill' })
    await routingJobs['routing.sweep']!(desk.kernel, {})
    expect([await holder(plain), await holder(stuck)]).toEqual([mia.id, null])
  })

  it('Q-162 what a lead answers to the bell of a ticket that nobody takes is not for its requester', async () => {
    await rows(sql`insert into setting (name, value, changed_at) values ('demo', '{}', now())`)
    await desk.mailbox('help@desk.example')
    await rows(sql`insert into team_member (team_id, person_id, is_lead, since) values (${team.id}, ${lead.id}, 'yes', now())`)
    await desk.call('PUT /api/notices/choices', { as: lead, body: { byMail: ['unclaimed'], byBrowser: [] } })
    await set({ way: 'pull', unclaimedMinutes: 30 })
    const id = await open(ada, { teamId: team.id })
    desk.clock.advance({ minutes: 31 })
    await routingJobs['routing.sweep']!(desk.kernel, {})
    desk.clock.advance({ minutes: 3 })
    await noticeJobs['notices.mail']!(desk.kernel, {})
    const [bell] = await rows<{ message_id: string }>(sql`select message_id from outbound_mail where kind = 'notice' and ticket_id = ${id}`)
    const headers = [`In-Reply-To: <${bell!.message_id}>`]
    await sendTo(desk.kernel, {
      to: ['help@desk.example'],
      from: lead.email,
      messageId: someMessageId(),
      headers,
      body: 'MARKER difficult man',
    })
    await desk.work()
    const seen = async (as: TestPerson) => (await ask(['GET /api/tickets/:id', { params: { id } }], as)).text.includes('MARKER')
    expect([await seen(lead), await seen(ada)]).toEqual([true, false])
  })
})

describe('the radar', () => {
  const says = async (organisation: { id: string }, subject: string, times: number) => {
    const ids: string[] = []
    for (let n = 0; n < times; n++) ids.push(await open(await desk.person('requester', { organisationId: organisation.id }), { subject }))
    return ids
  }
  const collect = () => radarJobs['radar.collect']!(desk.kernel, {})
  const only = async (as: TestPerson) => {
    const { items } = await desk.call('GET /api/radar', { as, query: { state: 'all' } })
    expect(items).toHaveLength(1)
    return items[0]!
  }

  it('E-058 names to staff of one customer no word that only others’ tickets say, beside their tickets neither', async () => {
    const [mine] = await says(ours, 'Kyocera C7120', 3)
    const hidden = await says(theirs, 'Kyocera C7120 Falkenstein', 4)
    await collect()
    const limited = await limitedTo(ours)
    expect((await only(admin)).words).toContain('Falkenstein')
    expect([...(await only(limited)).words].sort()).toEqual(['C7120', 'Kyocera'])
    const beside = await desk.ask('GET /api/tickets/:id/similar', { as: limited, params: { id: mine! } })
    expect(beside.body.repeated).toHaveLength(1)
    expect(beside.text).not.toContain('Falkenstein')
    for (const id of hidden) await restrict(id, admin)
    expect((await only(lead)).words).not.toContain('Falkenstein')
    await collect()
    expect((await only(lead)).words).not.toContain('Falkenstein')
  })

  it('E-058 tells of a burst, its size and a page mark nothing that is not counted among one’s own', async () => {
    const [mine] = await says(ours, 'Kyocera C7120', 3)
    await says(theirs, 'Kyocera C7120', 1)
    await collect()
    desk.clock.advance({ hours: 48 })
    await says(theirs, 'Kyocera C7120 Falkenstein', 6)
    await radarJobs['radar.look']!(desk.kernel, {})
    const limited = await limitedTo(ours)
    expect(await only(admin)).toMatchObject({ tickets: 10, burst: { tickets: 6 } })
    expect(await only(limited)).toMatchObject({ tickets: 3, burst: null })
    const beside = await desk.call('GET /api/tickets/:id/similar', { as: limited, params: { id: mine! } })
    expect(beside.repeated).toMatchObject([{ burst: false }])
    const [first] = await rows<{ id: string }>(sql`update ticket set organisation_id = ${ours.id}
      where id = (select ticket_id from event where type = 'radar.burst') returning id`)
    const history = async (as: TestPerson) => (await ask(['GET /api/tickets/:id/timeline', { params: { id: first!.id } }], as)).text
    expect([await history(admin), await history(limited)].map((text) => text.includes('radar.burst'))).toEqual([true, false])
    await says(ours, 'Toner streaks Lexmark', 4)
    await collect()
    const page = (more = {}) => desk.call('GET /api/radar', { as: limited, query: { state: 'all', limit: 1, ...more } })
    const { items, next } = await page()
    expect(Buffer.from(next!, 'base64url').toString()).toBe(`["0","${items[0]!.id}"]`)
    const rest = await page({ after: next })
    expect([rest.items.length, rest.next]).toEqual([1, null])
  })

  it('E-060 is settled for all only by somebody who sees all of it', async () => {
    await says(ours, 'Kyocera C7120', 4)
    await collect()
    const limited = await limitedTo(ours)
    const settle = async (as: TestPerson) => {
      const { id, version } = await only(as)
      return ask(['PATCH /api/radar/:id', { params: { id }, ifMatch: version, body: { state: 'watching', why: 'x' } }], as)
    }
    expect((await settle(limited)).status).toBe(200)
    await says(theirs, 'Kyocera C7120', 3)
    await collect()
    expect((await settle(limited)).status).toBe(403)
    expect((await settle(lead)).status).toBe(200)
  })
})

describe('what is sent to break something', () => {
  it('H-102 forged marks and hostile words are refused or answered in time, and are no fault of the server', async () => {
    const mark = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const [dots, quotes] = [`a${'.'.repeat(3990)}b`, "'&|!:*<->\\ ".repeat(300)]
    const long = [dots, quotes, '-'.repeat(4000), ' '.repeat(4000), 'ä'.repeat(100_000), '\ud83d x\u0000y']
    long.push(Array.from({ length: 700 }, (_, n) => `word${n}`).join(' '))
    const marks = [mark('1.2:3', '5'), mark('2026-01-01', '5'), mark('-', '5'), mark('1', '9'.repeat(18)), mark(1), mark({})]
    const of = (order: string) => marks.map((after): Ask => ['GET /api/radar', { query: { order, after } }])
    const all: Ask[] = [
      ...['tickets', 'minutes', 'last'].flatMap(of),
      ...long.map((body): Ask => ['POST /api/similar', { body: { subject: body.slice(0, 250), body } }]),
      ['POST /api/similar', { body: { subject: 'Printer', requesterId: '9'.repeat(18), categoryId: '9'.repeat(18) } }],
      ['GET /api/organisations/joining', { query: { domains: `%,_,\\,${'a.'.repeat(2000)}` } }],
      ['GET /api/organisations/:id/notes', { params: { id: ours.id }, query: { after: "1' or 1=1" } }],
      ['POST /api/teams/:id/distribution/try', { params: { id: '9'.repeat(18) }, body: {} }],
    ]
    for (const one of all) {
      const from = performance.now()
      expect((await ask(one, admin)).status, JSON.stringify(one).slice(0, 120)).toBeLessThan(500)
      expect(performance.now() - from, JSON.stringify(one).slice(0, 120)).toBeLessThan(1000)
    }
  })

  it('how much happens on the whole desk is told to those alone who see all of it', async () => {
    const answer = async (as: TestPerson) => (await ask(['GET /api/tickets'], as)).headers['live-position']
    expect(await answer(lead)).toBeDefined()
    const ofTeam = await desk.person('agent', { limitedTo: { teamId: (await desk.team()).id } })
    for (const as of [ada, await viewerOf(ours), await limitedTo(ours, 'agent'), ofTeam]) expect(await answer(as)).toBeUndefined()
  })
})

describe('the second wall', () => {
  it('E-061 a query without scope reads no row of customers and radar, and one of another customer none of theirs', async () => {
    await document('a.pdf', 'application/pdf', 'x', { audience: 'customer' })
    await contact()
    await rows(sql`insert into customer_note (organisation_id, body, created_at) values (${ours.id}, 'x', now())`)
    await rows(sql`insert into customer_path (organisation_id, begun_at) values (${ours.id}, now())`)
    await rows(sql`insert into customer (organisation_id, changed_at) values (${ours.id}, now())`)
    for (let n = 0; n < 4; n++) await open(ada, { subject: 'Kyocera C7120' })
    await radarJobs['radar.collect']!(desk.kernel, {})
    const known = 'customer customer_contact customer_note customer_path document document_file radar_issue radar_ticket radar_word'
    const tables = known.split(' ')
    const counted = (staff: string, scope: string, organisations: string) =>
      desk.kernel.asSystem(async ({ db }) => {
        await sql`select set_config('firstline.staff', ${staff}, true), set_config('firstline.scope', ${scope}, true),
          set_config('firstline.organisations', ${organisations}, true), set_config('firstline.person', '', true)`.execute(db)
        const found: string[] = []
        for (const table of tables)
          if ((await sql`select 1 from ${sql.table(table)} limit 1`.execute(db)).rows.length > 0) found.push(table)
        return found
      })
    expect(await counted('on', 'all', '')).toEqual(tables)
    expect(await counted('', '', '')).toEqual([])
    expect(await counted('on', 'some', `{${theirs.id}}`)).toEqual([])
    expect(await counted('', 'some', `{${ours.id}}`)).toEqual(['document', 'document_file'])
    expect(await counted('on', 'some', `{${ours.id}}`)).toEqual(tables.slice(0, -1))
  })
})
