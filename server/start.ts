import { readFileSync } from 'node:fs'
import { useDemoPost } from './features/mail/actions-demo-post.ts'
import { startImapWatch } from './features/mail/imap-watch.ts'
import { closeMailParser } from './features/mail/parse.ts'
import { startSmtpIn } from './features/mail/smtp-in.ts'
import { firstSetUp } from './features/sessions/actions-set-up.ts'
import type { Kernel } from './kernel/context.ts'

/** What `npm start` opens beside the web: mail in, mailbox watchers; and what it says at the end. */
export type Doors = { close(): Promise<void>; sayFirstSteps(): Promise<void> }
type Say = (line: string) => void

export async function openDoors(kernel: Kernel, say: Say): Promise<Doors> {
  const { settings } = kernel
  const tls =
    settings.TLS_CERT && settings.TLS_KEY
      ? { cert: readFileSync(settings.TLS_CERT, 'utf8'), key: readFileSync(settings.TLS_KEY, 'utf8') }
      : undefined
  const smtp =
    settings.SMTP_IN === 'on'
      ? await startSmtpIn(kernel, { port: settings.SMTP_PORT, host: settings.SMTP_HOST ?? settings.HOST, ...(tls ? { tls } : {}) })
      : undefined
  await useDemoPost(kernel)
  const mailboxes = startImapWatch(kernel)
  if (smtp) say(`Mail comes in on port ${smtp.port}, for the desk's own addresses only.`)
  return {
    close: async () => {
      await smtp?.stop()
      await mailboxes.stop()
      await closeMailParser()
    },
    sayFirstSteps: () => sayFirstSteps(kernel, say),
  }
}

async function sayFirstSteps(kernel: Kernel, say: Say): Promise<void> {
  const link = await firstSetUp(kernel)
  if (link)
    say(`\nFirst run: set it up at ${kernel.settings.baseUrl}${link}\n(the link works once, for 30 minutes; a new start makes a new one)`)
  if (kernel.settings.SMTP_URL === undefined) say('No SMTP_URL is set: outgoing mail is held in the outbox until it is.')
}

export async function prepareDemo(_kernel: Kernel, _say: Say): Promise<void> {}
