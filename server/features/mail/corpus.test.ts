import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BounceReason, MailTooHard, type ParsedMail } from './parsed-mail.ts'
import { readMail } from './read-mail.ts'

// 546 real mails of other projects, with what a correct system makes of each. They are not part of this repository.
const folder = new URL('../../../../shared/data/mail/', import.meta.url)
const here = existsSync(new URL('cases.jsonl', folder))
if (!here) console.log('skipped: the corpus of real mails, the shared test data are not here')

interface Case {
  id: string
  group: 'parse' | 'reply' | 'bounce' | 'auto' | 'robust'
  raw_path: string
  rewrite_message_id?: string
  expect: {
    subject?: string
    from?: string
    body_contains?: string[]
    attachments?: { name?: string; md5?: string }[]
    reply_contains?: string[]
    reply_not_contains?: string[]
    is_auto_reply?: boolean
    is_bounce?: boolean
    bounce?: { recipients: string[]; hard: boolean; status: string; reason: string }
  }
}

/** The corpus' words for reasons, where they differ from ours by more than hyphens. */
const REASONS: Record<string, BounceReason> = {
  userunknown: 'user-unknown',
  mailboxfull: 'mailbox-full',
  hostunknown: 'host-unknown',
  networkerror: 'network',
  authfailure: 'authentication',
  securityerror: 'security',
  suspend: 'suspended',
  policyviolation: 'policy',
  spamdetected: 'spam',
  requireptr: 'no-reverse-dns',
  mailererror: 'mailer',
  mesgtoobig: 'too-large',
  toomanyconn: 'rate-limited',
  hasmoved: 'has-moved',
  notaccept: 'not-accepting',
  onhold: 'on-hold',
  notcompliantrfc: 'not-compliant',
  norelaying: 'no-relaying',
  systemerror: 'system',
  contenterror: 'content',
  exceedlimit: 'size-limit',
  systemfull: 'system-full',
  syntaxerror: 'syntax',
  virusdetected: 'virus',
}

const PLACEHOLDERS: Record<string, string> = {
  '@@SUPPORT@@': 'help@desk.example',
  '@@FROM@@': 'casey@customer.example',
  '@@SUBJECT@@': 'Re: printer [#1001]',
  '@@PARENT_MSGID@@': 'parent.1@desk.example',
  '@@NONCE@@': 'n1',
  '@@OWN_FQDN@@': 'desk.example',
}

function rawOf(one: Case): Uint8Array {
  let text = readFileSync(new URL(one.raw_path, folder)).toString('latin1')
  for (const [mark, value] of Object.entries(PLACEHOLDERS)) text = text.replaceAll(mark, value)
  return Buffer.from(text, 'latin1')
}

const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
const scores = new Map<string, { right: number; all: number }>()
function count(name: string, right: boolean): void {
  const score = scores.get(name) ?? { right: 0, all: 0 }
  scores.set(name, { right: score.right + (right ? 1 : 0), all: score.all + 1 })
}

function scoreParse({ expect: wanted }: Case, mail: ParsedMail): void {
  const has = (words: string) => plain(mail.text).includes(plain(words))
  const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')
  const right =
    (wanted.subject === undefined || plain(mail.subject) === plain(wanted.subject)) &&
    (wanted.from === undefined || mail.from?.address.toLowerCase() === wanted.from.toLowerCase()) &&
    (wanted.body_contains ?? []).every(has) &&
    (wanted.attachments ?? []).every((one) =>
      mail.attachments.some((found) => found.name === one.name && (!one.md5 || md5(found.bytes) === one.md5)),
    )
  count('parse', right)
}

function scoreReply({ expect: wanted }: Case, mail: ParsedMail): void {
  const visible = plain(mail.visibleText)
  if (wanted.reply_contains?.length)
    count(
      'reply keep',
      wanted.reply_contains.every((words) => visible.includes(plain(words))),
    )
  if (wanted.reply_not_contains?.length) count('reply strip', !wanted.reply_not_contains.some((words) => visible.includes(plain(words))))
  count('reply thread', mail.inReplyTo.includes('parent.1@desk.example'))
  count('reply is written by a person', mail.automatic === null && mail.bounce === null)
}

