import { PassThrough, pipeline, Readable } from 'node:stream'
import type { ImapFlow } from 'imapflow'
import type { Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { keepArrival } from './actions-arrive.ts'
import { keepPosition, positionOf, type Watched } from './actions-watching.ts'
import { messageIdIn, type Watched as WatchedBytes } from './smtp-stream.ts'

/**
 * Fetches what lies above the last UID that is safely ours (RFC 9051, 2.3.1.1: UIDs only rise within a UIDVALIDITY).
 * When UIDVALIDITY changed, everything is looked at again and the journal knows what it has: same Message-ID and same
 * content is a duplicate. Of a mailbox that was just added, only the mail of its last day counts.
 */
type Found = { uid: number; size: number; at: number }

export async function fetchNew(kernel: Kernel, client: ImapFlow, mailbox: Watched, folder: string, uidValidity: bigint): Promise<number> {
  const before = await positionOf(kernel, mailbox.id, folder)
  const lastUid = before && before.uidValidity === uidValidity ? before.lastUid : 0
  const found = await listAbove(client, lastUid)
  const since = mailbox.createdAt - 86_400_000
  let kept = 0
  for (const { uid, at } of found) {
    if (lastUid > 0 || at >= since) {
      const fetched = await fetchOne(kernel, client, mailbox, uidValidity, uid)
      if (fetched) kept++
    }
    await failpoint('mail.before-position')
    await keepPosition(kernel, mailbox.id, folder, { uidValidity, lastUid: uid })
  }
  return kept
}

async function listAbove(client: ImapFlow, lastUid: number): Promise<Found[]> {
  const found: Found[] = []
  if (client.mailbox && client.mailbox.exists === 0) return found
  for await (const one of client.fetch(`${lastUid + 1}:*`, { uid: true, size: true, internalDate: true }, { uid: true })) {
    // "n:*" always names the last mail, even when it lies below n.
    if (one.uid > lastUid) found.push({ uid: one.uid, size: one.size ?? 0, at: new Date(one.internalDate ?? Date.now()).getTime() })
  }
  return found.sort((a, b) => a.uid - b.uid)
}

/** As a stream, whatever its size; what is too large to read is for the judge to say. False: it is gone from the server, or here already. */
async function fetchOne(kernel: Kernel, client: ImapFlow, mailbox: Watched, uidValidity: bigint, uid: number): Promise<boolean> {
  const download = await client.download(String(uid), undefined, { uid: true })
  if (!download || !('content' in download) || !download.content) return false
  // Joined at once: the library tells of a lost wire by one event, which nobody would hear while the file is being opened.
  const body = pipeline(download.content, new PassThrough(), () => {})
  const seen: WatchedBytes = { head: Buffer.alloc(0), bareLineEnd: false, size: 0 }
  const raw = await kernel.files.put(Readable.from(headKept(body, seen)))
  const arrival = {
    source: 'imap',
    sourceKey: `imap:${mailbox.id}:${uidValidity}:${uid}`,
    mailboxId: mailbox.id,
    envelopeFrom: '',
    envelopeTo: [mailbox.address],
    clientAddress: '',
    clientName: '',
  } as const
  return (await keepArrival(kernel, { ...arrival, envelopeTo: [...arrival.envelopeTo], raw, messageId: messageIdIn(seen.head) })) !== null
}

async function* headKept(source: AsyncIterable<Buffer>, seen: WatchedBytes): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    if (seen.head.length < 65_536) seen.head = Buffer.concat([seen.head, chunk])
    seen.size += chunk.length
    yield chunk
  }
}
