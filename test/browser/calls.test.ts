import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { useLiveDesk } from './desk.ts'

const desk = useLiveDesk()
const shot = process.env.SCREENS ?? ''

it('SD-1 a call rings on my screen, is written down, and its caller is verified by a code; a missed one waits in the list', async () => {
  const agent = await desk.person('lead', { name: 'Mara Lind' })
  const caller = await desk.person('requester', { name: 'Anna Tief' })
  await desk.team('First line', 1, [agent])
  await desk.mailbox()
  await desk.kernel.asSystem(async ({ db }) => {
    const phones = JSON.stringify([{ kind: 'work', number: '+49 30 5557160' }])
    await sql`update person set phones = ${phones}, special_handling = 'Hard of hearing: speak slowly.' where id = ${caller.id}`.execute(db)
    await sql`update contact_point set since = now() - interval '2 days' where person_id = ${caller.id}`.execute(db)
  })
  const chief = await desk.person('administrator')
  const headers = { authorization: `Bearer ${chief.token}`, 'content-type': 'application/json' }
  const made = await fetch(`${desk.baseUrl}/api/phone-systems`, { method: 'POST', headers, body: JSON.stringify({ name: 'Switchboard' }) })
  const { address } = (await made.json()) as { address: string }
  const { page, oracles } = await desk.open(agent)
  const take = (name: string) => (shot ? page.screenshot({ path: `${shot}/${name}.png` }) : undefined)
  await page.goto(`${desk.baseUrl}/profile`)
  await page.getByRole('textbox', { name: 'My extension' }).fill('214')
  await page.getByRole('button', { name: 'Save' }).last().click()
  await page.getByText('Saved').waitFor()
  await page.goto(`${desk.baseUrl}/calls`)
  await page.getByText('No missed calls').waitFor()
  await take('calls-empty')
  const tell = (event: string, callId: string, from = '49305557160') =>
    fetch(address, { method: 'POST', body: new URLSearchParams({ event, callId, from, to: '214', direction: 'in' }) })
  await page.waitForTimeout(500)
  await tell('newCall', 'c1')
  await page.getByText('Anna Tief is calling').waitFor()
  await take('pop')
  await page.getByRole('button', { name: 'Take the call' }).first().click()
  await page.getByText('Hard of hearing: speak slowly.').waitFor()
  await page.getByLabel('What is it about?').fill('Forgot the password')
  await page.getByLabel('What was said or done').fill('Cannot sign in since this morning.')
  await page.getByRole('combobox', { name: 'Category' }).fill('Password')
  await page.getByRole('option', { name: /Password and sign-in/ }).click()
  await take('form')
  await page.getByRole('button', { name: 'Solve now' }).click()
  await page.getByText('Keep it open, then verify the caller beside the ticket.').waitFor()
  await take('form-needed')
  await page.getByRole('button', { name: 'Keep it open' }).click()
  await page.getByText('do not answer or resolve before you know who is asking').waitFor()
  await take('ticket-needed')
  await page.getByRole('button', { name: 'Code by mail' }).click()
  await page.getByLabel('Code', { exact: true }).waitFor()
  await expect.poll(() => desk.sink.taken.length, { timeout: 10_000 }).toBeGreaterThan(0)
  const code = /code:\s+(\d{6})/.exec(desk.sink.taken.at(-1)!.raw)?.[1] ?? ''
  await page.getByLabel('Code', { exact: true }).fill(code === '000000' ? '000001' : '000000')
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await page.getByText('4 tries left').waitFor()
  await take('ticket-wrong')
  await page.getByLabel('Code', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await page.getByText('by a code to').waitFor()
  await take('ticket-verified')
  for (const id of ['m1', 'm2']) {
    await tell('newCall', id, id === 'm1' ? '49305557160' : 'anonymous')
    await tell('hangup', id, id === 'm1' ? '49305557160' : 'anonymous')
  }
  await page.goto(`${desk.baseUrl}/calls`)
  await page.getByText('Number withheld').waitFor()
  await take('calls')
  await page.getByRole('button', { name: 'Seen to' }).first().click()
  await page.getByText('Number withheld').waitFor({ state: 'detached' })
  if (shot) {
    const dark = await desk.open(chief, { phone: true, dark: true })
    for (const [name, path] of [
      ['calls', '/calls?tab=log'],
      ['call', '/call'],
      ['telephone', '/settings/telephone'],
    ] as const) {
      await dark.page.goto(`${desk.baseUrl}${path}`)
      await dark.page.waitForTimeout(1500)
      await dark.page.screenshot({ path: `${shot}/phone-${name}.png` })
    }
    const wide = await desk.open(chief)
    await wide.page.goto(`${desk.baseUrl}/settings/telephone`)
    await wide.page.waitForTimeout(1500)
    await wide.page.screenshot({ path: `${shot}/telephone.png` })
  }
  await oracles.check()
})
