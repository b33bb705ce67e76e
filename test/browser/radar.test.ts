import { mkdirSync } from 'node:fs'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { radarJobs } from '../../server/features/radar/jobs.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Similar tickets and the radar, as they are met while the phones ring. */
const desk = useLiveDesk()
const folder = process.env.SCREENS
async function picture(page: Page, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}
let lead: TestPerson
let nora: TestPerson
const ids: string[] = []

const said = [
  ['VPN gateway does not answer', 'The client says: no response from gateway. Since about half past seven.'],
  ['Cannot connect from home this morning', 'The VPN will not connect, it says certificate error and then no response.'],
  ['VPN: certificate expired?', 'When connecting it says that the certificate of the gateway expired.'],
  ['Is the VPN down or is it me?', 'Nothing happens after the second factor.'],
  ['Remote access refused', 'The VPN client refuses the gateway because its certificate is not valid.'],
] as const

beforeAll(async () => {
  lead = await desk.person('lead', { name: 'Lea Linden' })
  const { id: organisationId } = await desk.organisation('Nordwind Logistik')
  nora = await desk.person('requester', { name: 'Nora Nord', organisationId })
  const people = [nora]
  for (const name of ['Emil Engel', 'Adaora Okonjo', 'Tess Tiller', 'Jonas Jahn'])
    people.push(await desk.person('requester', { name, organisationId }))
  const send = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const headers = { authorization: `Bearer ${lead.token}`, 'content-type': 'application/json', ...more }
    const answer = await fetch(`${desk.baseUrl}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
  const open = async (subject: string, body: string, who = 0) =>
    (await send('/tickets', { subject, body, requesterId: people[who]!.id })).id
  const old = await open('VPN certificate expired on the gateway', 'Nobody gets in from home.', 2)
  await send(
    `/tickets/${old}/resolve`,
    { code: 'solved', text: 'The renewed certificate was not loaded. Loaded it on the gateway and restarted the service.' },
    { 'if-match': '"1"' },
  )
  await desk.kernel.asSystem(({ db }) => sql`update ticket set created_at = created_at - interval '40 days' where id = ${old}`.execute(db))
  const toner = [
    'Kyocera in the corridor shows C7120',
    'Error C7120 on the Kyocera',
    'Kyocera again: C7120',
    'C7120, Kyocera stands still',
    'Kyocera says C7120 since lunch',
  ]
  const printers: string[] = []
  for (const [n, subject] of toner.entries()) printers.push(await open(subject, 'It does not print.', n))
  await desk.kernel.asSystem(({ db }) =>
    sql`update ticket t set created_at = t.created_at - interval '9 days' * array_position(${printers}::bigint[], t.id) where t.id = any(${printers}::bigint[])`.execute(
      db,
    ),
  )
  for (const subject of ['Laptop slow', 'New keyboard', 'Phone broken', 'Room booking', 'Forgotten password', 'Headset silent'])
    await open(subject, '')
  for (const [n, [subject, body]] of said.entries()) ids.push(await open(subject, body, n))
  await radarJobs['radar.look']?.(desk.kernel, {})
  await radarJobs['radar.collect']?.(desk.kernel, {})
}, 60_000)

it('INC-15 an outage is seen beside its first ticket, all its tickets get one parent, and a solution of before is taken over', async () => {
  const { page, oracles } = await desk.open(lead)
  await page.goto(`/tickets/${ids[0]}`)
  await page.getByText('Many within an hour: probably an outage.').waitFor()
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('heading', { name: 'Similar, solved' }).scrollIntoViewIfNeeded()
  await picture(page, 'similar-beside')
  await page.getByRole('button', { name: 'Use this' }).click()
  await page.getByText('Put into the reply. Read it before you send it.').waitFor()
  expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toContain('The renewed certificate was not loaded')
  await page.getByRole('button', { name: /Make this the parent of the other \d open ones/ }).click()
  await page.getByRole('heading', { name: /^Children/ }).waitFor()
  await picture(page, 'similar-parent')
  await page.getByRole('button', { name: /Make this the parent/ }).waitFor({ state: 'detached' })
  await oracles.check()
})

it('INC-15 what is known already appears while a ticket is being written down', async () => {
  const { page, oracles } = await desk.open(lead)
  await page.goto(`/new-ticket?requester=${nora.id}`)
  await page.getByRole('textbox', { name: 'Subject' }).fill('VPN says certificate expired')
  await page.getByRole('heading', { name: 'Similar, solved' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('heading', { name: 'Known already?' }).scrollIntoViewIfNeeded()
  await picture(page, 'similar-typing')
  await page.getByRole('button', { name: 'Solve with this' }).click()
  await page.getByText('The renewed certificate was not loaded').last().waitFor()
  await oracles.check()
})

it('the radar shows what comes again, what it cost and where it goes; a lead explains it', async () => {
  const { page, oracles } = await desk.open(lead)
  await page.goto('/radar')
  await page.getByRole('link', { name: /Kyocera/ }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await picture(page, 'radar')
  await page.getByRole('link', { name: /Kyocera/ }).click()
  await page.getByRole('heading', { name: 'Its tickets' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await page.getByText('Explained', { exact: true }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Say what explains it.').waitFor()
  await page.getByRole('textbox', { name: 'Why' }).fill('Worn drum; a new one is ordered.')
  await picture(page, 'radar-issue')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Explained, Lea Linden', { exact: false }).waitFor()
  await page.goto('/radar?state=explained')
  await page.getByRole('link', { name: /Kyocera/ }).waitFor()
  await oracles.check()
  for (const [name, choices] of [
    ['phone', { phone: true, language: 'de' }],
    ['dark', { dark: true }],
    ['phone-dark', { phone: true, dark: true }],
  ] as const) {
    const other = await desk.open(lead, choices)
    await other.page.goto('/radar?state=all')
    await other.page.getByRole('link', { name: /Kyocera/ }).waitFor()
    await picture(other.page, `radar-${name}`)
    await other.page.getByRole('link', { name: /Kyocera/ }).click()
    await other.page.getByText('#').first().waitFor()
    await picture(other.page, `radar-issue-${name}`)
    await other.context.close()
  }
})
