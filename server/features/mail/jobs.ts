import type { Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import '../sessions/events.ts'
import { mailLink } from './actions-letters.ts'
import { type Claimed, claimMail, releaseRestored, settleSent, settleUncertain } from './actions-sending.ts'
import { composeMail, envelopeFrom } from './compose.ts'
import { judgeInbound, resumePending } from './jobs-judge.ts'
import { type Handed, HandoverUncertain } from './outside.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'mail.send': { outboundMailId: string }
  }
}

/** Each is safe to run twice: it looks at the row's state, which says what was done. */
export const mailJobs = jobs({
  'mail.judge': (kernel, { inboundMailId }) => judgeInbound(kernel, inboundMailId),
  'mail.resume': async (kernel) => {
    await resumePending(kernel)
    await kernel.asSystem(releaseRestored)
  },
  'mail.send': (kernel, { outboundMailId }) => sendMail(kernel, outboundMailId),
  'mail.system': (kernel, mail) => kernel.asSystem((context) => mailLink(context, mail)),
})

export const mailSchedules: Schedule[] = [{ name: 'mail.resume', cron: '* * * * *' }]

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
  if (to.length === 0 || kernel.outside.mailTransport === null) return { recipients: [], answer: 'There is nobody to send it to.' }
  let raw: Buffer
  try {
    const attachments = await Promise.all(
      mail.attachmentFiles.map(async ({ name, mediaType, sha256 }) => ({ name, mediaType, content: await kernel.files.read(sha256) })),
    )
    raw = await composeMail({ ...mail, attachments }, mail.instance)
  } catch (cause) {
    kernel.log.error('mail not composed', cause, { outboundMailId: mail.id })
    return everyone('failed', cause instanceof Error ? cause.message : String(cause))
  }
  try {
    return await kernel.outside.mailTransport({ from: envelopeFrom(mail), to, raw })
  } catch (cause) {
    if (cause instanceof HandoverUncertain) return cause.message
    return everyone('deferred', cause instanceof Error ? cause.message : String(cause))
  }
}
