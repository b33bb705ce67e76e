import type { AlertMapping, Severity } from '../../../contract/alerts.ts'
import type { Action } from './rules.ts'
import { listOf, severities } from './rules-mapping.ts'
import { clean, keyOf, prose, severityIn, type Told, webOnly } from './rules-reading.ts'

/**
 * A mail of a machine, read by words and not by patterns: nobody can write one here that takes for ever, and each step goes
 * once over the subject or the lines. Lines such as `Host: srv-1` or `State = CRITICAL` say what they name; what they do
 * not say is taken from the subject. When in doubt it is an alert: a recovery that is missed costs a look, an alert a night.
 */
export type MachineMail = { subject: string; text: string; from: string }

const mostLines = 400
const mostWords = 100

export function readMachineMail({ subject, text, from }: MachineMail, mapping: AlertMapping): Told {
  const lines = linesIn(text)
  const line = (names: string, most: number) => {
    const name = listOf(names).find((one) => lines.has(one))
    return name === undefined ? '' : clean(lines.get(name), most)
  }
  const words = wordsOf(mapping)
  const title = withoutPrefixes(clean(subject, 1000))
  const tokens = tokensOf(title)
  const state = line(mapping.state, 200)
  const device = line(mapping.device, 250) || clean(from, 250)
  const condition = line(mapping.condition, 250) || conditionOf(title, tokens, words)
  const key = line(mapping.key, 2000) || [device, condition].filter(Boolean).join(' | ')
  const href = webOnly(line(mapping.link, 2000))
  return {
    key: keyOf(key || 'mail'),
    action: actionOf(title, tokens, state, words),
    severity: severityOf(line(mapping.severity, 100), state, tokens, mapping, words),
    device,
    condition,
    summary: line(mapping.summary, 1024) || title || clean(text, 200) || condition || device || 'mail',
    beganAt: null,
    text: prose(text, 20_000),
    runbook: '',
    links: href ? [{ href, text: href }] : [],
    values: [...lines].slice(0, 50).map(([name, value]) => ({ name, value: clean(value, 1000) })),
  }
}

/** An example as it is pasted: its head, if there is one, then its text. */
export function mailIn(sample: string): MachineMail {
  const mail = { subject: '', text: '', from: '' }
  const all = sample.split(/\r?\n/)
  let at = 0
  for (; at < all.length; at++) {
    const [name = '', ...rest] = (all[at] ?? '').split(':')
    const value = rest.join(':').trim()
    const known = ['subject', 'betreff', 'from', 'von', 'to', 'an', 'cc', 'date', 'datum', 'sent', 'gesendet'].indexOf(
      name.trim().toLowerCase(),
    )
    if (known < 0 || rest.length === 0) break
    if (known < 2) mail.subject = value
    else if (known < 4) mail.from = value.slice(value.lastIndexOf('<') + 1).replaceAll('>', '')
  }
  // A bare line is a subject.
  if (at === 0) mail.subject = all[at++] ?? ''
  return { ...mail, text: all.slice(at).join('\n').trim() }
}

/** `Name: value`, `Name = value`, and cells of a table, which come with two spaces between them. */
function linesIn(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const raw of text.slice(0, 40_000).split('\n').slice(0, mostLines)) {
    const line = raw.slice(0, 1200).trim()
    if (line.startsWith('>')) continue
    const ends = [':', '=', '\t', '  '].map((sign) => line.indexOf(sign)).filter((at) => at > 0 && at <= 60)
    if (ends.length === 0) continue
    const end = Math.min(...ends)
    const name = plain(line.slice(0, end)).toLowerCase()
    const value = plain(line.slice(end).replace(/^[:=\s]{1,60}/, ''))
    if (name !== '' && value !== '' && !found.has(name)) found.set(name, value)
  }
  return found
}
/** Without the marks by which plain text shows that something is bold. */
const plain = (text: string): string => text.replaceAll('*', '').trim()

type Token = { word: string; raw: string; start: number; end: number }
type Words = { over: string[][]; seen: string[][]; trouble: string[][]; by: Record<Severity, string[][]> }

/** Letters, digits and what stands within a name (srv-01, 10.0.0.5, web01/HTTP); all else is between words. */
function tokensOf(text: string): Token[] {
  const found: Token[] = []
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}._/\\@%+-]*/gu)) {
    const raw = match[0].replace(/[./\\+-]{1,20}$/, '')
    found.push({ raw, word: raw.toLowerCase(), start: match.index, end: match.index + match[0].length })
    if (found.length >= mostWords) break
  }
  return found
}
const phrases = (list: string): string[][] => listOf(list).map((one) => one.split(' ').filter(Boolean))
function wordsOf(mapping: AlertMapping): Words {
  const by = {
    critical: phrases(mapping.critical),
    error: phrases(mapping.error),
    warning: phrases(mapping.warning),
    info: phrases(mapping.info),
  }
  const seen = [['acknowledgement'], ['acknowledged'], ['ack'], ['bestätigt']]
  return { over: phrases(mapping.cleared), seen, by, trouble: [...by.critical, ...by.error, ...by.warning] }
}
/** How many of the words from this one on are one of those phrases; 0: none. */
const lengthAt = (tokens: readonly Token[], at: number, wanted: readonly string[][]): number =>
  wanted.find((phrase) => phrase.every((word, n) => tokens[at + n]?.word === word))?.length ?? 0
