import { mkdirSync } from 'node:fs'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { figureJobs } from '../../server/features/figures/jobs.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Home and the figures, as a lead and as an agent meet them, over a month that has been. */
const desk = useLiveDesk()
let lead: TestPerson
let agent: TestPerson
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string; fullPage?: boolean }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

beforeAll(async () => {
  lead = await desk.person('lead', { name: 'Lea Linden' })
  agent = await desk.person('agent', { name: 'Ann Archer' })
  const { id: organisationId } = await desk.organisation('Nordwind Logistik')
  const nora = await desk.person('requester', { name: 'Nora Nord', organisationId })
  const team = await desk.team('Service desk', 1, [lead, agent])
  // A month of tickets as a desk has them: fewer at weekends, most resolved within two days, some set aside, some open.
  await desk.kernel.asSystem(async ({ db }) => {
    await sql`with made as (insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, channel, requester_id, organisation_id,
        team_id, assignee_id, created_at, changed_at, waiting_since, resolved_at)
      select case when g % 3 = 0 then 'request' else 'incident' end,
        (array['Printer on the second floor prints blank pages', 'No access to the warehouse share', 'Outlook asks for the password again and again', 'New laptop for Emil', 'VPN drops after ten minutes'])[1 + g % 5],
        s.id, s.meaning, 1, 1 + g % 3, 6 - (1 + g % 3), 5, (array['mail', 'portal', 'phone'])[1 + g % 3], ${nora.id}, ${organisationId}, ${team.id},
        case when g % 9 = 0 then null else ${agent.id}::bigint end, x.at, x.at, case when s.meaning = 'open' and g % 2 = 0 then x.at end,
        case when s.meaning = 'resolved' then x.at + x.took end
      from generate_series(1, 400) g cross join
        lateral (select now() - (400 - g) * interval '108 minutes' - case when g % 7 = 0 then interval '9 hours' else interval '0' end as at,
          (1 + (g * 37) % 60) * interval '50 minutes' as took) x
      join status s on s.meaning = case when g % 11 = 0 or x.at + x.took > now() then 'open' else 'resolved' end
      returning id, created_at, resolved_at)
      insert into event (at, type, subject_kind, subject_id, ticket_id, request_id, audience, data, actor_id)
        select created_at, 'ticket.created', 'ticket', id, id, 'past', 'everyone', '{}'::jsonb, null::bigint from made
        union all select created_at + interval '20 minutes', 'ticket.changed', 'ticket', id, id, 'past', 'everyone', '{"changes": {"meaning": ["open", "waiting-requester"]}}', null from made where id % 5 = 0 and resolved_at is not null
        union all select resolved_at, 'ticket.resolved', 'ticket', id, id, 'past', 'everyone', '{"code": "solved", "tell": true, "messageId": null}', ${agent.id} from made where resolved_at is not null`.execute(
      db,
    )
  })
  await figureJobs['figures.follow']?.(desk.kernel, {})
}, 60_000)

describe('Home and figures', () => {
  it('GEN-4 a lead goes from an exception to its tickets, and from a figure to its formula and the tickets behind it', async () => {
    const { page, oracles } = await desk.open(lead)
    await page.goto('/')
    await page.waitForURL('**/home')
    await page.getByRole('heading', { name: 'Needs a hand' }).waitFor()
    await page.getByRole('link', { name: /Created/ }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'home-lead')
    const nobodys = page.getByRole('link', { name: /^Nobody has it \d/ })
    const count = Number(/\d+/.exec((await nobodys.textContent()) ?? '')?.[0])
    await nobodys.click()
    await page.getByRole('heading', { name: 'Nobody has it' }).waitFor()
    await page.getByRole('checkbox').first().waitFor()
    expect(await page.getByRole('checkbox').count()).toBe(Math.min(count, 50))
    await page.getByRole('checkbox').first().check()
    await page.getByRole('button', { name: 'Change' }).first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'list-lead')

    await page.goto('/figures')
    await page.getByRole('region', { name: 'Resolved', exact: true }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'figures-lead')
    const tile = page.getByRole('region', { name: 'Resolved', exact: true })
    const resolved = Number((await tile.locator('strong').textContent())?.replace(/\D/g, ''))
    expect(resolved).toBeGreaterThan(100)
    for (const group of ['What was agreed', 'Settled where it came in', 'From team to team'])
      await page
        .getByRole('region', { name: group })
        .getByText('Nothing to count')
        .or(page.getByRole('region', { name: group }).locator('strong'))
        .first()
        .waitFor()
    await tile.getByRole('link').click()
    await page.getByText('each on the day of its last resolution').waitFor()
    const rows = page.getByRole('table', { name: 'The tickets behind it' }).locator('tbody tr')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(50)
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'figure-lead')
    const parts = page.getByRole('table', { name: 'Who and where' }).locator('tbody tr')
    await parts.first().waitFor()
    expect(await parts.allTextContents()).toEqual([expect.stringContaining('Service desk')])
    await page.getByRole('combobox', { name: 'Split by' }).click()
    await page.getByRole('option', { name: 'Priority' }).click()
    await page.getByRole('cell', { name: 'Priority 3' }).first().waitFor()
    await oracles.check()
  })

  it('an agent has the next tickets by key, on a phone too, and no figures', async () => {
    const { page, oracles } = await desk.open(agent)
    await page.goto('/home')
    const list = page.getByRole('list').filter({ hasText: 'longer than the' })
    await list.getByRole('link').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    const focused = await page.locator(':focus').getAttribute('href')
    expect(focused).toBe(await list.getByRole('link').nth(1).getAttribute('href'))
    await picture(page, 'home-agent')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${focused}**`)
    expect(await page.getByRole('link', { name: 'Figures' }).count()).toBe(0)
    const { page: phone } = await desk.open(agent, { phone: true, dark: true })
    await phone.goto('/home')
    await phone.getByRole('heading', { name: 'My next' }).waitFor()
    await picture(phone, 'home-phone-dark')
    const { page: leads } = await desk.open(lead, { phone: true, dark: true })
    await leads.goto('/figures')
    await leads.getByRole('region', { name: 'Resolved', exact: true }).waitFor()
    expect(await axeFindings(leads)).toEqual([])
    await picture(leads, 'figures-phone-dark')
    await oracles.check()
  })

  it('Home follows what happens without being asked', async () => {
    const ben = await desk.person('agent', { name: 'Ben Busch' })
    const { page } = await desk.open(ben)
    await page.goto('/home')
    await page.getByText('Nothing is waiting for you').waitFor()
    const { page: leads } = await desk.open(lead)
    await leads.goto('/home')
    const opened = await leads.evaluate(async (assigneeId) => {
      const body = JSON.stringify({ subject: 'The till shows a blank page', requesterId: assigneeId, assigneeId })
      return (await fetch('/api/tickets', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status
    }, ben.id)
    expect(opened).toBe(201)
    await page.getByRole('link', { name: /The till shows a blank page/ }).waitFor({ timeout: 15_000 })
  })
})
