// The worker's side of parse.ts: one mail at a time, its facts or its refusal back. Attachment bytes are moved, not copied.

import { parentPort } from 'node:worker_threads'
import { type MailLimits, MailTooHard, type ParsedMail, type TooHardReason } from './parsed-mail.ts'
import { readMail } from './read-mail.ts'

export interface MailToRead {
  id: number
  raw: Uint8Array
  limits: MailLimits
}

export type MailRead = { id: number; mail: ParsedMail } | { id: number; reason: TooHardReason; detail: string }

async function answer({ id, raw, limits }: MailToRead): Promise<MailRead> {
  try {
    return { id, mail: await readMail(raw, limits) }
  } catch (cause) {
    if (cause instanceof MailTooHard) return { id, reason: cause.reason, detail: cause.detail }
    const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    // A stack that overflows is nesting that we did not count.
    return { id, reason: cause instanceof RangeError ? 'too-complex' : 'unreadable', detail }
  }
}

parentPort?.on('message', async (asked: MailToRead) => {
  const read = await answer(asked)
  const moved = 'mail' in read ? [...new Set(read.mail.attachments.map((one) => one.bytes.buffer as ArrayBuffer))] : []
  parentPort?.postMessage(read, moved)
})
