import type { Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import '../sessions/events.ts'
import { eraseRaw } from './actions-erasing.ts'
import { noteRelay, releaseHeld, releaseRestored } from './actions-held.ts'
import { mailLink } from './actions-letters.ts'
import { type Claimed, claimMail, settleSent, settleUncertain } from './actions-sending.ts'
import { warnOfExpiry } from './actions-tokens.ts'
import { composeMail, envelopeFrom } from './compose.ts'
import { judgeInbound, resumePending } from './jobs-judge.ts'
import { transportFor } from './mailbox-transport.ts'
import { type Handed, HandoverUncertain } from './outside.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'mail.send': { outboundMailId: string }
    'mail.look-ahead': Record<string, never>
  }
}

/** Each is safe to run twice: it looks at the row's state, which says what was done. */
export const mailJobs = jobs({
  'mail.judge': (kernel, { inboundMailId }) => judgeInbound(kernel, inboundMailId),
  'mail.resume': async (kernel) => {
    await resumePending(kernel)
    await kernel.asSystem(releaseRestored)
    await kernel.asSystem(noteRelay)
    await kernel.asSystem((context) => releaseHeld(context, 'fresh'))
  },
  /** Whose sign-in ends soon; the raw mail of spam whose thirty days are over. */
  'mail.look-ahead': async (kernel) => {
    await kernel.asSystem(warnOfExpiry)
    await kernel.asSystem(eraseRaw)
  },
  'mail.send': (kernel, { outboundMailId }) => sendMail(kernel, outboundMailId),
  'mail.system': (kernel, mail) => kernel.asSystem((context) => mailLink(context, mail)),
})

export const mailSchedules: Schedule[] = [
  { name: 'mail.resume', cron: '* * * * *' },
  { name: 'mail.look-ahead', cron: '37 * * * *' },
]

async function sendMail(kernel: Kernel, id: string): Promise<void> {
  const mail = await kernel.asSystem((context) => claimMail(context, id))
  if (!mail) return
  await failpoint('mail.before-hand-over')
  const outcome = await handOver(kernel, mail)
  await failpoint('mail.after-hand-over')
  await kernel.asSystem((context) =>
    typeof outcome === 'string' ? settleUncertain(context, mail, outcome) : settleSent(context, mail, outcome),
  )
  await failpoint('mail.after-sent-commit')
}

/** The result, or in words why nobody knows it. */
async function handOver(kernel: Kernel, mail: Claimed): Promise<Handed | string> {
  const to = mail.recipients.map((one) => one.address)
  const everyone = (state: 'deferred' | 'failed', answer: string): Handed => ({
    recipients: to.map((address) => ({ address, state, answer })),
    answer,
  })
  if (to.length === 0) return { recipients: [], answer: 'There is nobody to send it to.' }
  let raw: Buffer
  try {
    const attachments = await Promise.all(
      mail.attachmentFiles.map(async ({ name, mediaType, sha256 }) => ({ name, mediaType, content: await kernel.files.read(sha256) })),
    )
    const enclosed = mail.enclosed.map(({ name, mediaType, base64 }) => ({ name, mediaType, content: Buffer.from(base64, 'base64') }))
    raw = await composeMail({ ...mail, attachments: [...attachments, ...enclosed] }, mail.instance)
  } catch (cause) {
    kernel.log.error('mail not composed', cause, { outboundMailId: mail.id })
    return everyone('failed', cause instanceof Error ? cause.message : String(cause))
  }
  try {
    const transport = await transportFor(kernel, mail.mailboxId)
    if (!transport) return everyone('deferred', 'There is no way out for this mail at the moment.')
    return await transport({ from: envelopeFrom(mail), to, raw })
  } catch (cause) {
    if (cause instanceof HandoverUncertain) return cause.message
    return everyone('deferred', cause instanceof Error ? cause.message : String(cause))
  }
}