const denials = ['0', 'no', 'without', 'ohne', 'kein', 'keine']
/** "0 errors" is none. */
const has = (tokens: readonly Token[], wanted: readonly string[][]): boolean =>
  tokens.some((_, at) => lengthAt(tokens, at, wanted) > 0 && !denials.includes(tokens[at - 1]?.word ?? ''))

/** Re:, AW:, Fwd: and what gateways put in front. */
function withoutPrefixes(subject: string): string {
  let rest = subject
  for (let n = 0; n < 10; n++) {
    const next = rest.replace(/^\s{0,20}(?:(?:re|aw|fw|fwd|wg|antwort)(?:\[\d{1,3}\])?:|\[(?:ext|extern|external)\])\s{0,20}/i, '')
    if (next === rest) break
    rest = next
  }
  return rest.trim()
}

type Mark = { says: 'over' | 'trouble' | 'seen'; start: number; end: number; first: string }
/** A word that stands as a mark decides: alone in brackets (`[Failed]`), or first before a colon (`Resolved in 5m: ...`). */
function markIn(title: string, tokens: readonly Token[], words: Words): Mark | undefined {
  const saysOf = (list: readonly Token[]) => {
    const kinds = [
      ['over', words.over],
      ['seen', words.seen],
      ['trouble', words.trouble],
    ] as const
    for (const [says, wanted] of kinds) {
      const length = list.length === 0 ? 0 : lengthAt(list, 0, wanted)
      if (length > 0) return { says, whole: length === list.length }
    }
    return undefined
  }
  for (let open = title.indexOf('['); open >= 0; open = title.indexOf('[', open + 1)) {
    const close = title.indexOf(']', open)
    if (close < 0) break
    const inside = tokens.filter((one) => one.start > open && one.start < close)
    const said = saysOf(inside)
    if (said?.whole) return { says: said.says, start: open, end: close + 1, first: inside[0]?.word ?? '' }
  }
  const colon = title.indexOf(':')
  const head = colon < 0 ? [] : tokens.filter((one) => one.start < colon)
  const said = saysOf(head)
  return said && { says: said.says, start: head[0]!.start, end: head[0]!.end, first: head[0]!.word }
}

function actionOf(title: string, tokens: readonly Token[], state: string, words: Words): Action {
  const stated = tokensOf(state)
  if (stated.length > 0) {
    if (lengthAt(stated, 0, words.over) > 0) return 'resolve'
    if (has(stated, words.trouble)) return marked(markIn(title, tokens, words)) === 'acknowledge' ? 'acknowledge' : 'trigger'
  }
  const mark = marked(markIn(title, tokens, words))
  if (mark) return mark
  return !has(tokens, words.trouble) && has(tokens, words.over) ? 'resolve' : 'trigger'
}
const marked = (mark: Mark | undefined): Action | undefined =>
  mark && ({ over: 'resolve', seen: 'acknowledge', trouble: 'trigger' } as const)[mark.says]

/** What a line says; else the gravest word of the state, else of the subject. */
function severityOf(line: string, state: string, tokens: readonly Token[], mapping: AlertMapping, words: Words): Severity {
  const gravest = (list: readonly Token[]) => severities.find((severity) => has(list, words.by[severity]))
  if (line !== '') return gravest(tokensOf(line)) ?? severityIn(line, mapping)
  return gravest(tokensOf(state)) ?? gravest(tokens) ?? 'warning'
}

const ofThings = ['up', 'down']
const before = ['in', 'of', 'von', 'after', 'for', 'nach', 'seit', 'is', 'ist', 'was', 'war']

/** The subject without what changes from mail to mail: words of state and severity, numbers and times. */
function conditionOf(title: string, tokens: readonly Token[], words: Words): string {
  const mark = markIn(title, tokens, words)
  // `[Intranet] [Down] no answer`: up and down are said of what stands before them, and what follows is different each time.
  const named = mark && ofThings.includes(mark.first) ? tokens.filter((one) => one.end <= mark.start) : []
  const list = named.length > 0 ? named : tokens
  const gone = [...words.over, ...words.seen, ...words.trouble, ...words.by.info]
  const kept: string[] = []
  for (let at = 0; at < list.length; ) {
    const length = lengthAt(list, at, gone)
    const token = list[at]!
    if (length === 0 && !isNumber(token.word)) kept.push(token.raw)
    else while (before.includes(kept.at(-1)?.toLowerCase() ?? '')) kept.pop()
    at += Math.max(1, length)
  }
  return kept.join(' ').slice(0, 250)
}

/** 5m, 93%, 12:03, 2026-11-22; not 10.0.0.5, which is somebody's name. */
const isNumber = (word: string): boolean =>
  /^\d/.test(word) && !/^\d{1,3}(?:\.\d{1,3}){3}/.test(word) && /^[\d.,%/+-]{1,40}[a-zµ]{0,3}%?$/.test(word)
