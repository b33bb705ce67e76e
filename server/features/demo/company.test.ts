import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../../test/database.ts'
import { testSettings } from '../../../test/harness.ts'
import { movedClock, systemClock } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { pooledTransactor, poolOf } from '../../kernel/db.ts'
import { quietLog } from '../../kernel/log.ts'
import { kernelOver } from '../../program.ts'
import { finalSchedule } from '../oncall/access-now.ts'
import { isSampleCompany, makeSampleCompany } from './actions-company.ts'
import { story } from './provider.ts'

/** Made once, a tenth of the size: the plan of the whole is tested in year-plan.test.ts. */
let clone: Clone
let kernel: Kernel
const dataDir = mkdtempSync(join(tmpdir(), 'fl-demo-'))
const said: string[] = []
beforeAll(async () => {
  clone = await cloneDatabase()
  const pool = poolOf(clone.ownerUrl, 2, () => {}, 'firstline')
  kernel = kernelOver(pooledTransactor(pool), testSettings(dataDir), movedClock(systemClock.now()), quietLog)
  expect(await isSampleCompany(kernel)).toBe(false)
  await makeSampleCompany(kernel, (line) => said.push(line), { tickets: 200 })
}, 180_000)
afterAll(async () => {
  await kernel.transactor.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await kernel.asSystem(({ db }) => query.execute(db))).rows
const one = async (query: ReturnType<typeof sql<{ n: number }>>) => (await rows(query))[0]!.n

/** Those of the plan, and the one of Friday 16:50. */
const tickets = 201
/** What a bad answer opened by itself was not. */
const planned = sql`not exists (select 1 from survey s where s.follow_up_id = t.id) and t.channel <> 'monitoring' and not exists (select 1 from voice_call v where v.ticket_id = t.id)`

describe('the sample company in the database', () => {
  it('says each step with its time', () => {
    expect(said.length).toBeGreaterThan(4)
    expect(said.every((line) => /\(\d+\.\d s\)\.$/.test(line))).toBe(true)
  })

  it('holds 3 organisations, 12 agents, 400 people and the tickets that were planned, 8 % of them open', async () => {
    expect(await one(sql`select count(*)::int as n from organisation`)).toBe(3)
    expect(await one(sql`select count(distinct person_id)::int as n from role_grant where role = 'agent'`)).toBe(12)
    expect(
      await one(
        sql`select count(*)::int as n from person where id not in (select person_id from alert_source) and id not in (select person_id from voice_line)`,
      ),
    ).toBe(400)
    const customers = await one(sql`select count(*)::int as n from person where organisation_id is not null`)
    for (const text of [story.en, story.de]) expect(text).toMatch(new RegExp(`, ${customers} (people|Menschen)`))
    expect(await one(sql`select count(*)::int as n from ticket t where ${planned}`)).toBe(tickets)
    const open = await one(
      sql`select count(*)::int as n from ticket t where meaning not in ('resolved', 'closed', 'cancelled') and ${planned}`,
    )
    expect(open).toBeGreaterThanOrEqual(14)
    expect(open).toBeLessThanOrEqual(18)
  })

  it('answers around the clock: one hole in five weeks, a swap that is agreed and one that waits, and a note of last night', async () => {
    const [from, to] = [kernel.clock.now(), kernel.clock.now().add({ hours: 24 * 35 })]
    const holes = await kernel.asSystem(async (context) => {
      const rotas = await sql<{ id: string }>`select id from rota order by id`.execute(context.db)
      const all = await Promise.all(rotas.rows.map(({ id }) => finalSchedule(context, id, from, to)))
      expect(all).toHaveLength(2)
      return all.flat().filter((shift) => shift.personId === null)
    })
    expect(holes.map((one) => one.why)).toEqual(['nobody'])
    expect(await rows(sql<{ state: string }>`select state from shift_swap order by state`)).toEqual([
      { state: 'accepted' },
      { state: 'open' },
    ])
    expect(await one(sql`select count(*)::int as n from handover_note where read_at is null and to_id is not null`)).toBe(1)
  })

  it('asks for own fields, holds them on open tickets as the screens would, and has put one off', async () => {
    const held = sql`select f.key from ticket_field x join field f on f.id = x.field_id`
    expect(await one(sql`select count(distinct h.key)::int as n from (${held}) h`)).toBeGreaterThanOrEqual(3)
    expect(
      await one(sql`select count(*)::int as n from event where type = 'ticket.changed' and data::text like '%"field.%'`),
    ).toBeGreaterThan(3)
    expect(await one(sql`select count(*)::int as n from ticket_snooze`)).toBe(1)
  })

  it('has rules that act by themselves, one that lost its team, and a webhook whose failed try is a real one', async () => {
    const rules = await rows(sql<{ off: string | null; done: number }>`select switched_off_why as off,
      (select count(*)::int from automation_run u where u.rule_id = r.id and u.outcome = 'done') as done from automation_rule r order by position`)
    expect(rules).toHaveLength(6)
    expect(rules.filter((rule) => rule.off === 'broken')).toHaveLength(1)
    expect(rules.some((rule) => rule.done > 0)).toBe(true)
    expect(await one(sql`select count(*)::int as n from event where rule is not null and type = 'ticket.changed'`)).toBeGreaterThan(0)
    const tries = await rows(
      sql`select y.cause, w.switched_off_why as why from webhook_try y join webhook_delivery d on d.id = y.delivery_id join webhook w on w.id = d.webhook_id`,
    )
    expect(tries).toEqual([{ cause: 'ECONNREFUSED', why: 'hand' }])
  })

  it('works together: a carrier beside its ticket, help with an answer, an offered draft, and a colleague on holiday', async () => {
    expect(
      await one(sql`select count(*)::int as n from side s join side_message m on m.side_id = s.id where s.answered_at is not null`),
    ).toBe(2)
    expect(await one(sql`select count(*)::int as n from help h join help_note n on n.help_id = h.id where h.state = 'accepted'`)).toBe(1)
    expect(await one(sql`select count(*)::int as n from draft where offered_at is not null`)).toBe(1)
    expect(await one(sql`select count(*)::int as n from absence a where (firstline.absence_of(a.person_id, now())).id = a.id`)).toBe(1)
  })

  it('says what its teams settle and take, and has tickets that went up: to a higher tier all year, and one to its lead', async () => {
    expect(await one(sql`select count(*)::int as n from team_duty`)).toBe(5)
    expect(
      await one(sql`select count(*)::int as n from escalation e join team f on f.id = e.from_team_id join team t on t.id = e.to_team_id
      where e.kind = 'functional' and t.tier > f.tier and e.message_id is not null`),
    ).toBeGreaterThanOrEqual(20)
    expect(
      await one(sql`select count(*)::int as n from escalation e join escalation_told o on o.escalation_id = e.id join person p on p.id = o.person_id
      where e.kind = 'hierarchical' and e.settled_at is null and p.name = 'Femke de Wit'`),
    ).toBe(1)
  })

  it('has a week of visits, and one report that was signed with a drawn name', async () => {
    expect(await one(sql`select count(*)::int as n from visit where starts_at > now()`)).toBeGreaterThanOrEqual(5)
    expect(await one(sql`select count(*)::int as n from visit_report where how = 'drawn'`)).toBe(1)
    expect(await one(sql`select count(*)::int as n from visit v join site s on s.id = v.site_id`)).toBeGreaterThanOrEqual(5)
    expect(await one(sql`select count(*)::int as n from outbound_mail where kind in ('visit', 'work-report')`)).toBe(0)
  })

  it('knows its customers: who may order, what is filed, what one told another, and one path that was not finished', async () => {
    expect(await one(sql`select count(*)::int as n from customer_contact where orders = 'yes'`)).toBeGreaterThanOrEqual(4)
    expect(await one(sql`select count(distinct organisation_id)::int as n from customer_contact where 'main' = any(roles)`)).toBe(3)
    expect(await one(sql`select count(*)::int as n from document d join document_file f on f.document_id = d.id`)).toBe(6)
    expect(await one(sql`select count(*)::int as n from customer_note where author_id is not null`)).toBe(4)
    expect(await one(sql`select count(*)::int as n from customer_path where finished_at is null`)).toBe(1)
  })

  it('has the morning without VPN as one ticket with its thirteen children', async () => {
    const found = await rows(
      sql<{
        subject: string
        n: number
      }>`select t.subject, count(*)::int as n from ticket_link l join ticket t on t.id = l.to_id where l.kind = 'child' and t.channel <> 'monitoring' group by t.id`,
    )
    expect(found).toEqual([{ subject: 'VPN down for everybody at home, since about 7:30', n: 13 }])
  })

  it('has a night of machines: a disk that cleared, a switch that flapped, a storm in one ticket, planned work that keeps an alarm, a backup that failed', async () => {
    const found = await rows(
      sql<{
        device: string
        state: string
        count: number
        ticket: string | null
        storms: number
      }>`select a.device, a.state, a.count, t.meaning as ticket,
        (select count(*)::int from alert m where m.storm_id = a.storm_id) as storms from alert a left join ticket t on t.id = a.ticket_id order by a.id`,
    )
    expect(found.find((one) => one.device === 'srv-file-02')).toMatchObject({ state: 'cleared', ticket: 'resolved' })
    expect(found.find((one) => one.device === 'sw-hall-07')).toMatchObject({ state: 'cleared', count: 5, ticket: 'resolved' })
    expect(found.find((one) => one.device === 'ap-hall-15')).toMatchObject({ state: 'open', ticket: 'new', storms: 12 })
    expect(found.find((one) => one.device === 'nas-01')).toMatchObject({ state: 'suppressed', ticket: null })
    expect(found.find((one) => one.device === 'srv-backup-01')).toMatchObject({ state: 'open', count: 1, ticket: 'new' })
  })

  it('has one call to the emergency phone at night, with its answers, what was said, and the page that woke somebody', async () => {
    const found = await rows(
      sql`select t.channel, t.meaning, p.why, p.state, q.name as policy, v.answers, (select count(*)::int from page_ring r where r.page_id = p.id) as rings
        from voice_call v join ticket t on t.id = v.ticket_id join page p on p.ticket_id = t.id left join paging_policy q on q.id = p.policy_id`,
    )
    const policy = 'Network and servers, day and night'
    expect(found).toEqual([{ channel: 'phone', meaning: 'resolved', why: 'call', state: 'ended', policy, answers: [2, 1, 1], rings: 1 }])
    expect(await one(sql`select count(*)::int as n from voice_line where secret is not null and forward_to <> ''`)).toBe(1)
  })

  it('has a radar that noticed the morning without VPN, and says what it was', async () => {
    const found = await rows(
      sql<{
        words: string[]
        state: string
        tickets: number
        why: string
      }>`select words, state, tickets, why from radar_issue where burst_at is not null`,
    )
    expect(found).toMatchObject([{ state: 'explained', why: expect.stringContaining('certificate') }])
    expect(found[0]?.words).toContain('VPN')
    expect(found[0]?.tickets).toBeGreaterThanOrEqual(10)
  })

  it('was mailed to nobody and left no job behind', async () => {
    expect(await one(sql`select count(*)::int as n from outbound_mail`)).toBe(0)
    expect(await one(sql`select count(*)::int as n from notice where mail_due_at is not null`)).toBe(0)
    expect(await one(sql`select count(*)::int as n from message where delivery is not null`)).toBe(0)
    const owner = poolOf(clone.ownerUrl, 1, () => {})
    const jobs = await owner.query('select count(*)::int as n from graphile_worker._private_jobs').finally(() => owner.end())
    expect(jobs.rows[0].n).toBe(0)
  })

  it('was done by the people who act, at their time: events, not rows', async () => {
    const created = await rows(
      sql<{
        off: number
      }>`select abs(extract(epoch from e.at - t.created_at))::int as off from event e join ticket t on t.id = e.ticket_id where e.type = 'ticket.created' and ${planned}`,
    )
    expect(created).toHaveLength(tickets)
    expect(created.every(({ off }) => off === 0)).toBe(true)
    const resolvers = await one(sql`select count(distinct actor_id)::int as n from event where type = 'ticket.resolved'`)
    expect(resolvers).toBeGreaterThan(8)
    expect(await one(sql`select count(*)::int as n from event where type = 'ticket.passed' and actor_id is null`)).toBe(0)
    expect(
      await one(sql`select count(*)::int as n from message m join ticket t on t.id = m.ticket_id where m.author_id is null and ${planned}`),
    ).toBe(0)
  })

  it('numbers tickets, messages and events in the order in which they happened', async () => {
    expect(
      await one(
        sql`select count(*)::int as n from (select created_at < lag(created_at) over (order by id) as back from ticket) x where back`,
      ),
    ).toBe(0)
    expect(await one(sql`select count(*)::int as n from (select at < lag(at) over (order by id) as back from message) x where back`)).toBe(
      0,
    )
  })

  it('has the calls behind its phone tickets, two that were missed, one who waits to be called back, and a caller who was verified', async () => {
    expect(await one(sql`select count(*)::int as n from call where state = 'ended' and ticket_id is not null`)).toBeGreaterThan(3)
    expect(await one(sql`select count(*)::int as n from call where state = 'missed' and settled_at is null`)).toBe(2)
    expect(await one(sql`select count(*)::int as n from call_back where state = 'open' and number <> ''`)).toBe(1)
    expect(
      await one(sql`select count(*)::int as n from verification v join ticket t on t.id = v.ticket_id
      where v.state = 'verified' and v.person_id = t.requester_id`),
    ).toBe(1)
  })

  it('has a year of answers about satisfaction, most of them good, and one bad one that is followed up', async () => {
    const [said] = await rows(
      sql<{ asked: number; answered: number; good: number; followed: number }>`select count(*)::int as asked, count(score)::int as answered,
      count(*) filter (where score >= 4)::int as good, count(follow_up_id)::int as followed from survey`,
    )
    const { asked, answered, good, followed } = said!
    expect([answered / asked > 0.2, answered / asked < 0.5, good / answered > 0.65, followed]).toEqual([true, true, true, 1])
  })

  it('has templates, tasks that are late and done, time written down by those who worked, and a clock that is paused', async () => {
    expect(await one(sql`select count(*)::int as n from task_template`)).toBe(2)
    const states = await rows(sql<{ state: string; late: boolean }>`select state, due_at < now() and state = 'open' as late from task`)
    expect(states.filter((row) => row.state === 'open').length).toBeGreaterThan(3)
    expect([states.some((row) => row.state === 'done'), states.some((row) => row.late)]).toEqual([true, true])
    expect(await one(sql`select count(distinct person_id)::int as n from time_entry`)).toBeGreaterThan(8)
    expect(
      await one(
        sql`select count(*)::int as n from time_entry e join ticket t on t.id = e.ticket_id where e.work_date < t.created_at::date`,
      ),
    ).toBe(0)
    expect(await one(sql`select count(*)::int as n from timer where running_since is null`)).toBeLessThanOrEqual(1)
  })

  it('can be searched, and every solved ticket says what solved it', async () => {
    expect(
      await one(
        sql`select count(*)::int as n from ticket t where not exists (select 1 from search_document d where d.kind = 'ticket' and d.row_id = t.id)`,
      ),
    ).toBe(0)
    expect(
      await one(
        sql`select count(*)::int as n from message m where m.id > (select min(x.id) from message x where x.ticket_id = m.ticket_id) and not exists (select 1 from search_document d where d.kind = 'message' and d.row_id = m.id)`,
      ),
    ).toBe(0)
    expect(await one(sql`select count(*)::int as n from ticket where meaning in ('resolved', 'closed') and length(resolution) < 30`)).toBe(
      0,
    )
  })

  it('has the sixty messages with real files, and the restricted phishing report', async () => {
    const [demo] = await rows(
      sql<{ stories: Record<string, string> }>`select value -> 'stories' as stories from setting where name = 'demo'`,
    )
    const id = demo!.stories['sixty']
    expect(await one(sql`select count(*)::int as n from message where ticket_id = ${id}`)).toBe(60)
    const files = await rows(
      sql<{
        sha256: string
        media_type: string
        size: string
      }>`select a.sha256, a.media_type, a.size from attachment a join message m on m.id = a.message_id where m.ticket_id = ${id}`,
    )
    expect(files.map((file) => file.media_type)).toEqual(expect.arrayContaining(['image/png', 'application/pdf']))
    for (const file of files) expect((await kernel.files.read(file.sha256)).length).toBe(Number(file.size))
    expect(
      await one(sql`select count(*)::int as n from ticket_restriction where ticket_id = ${demo!.stories['phishing']}`),
    ).toBeGreaterThan(0)
    expect(await one(sql`select passed_count as n from ticket where id = ${demo!.stories['passed']}`)).toBeGreaterThanOrEqual(5)
  })

  it('leaves each of its staff a bell that one can read through, and some unread tickets', async () => {
    const bells = await rows(
      sql<{
        unread: number
      }>`select count(distinct coalesce(ticket_id, -id))::int as unread from notice where read_at is null group by person_id`,
    )
    expect(Math.max(...bells.map(({ unread }) => unread))).toBeLessThanOrEqual(6)
    const folded = await one(
      sql`select count(*)::int as n from (select 1 from notice where read_at is null group by person_id, ticket_id having sum(times) > 1) x`,
    )
    expect(folded).toBeGreaterThan(2)
    expect(await one(sql`select count(*)::int as n from notice_choice where quiet <> '[]'`)).toBe(2)
    expect(
      await one(
        sql`select count(*)::int as n from ticket t where not exists (select 1 from ticket_read r where r.ticket_id = t.id and r.message_id >= t.last_message_id and r.person_id = (select id from person where name = 'Tunde Bakare'))`,
      ),
    ).toBeGreaterThan(0)
  })

  it('offers six cards, each a person with the role that it names', async () => {
    const [demo] = await rows(
      sql<{ cards: { key: string; personId: string; name: string }[] }>`select value -> 'cards' as cards from setting where name = 'demo'`,
    )
    expect(demo!.cards.map((card) => card.key)).toEqual([
      'tier-1-agent',
      'on-call-engineer',
      'head-of-it',
      'provider-owner',
      'office-worker',
      'administrator',
    ])
    for (const card of demo!.cards)
      expect(await one(sql`select count(*)::int as n from person where id = ${card.personId} and name = ${card.name}`)).toBe(1)
  })

  it('has something to count in each figure of targets and teams, and most misses have a cause', async () => {
    const targets = await rows(sql<{ target: string }>`select distinct target from ticket_target order by target`)
    expect(targets.map(({ target }) => target)).toEqual(['first-response', 'fulfilment', 'next-response', 'resolution', 'update'])
    expect(await one(sql`select count(*)::int as n from ticket_target where state = 'missed' and cause_id is not null`)).toBeGreaterThan(0)
    expect(await one(sql`select count(*)::int as n from ticket_target where state = 'met'`)).toBeGreaterThan(
      await one(sql`select count(*)::int as n from ticket_target where state = 'missed'`),
    )
    expect(await one(sql`select count(*)::int as n from ticket_breach where target = 'any' and until_at = 'infinity'`)).toBeGreaterThan(0)
    expect(await one(sql`select count(distinct holder_id)::int as n from ticket_holding`)).toBeGreaterThan(2)
    for (const counted of ['moves > 0', 'functional > 0', 'contacts = 1 and replies <= 1', 'cardinality(team_ids) = 1'])
      expect(
        await one(sql`select count(*)::int as n from ticket_figure where resolved_at is not null and ${sql.raw(counted)}`),
        counted,
      ).toBeGreaterThan(0)
  })

  it('refuses to be made twice', async () => {
    await expect(makeSampleCompany(kernel, () => {}, { tickets: 60 })).rejects.toThrow('The sample company is here already.')
  })
})

describe('a company of its own', () => {
  it('is never mixed with sample data', async () => {
    const own = await cloneDatabase()
    const pool = poolOf(own.ownerUrl, 2, () => {}, 'firstline')
    const mine = kernelOver(pooledTransactor(pool), testSettings(dataDir), movedClock(systemClock.now()), quietLog)
    try {
      await mine.asSystem(({ db, now }) =>
        sql`insert into person (name, created_at) values ('Somebody real', ${now.toString()})`.execute(db),
      )
      await expect(makeSampleCompany(mine, () => {}, { tickets: 60 })).rejects.toThrow('This database belongs to a company of its own.')
      expect((await mine.asSystem(({ db }) => sql<{ n: number }>`select count(*)::int as n from person`.execute(db))).rows[0]!.n).toBe(1)
    } finally {
      await mine.transactor.close()
      await own.drop()
    }
  })
})
