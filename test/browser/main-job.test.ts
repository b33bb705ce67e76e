import nodemailer from 'nodemailer'
import { expect, it } from 'vitest'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** The main job, with a foreign mail client on one side and a browser on the other. */
const desk = useLiveDesk({ UNDO_SECONDS: '2' })

const until = async <T>(look: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> => {
  for (let tries = 0; tries < 200; tries++) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise((go) => setTimeout(go, 100))
  }
  throw new Error(`It never came: ${what}`)
}

it('a mail becomes a ticket, is acknowledged, answered in the browser, followed up by mail, resolved, and the history tells it', async () => {
  const agent = await desk.person('lead', { name: 'Ada Agent', email: 'ada@desk.example' })
  const team = await desk.team('Service desk', 1, [agent])
  await desk.mailbox('support@desk.example', { teamId: team.id })
  const { page, oracles } = await desk.open(agent)
  await page.goto('/tickets?view=all-open')
  await page.getByText('All open').first().waitFor()

  const client = nodemailer.createTransport({ host: '127.0.0.1', port: desk.smtpPort, ignoreTLS: true })
  await client.sendMail({
    from: 'Mia Roth <mia@kunde.example>',
    to: 'support@desk.example',
    subject: 'Drucker druckt nicht',
    messageId: '<first@kunde.example>',
    text: 'Guten Tag,\n\nder Drucker im zweiten Stock druckt seit heute nicht.\n\nViele Grüße\nMia Roth',
  })
  await page.getByText('Drucker druckt nicht').first().click()
  await page.getByText('der Drucker im zweiten Stock').first().waitFor()

  const receipt = await until(() => desk.sink.taken.find((m) => m.to.includes('mia@kunde.example')), 'the acknowledgement')
  expect(receipt.headers).toMatch(/Auto-Submitted: auto-(replied|generated)/i)
  expect(receipt.headers).toMatch(/#10\d\d/)

  await page.getByRole('button', { name: 'Take it' }).click()
  await page.getByPlaceholder(/Write to/).fill('Bitte schalten Sie ihn einmal aus und wieder ein.')
  await page.keyboard.press('Control+Enter')
  const answer = await until(() => desk.sink.taken.find((m) => m.raw.includes('schalten Sie ihn')), 'the answer as mail')
  expect(answer.to).toEqual(['mia@kunde.example'])
  const messageId = answer.header('message-id') ?? ''

  await client.sendMail({
    from: 'Mia Roth <mia@kunde.example>',
    to: 'support@desk.example',
    subject: `AW: ${answer.header('subject')}`,
    inReplyTo: messageId,
    references: messageId,
    text: 'Jetzt geht er wieder, danke!\n\nAm Montag schrieb Service:\n> Bitte schalten Sie ihn einmal aus und wieder ein.',
  })
  await page.getByText('Jetzt geht er wieder, danke!').first().waitFor()
  const tickets = await desk.kernel.asSystem(({ db }) =>
    db.selectFrom('ticket').select(['id', 'meaning', 'team_id', 'assignee_id']).execute(),
  )
  expect(tickets).toHaveLength(1)
  expect(tickets[0]).toMatchObject({ team_id: team.id, assignee_id: agent.id })

  await page.getByRole('button', { name: 'Resolve', exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').first().fill('Aus- und eingeschaltet, druckt wieder.')
  await dialog.getByRole('button', { name: /Resolve/ }).click()
  const solved = await until(() => desk.sink.taken.find((m) => m.raw.includes('/answer/')), 'the resolved mail')
  expect(solved.to).toEqual(['mia@kunde.example'])
  await page
    .getByText(/resolved/i)
    .first()
    .waitFor()
  expect(await axeFindings(page)).toEqual([])
  await oracles.check()
})
