// An agent forwards a customer's mail to the desk: who wrote it first? Outlook, Gmail, Apple Mail and Thunderbird each
// write a header block, in the language of the program; only a block at the top of a mail whose subject or first line
// says "forwarded" counts, because in a reply the same block stands above the quoted mail.
// The result is what the mail says and no proof: whether an agent may act on it is decided by whoever knows the sender.

import { oneLine } from '../../kernel/plain-words.ts'
import type { ForwardedMail, MailAddress } from './parsed-mail.ts'
import { headerKind, isForwardOpening, isSeparator } from './quote-marks.ts'

const FORWARD_SUBJECT = /^(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|fw|wg|wtr|tr|i|rv|enc|vs|doorst)\s?:/i
const REPLY_SUBJECT = /^(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw(?:ort)?|sv)\s?:/i
const ADDRESS = /([^<>@\s"'(),:;[\]]{1,100}@[^<>@\s"'(),:;[\]]{1,150})/
const DEEPEST_LINE = 200

export function readForwarded(subject: string, text: string): ForwardedMail | null {
  if (REPLY_SUBJECT.test(subject)) return null
  const lines = text.split('\n', DEEPEST_LINE).map((line) => line.slice(0, 500).replace(/^[\s>|]{0,8}/, ''))
  const opening = lines.findIndex((line) => isForwardOpening(line))
  const bySubject = FORWARD_SUBJECT.test(subject)
  if (opening < 0 && !bySubject) return null
  const separator = lines.findIndex((line) => isSeparator(line))
  const start = opening >= 0 ? opening + 1 : separator >= 0 ? separator + 1 : 0
  const block = firstBlock(lines, start)
  if (!block) return null
  const from = readMailbox(block.get('from') ?? '')
  if (!from) return null
  const forwarded: ForwardedMail = { from }
  const said = block.get('subject')
  const date = block.get('date')
  if (said) forwarded.subject = oneLine(said, 500)
  if (date) forwarded.date = oneLine(date, 100)
  return forwarded
}

/** The first run of header lines that has an author. */
function firstBlock(lines: string[], start: number): Map<string, string> | null {
  for (let index = start; index < lines.length; index += 1) {
    const kind = headerKind(lines[index] ?? '')
    if (kind !== 'from' && kind !== 'date' && kind !== 'subject') continue
    const block = readBlock(lines, index)
    if (block.size >= 2 && block.has('from')) return block
  }
  return null
}

function readBlock(lines: string[], start: number): Map<string, string> {
  const block = new Map<string, string>()
  let last = ''
  for (let index = start; index < Math.min(start + 15, lines.length); index += 1) {
    const line = lines[index] ?? ''
    if (line.trim() === '') {
      if (block.size >= 3) break
      continue
    }
    const kind = headerKind(line)
    if (kind) {
      if (!block.has(kind))
        block.set(
          kind,
          line
            .slice(line.indexOf(':') + 1)
            .replace(/^\*?\s*/, '')
            .trim(),
        )
      last = kind
    } else if (last === 'from' || last === 'subject') block.set(last, `${block.get(last) ?? ''} ${line.trim()}`)
  }
  return block
}

function readMailbox(value: string): MailAddress | null {
  const address = ADDRESS.exec(value.replace(/mailto:/gi, ''))?.[1]
  if (!address) return null
  const at = address.lastIndexOf('@')
  const name = value.split(/[<[(]/, 1)[0]?.replace(/["'*]/g, '').trim() ?? ''
  return { name: name === address ? '' : oneLine(name, 200), address: address.slice(0, at) + address.slice(at).toLowerCase() }
}
