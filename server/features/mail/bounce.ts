// Bounces. RFC 3464 reports say it in fields (Final-Recipient, Action, Status, Diagnostic-Code); everything else
// (qmail, Exim, sendmail, Exchange 5.5, Notes, gateways of the nineties that are still running) says it in prose, from
// a null or mailer-daemon sender, above a copy of the returned mail. Both end in the same facts.

import { bounceReason, isHard } from './bounce-reasons.ts'
import type { Bounce, BounceReason } from './parsed-mail.ts'

export interface ReportPart {
  mediaType: string
  text: string
}

export interface BounceEvidence {
  header: (name: string) => string | undefined
  fromAddress: string
  subject: string
  contentType: string
  /** The readable body. */
  text: string
  /** message/delivery-status, message/rfc822, text/rfc822-headers and other attached texts, in order. */
  reports: ReportPart[]
}

const DAEMON =
  /^(?:mailer[-_.]?daemon|mail-daemon|postmaster|mailerdaemon|mail\.daemon|post_master|mdaemon|maildeliverysystem|mail-deliver|microsoftexchange[0-9a-f]+|bounce|bounces|no-?reply-bounce|mailadmin|systemattendant|exchange)(?:[+@.-]|$)/i
const DAEMON_NAME =
  /mail(?:er)?[ -]?(?:delivery|daemon)|delivery sub ?system|mail system|system administrator|postmaster|systemadministrator/i
const SUBJECT =
  /undeliver|returned mail|return(?:ed)? to sender|delivery (?:status notification|failure|report|has failed|problem|error|notification|incomplete|attempt)|(?:mail|message|e-mail|email) (?:delivery|could not be|not delivered|undeliverable|status|system error|error)|failure (?:notice|delivery)|failed (?:delivery|mail|to deliver)|non[- ]?deliver|unzustellbar|nicht zugestellt|zustellung.{0,20}fehl|mail failure|nondeliverable|non remis|could not (?:be delivered|send)|problème de remise|warning: (?:could not|message)|message delay|undelivered|delivery.{0,10}fail|rejected:|nicht gesendet|unable to deliver|there was an error sending|error sending|bounce|サーバ|送信でき|エラー|メール/i
const BODY_OPENINGS =
  /this is the qmail-send program|this message was created automatically by mail delivery software|i'm afraid i wasn't able to deliver|(?:message|mail) (?:that you sent )?could not be delivered|delivery to the following recipients? (?:has been )?(?:failed|delayed)|the following (?:addresses|recipient|message|mail|address)|permanent fatal errors|undeliverable|did not reach the following|your (?:message|mail|e-mail).{0,80}(?:could not|cannot|can't|was not|wasn't|not) (?:be )?deliver|was (?:undeliverable|not delivered|rejected)|failed recipient|delivery (?:status|fail|report)|unable to deliver|could not deliver|user unknown|returned (?:message|mail)|bounced/i

