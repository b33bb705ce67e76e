import type { Actor } from '../../kernel/actor.ts'
import type { Kernel } from '../../kernel/context.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { reachableMailbox } from './access-reachable.ts'
import { connectionTo, type Reached } from './imap-connect.ts'
import { wordsOf } from './imap-watch.ts'

/** Tries a mailbox step by step and says in words what is wrong. */
type Step = { step: string; ok: boolean; message: string }
export type Checked = { ok: boolean; steps: Step[] }

export async function checkMailbox(kernel: Kernel, actor: Actor, id: string): Promise<Checked> {
  if (!actor.rights.has('mailbox.edit')) throw notAllowed()
  const mailbox = await kernel.transactor.transaction((db) => reachableMailbox(db, id))
  if (!mailbox) throw notFound()
  const steps = [
    ...(mailbox.way === 'smtp' ? listenerSteps(kernel) : await fetchSteps(kernel, { ...mailbox, way: mailbox.way })),
    sendingStep(kernel),
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

const sendingStep = (kernel: Kernel): Step =>
  kernel.outside.mailTransport === null
    ? { step: 'sending', ok: false, message: 'SMTP_URL is not set: the outbox holds all mail.' }
    : { step: 'sending', ok: true, message: 'Mail goes out by SMTP_URL.' }

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
    steps.push({ step: steps.length === 0 ? 'connect' : 'folder', ok: false, message: wordsOf(cause) })
  }
  return steps
}