function scoreBounce(one: Case, mail: ParsedMail): void {
  count('bounce known', mail.bounce !== null)
  const wanted = one.expect.bounce
  if (!wanted || !mail.bounce) return
  const set = (list: string[]) => [...new Set(list.map((address) => address.toLowerCase()))].sort().join()
  count('bounce recipients', set(mail.bounce.recipients) === set(wanted.recipients))
  count('bounce hard', mail.bounce.hard === wanted.hard)
  // 5.0.9xx are the reference parser's own numbers for "no code in the report".
  if (!/^[45]\.0\.9/.test(wanted.status)) count('bounce status', mail.bounce.status === wanted.status)
  count('bounce reason', mail.bounce.reason === (REASONS[wanted.reason] ?? wanted.reason))
  if (one.rewrite_message_id) count('bounce original', mail.bounce.originalMessageIds.includes(one.rewrite_message_id))
}

describe.runIf(here)('real mails of other projects', () => {
  beforeAll(async () => {
    const cases = readFileSync(new URL('cases.jsonl', folder), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
    for (const one of cases) {
      const start = performance.now()
      const mail = await readMail(rawOf(one))
      count('within a second', performance.now() - start < 1000)
      if (one.group === 'parse') scoreParse(one, mail)
      if (one.group === 'reply') scoreReply(one, mail)
      if (one.expect.is_bounce) scoreBounce(one, mail)
      if (one.expect.is_auto_reply) count(one.group === 'auto' ? 'automatic' : 'automatic bounce or complaint', mail.automatic !== null)
    }
    console.log([...scores].map(([name, { right, all }]) => `${name} ${right}/${all}`).join(', '))
  }, 60_000)

  // Floors, at what has been reached: a change that makes one mail worse says so here.
  test.each([
    ['parse', 64, 66],
    ['reply keep', 125, 125],
    ['reply strip', 97, 98],
    ['reply thread', 125, 125],
    ['reply is written by a person', 125, 125],
    ['automatic', 4, 4],
    ['automatic bounce or complaint', 342, 348],
    ['bounce known', 328, 335],
    ['bounce recipients', 320, 328],
    ['bounce hard', 297, 328],
    ['bounce status', 250, 258],
    ['bounce reason', 247, 328],
    ['bounce original', 292, 294],
    ['within a second', 546, 546],
  ])('%s: at least %i of %i', (name, floor, all) => {
    expect(scores.get(name)?.right).toBeGreaterThanOrEqual(floor)
    expect(scores.get(name)?.all).toBeLessThanOrEqual(all)
  })
})

describe.runIf(here)('broken mails', () => {
  /** A small generator with a seed, so that a failure can be repeated. */
  const random = (seed: number) => () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }

  function mutate(raw: Uint8Array, next: () => number): Uint8Array {
    const bytes = new Uint8Array(raw)
    for (let change = 0; change < 20; change += 1) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
    return next() < 0.3 ? bytes.subarray(0, Math.floor(next() * bytes.length)) : bytes
  }

  test('600 damaged mails are read or refused with a reason, each within a second', async () => {
    const cases = readFileSync(new URL('cases.jsonl', folder), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
    const next = random(20_260_302)
    for (let round = 0; round < 600; round += 1) {
      const one = cases[Math.floor(next() * cases.length)]
      if (!one) continue
      const start = performance.now()
      const outcome = await readMail(mutate(rawOf(one), next)).then(
        () => 'read',
        (cause: unknown) => (cause instanceof MailTooHard ? 'refused' : `${one.id}: ${String(cause)}`),
      )
      expect(['read', 'refused']).toContain(outcome)
      expect(performance.now() - start).toBeLessThan(1000)
    }
  }, 60_000)
})