const RETURNED_MARK =
  /^[\s>*]{0,4}(?:-{2,}.{0,12}(?:copy of (?:your|the) message|original message|returned (?:message|mail)|message header|unsent message|begin|original mail|undelivered|message (?:text )?follows|the header of).{0,60}|(?:a|the) copy of (?:your|the) (?:original )?(?:message|mail).{0,80}|original message (?:follows|headers?).{0,20}|message (?:header|headers|text) follows?.{0,20}|received: (?:from|by|\(qmail)\s.{1,200}|return-path:\s?<.{0,200}|your original message.{0,60}|(?:content of|begin) (?:the )?(?:original|returned) message.{0,40}|the (?:following is|header of) the (?:original|undelivered) message.{0,40}|your message reads.{0,20}|below (?:this line )?is a copy of the message.{0,10}|-{3,} below this line is a copy of the message\..{0,5})$/im

const ADDRESS = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,100}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,150}[A-Za-z0-9])?/
const ENHANCED = /(?:^|[\s(#:[<-])([45]\.\d{1,3}\.\d{1,3})(?![\d.])/

interface Failure {
  recipient: string
  status: string
  diagnostic: string
}

/** The bounce that a mail reports, or null when it reports none. */
export function readBounce(mail: BounceEvidence): Bounce | null {
  if (/feedback-report/i.test(mail.contentType)) return null
  const fromReports = mail.reports
    .filter((part) => /^message\/(?:global-)?delivery-status$/.test(part.mediaType))
    .flatMap((part) => readStatusPart(part.text))
  const isReport = fromReports.length > 0
  if (!isReport && mail.reports.some((part) => isGoodNews(part))) return null
  if (!isReport && !looksLikeBounce(mail)) return null
  const { head, returned } = splitReturned(mail.text)
  const failures = isReport ? fromReports : readProse(mail, head, returned)
  const first = worst(failures)
  const prose = failures.length > 0 && isReport && /^(?:smtp;\s*)?$/i.test(first?.diagnostic ?? '') ? head : ''
  const words = `${first?.diagnostic ?? ''} ${prose}`.trim() || head
  const status = pickStatus(first?.status ?? '', words)
  const reason = refine(bounceReason(answerIn(words), status), words, status, head)
  return {
    recipients: [...new Set(failures.map((one) => one.recipient).filter((one) => one !== ''))],
    hard: isHard(reason, status),
    status,
    reason,
    originalMessageIds: originalIds(mail, returned),
  }
}

/** A report that every recipient got the mail. */
const isGoodNews = (part: ReportPart) =>
  /^message\/(?:global-)?delivery-status$/.test(part.mediaType) &&
  /^action:\s*(?:delivered|relayed|expanded)/im.test(part.text) &&
  !/^action:\s*(?:failed|delayed)/im.test(part.text)

/** No one field is enough: a vacation note has a null sender too, and people write "undeliverable" in subjects. */
function looksLikeBounce(mail: BounceEvidence): boolean {
  if (/multipart\/report/i.test(mail.contentType) && /delivery-status/i.test(mail.contentType)) return true
  if (mail.header('x-failed-recipients')) return true
  const returnPath = mail.header('return-path')?.trim()
  const daemon = DAEMON.test(mail.fromAddress) || DAEMON_NAME.test(mail.header('from') ?? '')
  const nullSender = returnPath === '<>' || returnPath === ''
  const subject = SUBJECT.test(mail.subject)
  const body = BODY_OPENINGS.test(mail.text.slice(0, 4000))
  if (daemon) return subject || body || RETURNED_MARK.test(mail.text)
  if (nullSender && /auto-replied/i.test(mail.header('auto-submitted') ?? '')) return false
  if (nullSender) return subject || (body && RETURNED_MARK.test(mail.text))
  const strong =
    /^(?:(?:undeliver|returned mail|delivery (?:status notification|failure)|failure notice|mail delivery (?:failed|system)|unzustellbar|non[- ]?deliver|undeliverable))/i
  return strong.test(mail.subject) && body && (RETURNED_MARK.test(mail.text) || mail.reports.some((part) => /rfc822/.test(part.mediaType)))
}

/** RFC 3464: groups of fields separated by empty lines; the first group is about the message, the others each about one recipient. */
function readStatusPart(text: string): Failure[] {
  const failures: Failure[] = []
  for (const group of text.slice(0, 500_000).split(/\n[ \t]*\n/)) {
    const fields = readFields(group)
    const recipient = recipientOf(fields)
    if (recipient === '') continue
    const action = (fields.get('action') ?? '').toLowerCase()
    if (/^(?:delivered|relayed|expanded|deliverable)/.test(action)) continue
    const diagnostic = [fields.get('diagnostic-code'), fields.get('x-supplementary-info'), fields.get('x-display-name') ? '' : undefined]
      .filter(Boolean)
      .join(' ')
    const delayed = /delayed/.test(action) ? ' delayed: still being retried' : ''
    failures.push({
      recipient,
      status: ENHANCED.exec(` ${fields.get('status') ?? ''}`)?.[1] ?? '',
      diagnostic: `${diagnostic}${delayed}`.trim(),
    })
  }
  return failures
}

function readFields(group: string): Map<string, string> {
  const fields = new Map<string, string>()
  let last = ''
  for (const line of group.split('\n')) {
    const colon = line.indexOf(':')
    if (/^[ \t]/.test(line) && last !== '') fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`)
    else if (colon > 0) {
      last = line.slice(0, colon).trim().toLowerCase()
      if (!fields.has(last)) fields.set(last, line.slice(colon + 1).trim())
    }
  }
  return fields
}

function recipientOf(fields: Map<string, string>): string {
  for (const name of ['final-recipient', 'original-recipient', 'x-actual-recipient', 'recipient']) {
    const value = fields.get(name)
    if (!value) continue
    const found = ADDRESS.exec(value.replace(/^[^;]*;/, ''))
    if (found) return found[0].toLowerCase()
  }
  return ''
}

function splitReturned(text: string): { head: string; returned: string } {
  const mark = RETURNED_MARK.exec(text)
  return mark && mark.index > 0 ? { head: text.slice(0, mark.index), returned: text.slice(mark.index) } : { head: text, returned: '' }
}

const FAILED_LINES = [
  /^\s*<([^<>@\s]{1,100}@[^<>\s]{1,150})>/,
  /^\s*(?:smtp:|to:|recipient:|address:|mailbox:|failed recipients?:?|final recipient:|delivered to:)?\s*<?([^<>@\s:;,"()]{1,100}@[^<>\s:;,"()]{1,150}?)>?(?:\s*:(?:\s|$)|\s+on\s|\s*\(|[\s.]*$|\s*\.\.\.|\s*,)/i,
  /rcpt to:\s?<([^<>@\s]{1,100}@[^<>\s]{1,150})>/i,
  /(?:recipient|user|mailbox|address|account|to|for)[\s:"'=]{1,6}<?([^<>@\s:;,"'()[\]]{1,100}@[A-Za-z0-9.-]{1,150}[A-Za-z0-9])/i,
]

function readProse(mail: BounceEvidence, head: string, returned: string): Failure[] {
  const own = new Set(ownAddresses(mail, returned))
  const named = (mail.header('x-failed-recipients') ?? '').split(',').map((one) => ADDRESS.exec(one)?.[0]?.toLowerCase() ?? '')
  let found = named.filter((one) => one !== '')
  const lines = head.slice(0, 100_000).split('\n')
  for (const pattern of FAILED_LINES) {
    if (found.length > 0) break
    found = lines.map((line) => cleanFound(pattern.exec(line.slice(0, 500))?.[1])).filter((one) => one !== '' && !own.has(one))
  }
  if (found.length === 0) found = returnedRecipients(mail, returned)
  return [...new Set(found)].map((recipient) => ({ recipient, status: '', diagnostic: head }))
}

function cleanFound(found: string | undefined): string {
  return (found ? (ADDRESS.exec(found)?.[0] ?? '') : '').toLowerCase().replace(/\.+$/, '')
}

/** Addresses that are in every bounce and are never the one that failed: the daemon and the author of the returned mail. */
function ownAddresses(mail: BounceEvidence, returned: string): string[] {
  const source = [mail.header('from'), mail.header('to'), mail.header('message-id'), /^from:\s*(.{1,300})$/im.exec(returned)?.[1]]
  return source.map((value) => cleanFound(value ?? '')).filter((one) => one !== '')
}

function returnedRecipients(mail: BounceEvidence, returned: string): string[] {
  for (const text of [...mail.reports.filter((part) => /rfc822/.test(part.mediaType)).map((part) => part.text), returned]) {
    const to = /^to:[ \t]*((?:.*\n[ \t]+)?.{1,500})$/im.exec(text.slice(0, 50_000))?.[1]
    const address = cleanFound(to)
    if (address !== '') return [address]
  }
  return []
}

const BOILERPLATE =
  /i'm not going to try again; this message has been in the queue too long\.?|this is a permanent error(?:; i've given up)?|sorry it didn't work out|the message returned below could not be delivered to one or more destinations|this is the (?:mail|qmail-send|dragonfly)[^\n]{0,80}|this message was created automatically by mail delivery (?:software|system)|a message that you sent could not be delivered to one or more of its recipients/gi

/** What the refusing server said, without the sending server's courtesies, which use the same words for every cause. */
function answerIn(words: string): string {
  const plain = words.slice(0, 20_000).replace(BOILERPLATE, ' ')
  const answer =
    /(?:said:|remote host said|error from remote|did not like|does not like|failed with:|the error that the other server returned was|server responded|response (?:was|from)|diagnostic|reason:)/i.exec(
      plain,
    )
  return answer ? plain.slice(answer.index) : plain
}

/** An address that was accepted and then "unknown" after the content was seen was not unknown: something filtered. */
function refine(reason: BounceReason, words: string, status: string, head: string): BounceReason {
  const found = reason === 'undefined' ? bounceReason(words.replace(BOILERPLATE, ' '), status) : reason
  const afterContent = /in reply to end of data|after (?:end of )?data|>>> DATA\s*\n<<< 5|error after end of data/i
  return found === 'user-unknown' && !status.startsWith('5.1.') && afterContent.test(`${words}\n${head}`) ? 'filtered' : found
}

/** The one that decides: a permanent failure before a temporary one. */
const worst = (failures: Failure[]) => failures.find((one) => one.status.startsWith('5')) ?? failures[0]

/** The code in the server's answer is more exact than a report's summary when that says only "5.0.0". */
function pickStatus(given: string, words: string): string {
  if (given !== '' && !/^[45]\.0\.0$/.test(given)) return given
  return ENHANCED.exec(words)?.[1] ?? given
}

function originalIds(mail: BounceEvidence, returned: string): string[] {
  const ids: string[] = []
  const texts = [...mail.reports.map((part) => part.text), returned || mail.text]
  for (const text of texts) {
    for (const found of text
      .slice(0, 300_000)
      .matchAll(/^[>\s|]{0,6}(?:x-)?(?:original-)?message-id:\s{0,4}(?:\n[ \t]{1,8})?<?([^<>\s]{3,998})>?/gim)) {
      if (found[1]) ids.push(found[1])
    }
  }
  for (const name of ['in-reply-to', 'references']) {
    for (const found of (mail.header(name) ?? '').matchAll(/<([^<>\s]{3,998})>/g)) if (found[1]) ids.push(found[1])
  }
  return [...new Set(ids)]
}
