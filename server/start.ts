import { readFileSync } from 'node:fs'
import { isSampleCompany, makeSampleCompany } from './features/demo/actions-company.ts'
import './features/demo/post.ts'
import { keepPostHere } from './features/mail/actions-demo-post.ts'
import { startImapWatch } from './features/mail/imap-watch.ts'
import { closeMailParser } from './features/mail/parse.ts'
import { startSmtpIn } from './features/mail/smtp-in.ts'
import { startPager } from './features/paging/pager.ts'
import { demoCards } from './features/people/access-me.ts'
import { firstSetUp } from './features/sessions/actions-set-up.ts'
import type { Kernel } from './kernel/context.ts'
import { Problem } from './kernel/problem.ts'
import { WrongSetting } from './kernel/settings.ts'

/** What `npm start` opens beside the web: mail in, mailbox watchers; and what it says at the end. */
export type Doors = { close(): Promise<void>; sayFirstSteps(): Promise<void> }
type Say = (line: string) => void

export async function openDoors(kernel: Kernel, say: Say, sample = false): Promise<Doors> {
  const { settings } = kernel
  const tls =
    settings.TLS_CERT && settings.TLS_KEY
      ? { cert: readFileSync(settings.TLS_CERT, 'utf8'), key: readFileSync(settings.TLS_KEY, 'utf8') }
      : undefined
  const smtp =
    settings.SMTP_IN === 'on'
      ? await startSmtpIn(kernel, { port: settings.SMTP_PORT, host: settings.SMTP_HOST ?? settings.HOST, ...(tls ? { tls } : {}) })
      : undefined
  if (smtp) kernel.outside.ownSmtp = { host: settings.SMTP_HOST ?? settings.HOST, port: smtp.port }
  const mailboxes = startImapWatch(kernel)
  const pager = startPager(kernel)
  if (smtp) say(`Mail comes in on port ${smtp.port}, for the desk's own addresses only.`)
  return {
    close: async () => {
      await pager.stop()
      await smtp?.stop()
      await mailboxes.stop()
      await closeMailParser()
    },
    sayFirstSteps: () => (sample ? saySample(kernel, say) : sayFirstSteps(kernel, say)),
  }
}

async function sayFirstSteps(kernel: Kernel, say: Say): Promise<void> {
  const link = await firstSetUp(kernel)
  if (link)
    say(`\nFirst run: set it up at ${kernel.settings.baseUrl}${link}\n(the link works once, for 30 minutes; a new start makes a new one)`)
  if (kernel.settings.SMTP_URL === undefined) say('No SMTP_URL is set: outgoing mail is held in the outbox until it is.')
}

async function saySample(kernel: Kernel, say: Say): Promise<void> {
  say(`\nSample company, this machine only, no mail leaves it: ${kernel.settings.baseUrl}`)
  if ((await kernel.asSystem(({ db }) => demoCards(db, kernel.settings))) === null)
    say('HOST is not loopback: the cards of the sign-in page stay hidden. Make a token: npm run firstline -- token create --admin')
}

/**
 * With `--demo`: fills an empty database, or finds the sample company that is there already. Returns whether this is the
 * sample company; then, before any job can run, all of its post is kept on this machine.
 */
export async function prepareDemo(kernel: Kernel, say: Say, wanted: boolean): Promise<boolean> {
  if (wanted && !(await isSampleCompany(kernel)))
    await makeSampleCompany(kernel, say).catch((cause: unknown) => {
      throw cause instanceof Problem ? new WrongSetting(cause.message) : cause
    })
  return keepPostHere(kernel)
}
