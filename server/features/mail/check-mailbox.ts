import type { Actor } from '../../kernel/actor.ts'
import type { Kernel } from '../../kernel/context.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { reachableMailbox } from './access-reachable.ts'
import { connectionTo, type Reached } from './imap-connect.ts'
import { isOwnSender, placeOf } from './mailbox-transport.ts'
import { sentenceOf, troubleOf } from './mailbox-trouble.ts'
import { smtpClient } from './outside.ts'

/** Tries a mailbox step by step and says in words what is wrong. */
type Step = { step: string; ok: boolean; cause?: string; message: string }
export type Checked = { ok: boolean; steps: Step[] }

export async function checkMailbox(kernel: Kernel, actor: Actor, id: string): Promise<Checked> {
  if (!actor.rights.has('mailbox.edit')) throw notAllowed()
  const mailbox = await kernel.transactor.transaction((db) => reachableMailbox(db, id))
  if (!mailbox) throw notFound()
  const steps = [
    ...(mailbox.way === 'smtp' ? listenerSteps(kernel) : await fetchSteps(kernel, { ...mailbox, way: mailbox.way })),
    await sendingStep(kernel, mailbox),
  ]
  return { ok: steps.every((one) => one.ok), steps }
}

function listenerSteps(kernel: Kernel): Step[] {
  const on = kernel.settings.SMTP_IN === 'on'
  return [
    {
      step: 'listener',
      ok: on,
      message: on ? `Mail is taken on port ${kernel.settings.SMTP_PORT}.` : 'SMTP_IN is off: nothing listens for mail.',
    },
  ]
}

type Known = NonNullable<Awaited<ReturnType<typeof reachableMailbox>>>

async function sendingStep(kernel: Kernel, mailbox: Known): Promise<Step> {
  if (isOwnSender(mailbox) && !kernel.outside.mailStaysHere) return ownSendingStep(kernel, mailbox)
  return kernel.outside.mailTransport === null
    ? { step: 'sending', ok: false, message: 'SMTP_URL is not set: the outbox holds all mail.' }
    : { step: 'sending', ok: true, message: 'Mail goes out by SMTP_URL.' }
}

/** Signs in to its server as for a mail, and sends none. */
async function ownSendingStep(kernel: Kernel, mailbox: Known): Promise<Step> {
  try {
    const place = await placeOf(kernel, mailbox)
    const client = smtpClient(place, kernel.settings.mailDomain)
    await client.verify().finally(() => client.close())
    return { step: 'own-sending', ok: true, message: 'Mail goes out through the server of this mailbox.' }
  } catch (cause) {
    const trouble = troubleOf(cause)
    return { step: 'own-sending', ok: false, cause: trouble.cause, message: sentenceOf(trouble) }
  }
}

async function fetchSteps(kernel: Kernel, mailbox: Reached): Promise<Step[]> {
  const steps: Step[] = []
  try {
    const client = await connectionTo(kernel, mailbox)
    client.on('error', () => {})
    try {
      await client.connect()
      steps.push({ step: 'connect', ok: true, message: 'Connected and signed in.' })
      const opened = await client.mailboxOpen(mailbox.connection.folder || 'INBOX', { readOnly: true })
      steps.push({ step: 'folder', ok: true, message: `${opened.path}: ${opened.exists} mails.` })
      const idle = client.capabilities.has('IDLE')
      steps.push({
        step: 'idle',
        ok: true,
        message: idle ? 'The server tells at once when mail comes.' : 'The server does not tell by itself: it is asked every minute.',
      })
    } finally {
      client.close()
    }
  } catch (cause) {
    steps.push({
      step: steps.length === 0 ? 'connect' : 'folder',
      ok: false,
      cause: troubleOf(cause).cause,
      message: sentenceOf(troubleOf(cause)),
    })
  }
  return steps
}
