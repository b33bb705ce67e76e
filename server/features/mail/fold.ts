// Which part of a mail's text a reader wants: the new words stay visible, quotes, the header blocks of older mails and
// signatures are folded away. Nothing is ever dropped: every line is either visible or folded, in its order, and when
// nothing would be visible everything is. One pass over the lines, each looked at a bounded number of times.
//
// The rules, in the order in which doubt is resolved:
// 1. an attribution followed by quoted lines folds itself and those lines, and the reader's text after them stays;
//    without quoted lines below it, everything after it is the old mail;
// 2. an Outlook header block or "-----Original Message-----" ends the new text, unless nothing stands above it (then
//    the mail is a forward and its content is what the sender wants read);
// 3. "-- " (RFC 3676, 4.3) or "Sent from my phone" begins a signature;
// 4. quoted lines without attribution stay where answers stand between them, and are folded at the end of the mail.

import {
  headerKind,
  isAttribution,
  isBareAttribution,
  isClosing,
  isForwardOpening,
  isMobileSignature,
  isRule,
  isSentLine,
  isSeparator,
  isSureOpening,
  LONGEST_MARK,
  mayOpenAttribution,
  sharedLine,
} from './quote-marks.ts'

export interface Folded {
  visible: string
  /** Absent when everything is visible. */
  quoted?: string
}

type Mark = 'text' | 'quote' | 'attributed' | 'attribution' | 'signature' | 'rest'

const QUOTED = /^\s{0,3}>/
const MOST_SIGNATURE_MARKS = 40
/** Lines of one mail that are looked at closely. People's mails have a handful; only an attack has more. */
const CLOSE_LOOKS = 10_000
const LONGEST_SIGNATURE = 25

export function foldReply(text: string): Folded {
  const whole = (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).split('\n')
  const lines = splitShared(whole)
  const marks = markLines(lines)
  settleQuotes(lines, marks)
  foldClosing(lines, marks)
  return split(lines, marks, whole)
}

const mayBeShared = (line: string) => line.includes('--') && line.includes('On')

function splitShared(lines: string[]): string[] {
  if (!lines.some(mayBeShared)) return lines
  return lines.flatMap((line) => (mayBeShared(line) ? (sharedLine(line) ?? [line]) : [line]))
}

const at = (lines: string[], index: number): string => lines[index] ?? ''
/** Asked of every line several times, so the usual answer costs one look at its first sign. */
function isBlank(line: string): boolean {
  const first = line.charCodeAt(0)
  return !(first > 0x20 && first < 0x7f) && line.trim().length === 0
}
const mayBeQuoted = (first: number) => first === 0x3e || !(first > 0x20 && first < 0x7f)
const isQuoted = (line: string) =>
  mayBeQuoted(line.charCodeAt(0)) && QUOTED.test(line.slice(0, 4)) && !(line.includes('<<') && /<{2,}\s*$/.test(line.slice(-20)))

function nextWritten(lines: string[], from: number): number {
  let index = from
  while (index < lines.length && isBlank(at(lines, index))) index += 1
  return index
}

function markLines(lines: string[]): Mark[] {
  const marks = new Array<Mark>(lines.length).fill('text')
  let written = false
  let signatureMarks = 0
  let looks = 0
  let index = 0
  const rest = (from: number, mark: Mark) => marks.fill(mark, from)
  while (index < lines.length) {
    const line = at(lines, index)
    if (isBlank(line)) {
      index += 1
      continue
    }
    if (isQuoted(line)) {
      marks[index] = 'quote'
      index += 1
      continue
    }
    const close = looks < CLOSE_LOOKS
    const opens = close && mayOpenAttribution(line)
    const length = opens ? attributionLength(lines, index) : 0
    if (opens || (close && headerKind(line))) looks += 1
    if (length > 0) {
      const below = nextWritten(lines, index + length)
      const bars = /^\s{0,3}\|/.test(at(lines, below))
      marks.fill('attribution', index, index + length)
      if (isQuoted(at(lines, below)) || bars) {
        index = markQuoteBlock(lines, marks, below, bars)
        continue
      }
      if (written && below < lines.length) {
        rest(index, 'rest')
        return marks
      }
      index += length
      continue
    }
    if (close && isOldMail(lines, index)) {
      if (written) rest(index, 'rest')
      return marks
    }
    if (
      written &&
      (isMobileSignature(line) || (isSignatureMark(line) && signatureMarks++ < MOST_SIGNATURE_MARKS && isSignature(lines, index)))
    ) {
      rest(index, 'signature')
      return marks
    }
    written = true
    index += 1
  }
  return marks
}

/** Marks the quoted block from `from` on, with the broken lines inside it; returns the first line after it. */
function markQuoteBlock(lines: string[], marks: Mark[], from: number, bars: boolean): number {
  let index = from
  let end = from
  while (index < lines.length) {
    const line = at(lines, index)
    if (bars ? /^\s{0,3}\|/.test(line) : isQuoted(line)) {
      marks[index] = 'attributed'
      end = index + 1
    } else if (!isBlank(line)) {
      if (!(end === index && continuesQuote(at(lines, index - 1), line) && isQuoted(at(lines, index + 1)))) break
      marks[index] = 'attributed'
    }
    index += 1
  }
  return end
}

/** A mail program broke a quoted line and forgot the mark on its second half. */
function continuesQuote(before: string, line: string): boolean {
  if (/^\s*\(?<?https?:\/\/\S+\s*>?$/.test(line.slice(0, LONGEST_MARK))) return true
  const tail = before.slice(-LONGEST_MARK)
  const opens = tail.lastIndexOf('(') > tail.lastIndexOf(')')
  return opens && line.slice(0, LONGEST_MARK).includes(')')
}

/** How many lines an attribution takes from here: 0 when none begins. */
function attributionLength(lines: string[], index: number): number {
  const first = at(lines, index)
  if (!mayOpenAttribution(first)) return 0
  let joined = ''
  let taken = 0
  for (let next = index; next < Math.min(index + 6, lines.length); next += 1) {
    const line = at(lines, next).trim()
    if (next > index && isSureOpening(line)) return 0
    if (line.length > LONGEST_MARK) return 0
    if (line === '') {
      // Some programs put an empty line between the name and the address.
      if (at(lines, next + 1).trim() === '<') continue
      break
    }
    joined = joined === '' ? line : `${joined} ${line}`
    taken = next - index + 1
    if (isAttribution(joined)) return taken
  }
  const below = at(lines, nextWritten(lines, index + 1))
  return isBareAttribution(first) && isQuoted(below) ? 1 : 0
}

/** A separator, a forward's first line, or a block of From/Sent/To/Subject, with the rule above it. */
function isOldMail(lines: string[], index: number): boolean {
  const line = at(lines, index)
  if (line.length > LONGEST_MARK) return false
  if (isSeparator(line) || isForwardOpening(line)) return true
  const start = isRule(line) ? nextWritten(lines, index + 1) : index
  return start - index <= 3 && isHeaderBlock(lines, start)
}

function isHeaderBlock(lines: string[], start: number): boolean {
  const first = headerKind(at(lines, start))
  if (first !== 'from' && first !== 'date') return false
  if (/\b(?:Date|Sent|Gesendet|Datum)\s?:/.test(at(lines, start).slice(6, LONGEST_MARK)) && first === 'from') return true
  const kinds = new Set([first])
  let misses = 0
  const telling = (line: string) => line.includes('@') || isSentLine(line)
  let addressed = telling(at(lines, start))
  for (let index = start + 1; index < Math.min(start + 8, lines.length); index += 1) {
    const line = at(lines, index)
    if (isBlank(line)) {
      misses += 1
      if (misses > 2) break
      continue
    }
    const kind = headerKind(line)
    if (kind) {
      kinds.add(kind)
      addressed ||= telling(line)
    } else if (!/^\s/.test(line)) misses += 1
    if (misses > 2) break
  }
  // "Von: Berlin / An: Köln / Datum: 3.5." is a journey and not a mail.
  if (!addressed && !kinds.has('subject')) return false
  return kinds.has('from') ? kinds.size >= 2 && (kinds.size > 2 || kinds.has('date')) : kinds.size >= 2
}

const isSignatureMark = (line: string) => line.length < 20 && (line.includes('--') || line.includes('__')) && /^\s*(?:--|__)\s?$/.test(line)

/** Twenty-five lines and more below the mark are a text with a rule in it. */
function isSignature(lines: string[], index: number): boolean {
  let written = 0
  for (let next = index + 1; next < lines.length && next < index + 200; next += 1) {
    const line = at(lines, next)
    if (isQuoted(line) || attributionLength(lines, next) > 0) return true
    if (!isBlank(line)) written += 1
    if (written > LONGEST_SIGNATURE) return false
  }
  return true
}

/** Rule 4: quotes between answers are what the answers mean, so they stay; the last quote of a mail is folded. */
function settleQuotes(lines: string[], marks: Mark[]): void {
  let lastText = -1
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    if (marks[index] === 'text' && !isBlank(at(lines, index))) {
      lastText = index
      break
    }
  }
  let answered = 0
  let inside = false
  for (let index = 0; index <= lastText; index += 1) {
    const quote = marks[index] === 'quote' || marks[index] === 'attributed'
    if (inside && marks[index] === 'text' && !isBlank(at(lines, index))) answered += 1
    if (!isBlank(at(lines, index))) inside = quote
  }
  const interleaved = answered >= 2
  // A quote above the attribution of another one is part of the answer.
  const lastOwn = Math.max(lastText, marks.lastIndexOf('attribution'))
  for (let index = 0; index < lines.length; index += 1) {
    const mark = marks[index]
    if (mark === 'quote' && index < lastOwn) marks[index] = 'text'
    if (mark === 'attributed' && index < lastText && interleaved) marks[index] = 'text'
  }
}

/** "Kind regards, Name" stays; the card below the name (title, telephone, address, claim) is folded. */
function foldClosing(lines: string[], marks: Mark[]): void {
  let end = lines.length
  while (end > 0 && (marks[end - 1] !== 'text' || isBlank(at(lines, end - 1)))) end -= 1
  for (let index = Math.max(0, end - LONGEST_SIGNATURE); index < end; index += 1) {
    if (marks[index] !== 'text' || !isClosing(at(lines, index))) continue
    const name = nextWritten(lines, index + 1)
    const card = name + 1
    if (card >= end || marks.slice(index, end).some((mark) => mark !== 'text')) return
    if (lines.slice(card, end).every((line) => isBlank(line) || isCardLine(line))) marks.fill('signature', card, end)
    return
  }
}

function isCardLine(line: string): boolean {
  const words = line.trim().split(/\s+/)
  return line.length <= 100 && words.length <= 12 && !/^\s*p\.?\s?s\b/i.test(line) && !/[.?]\s*$/.test(line.trim()) && !isQuoted(line)
}

function split(lines: string[], marks: Mark[], whole: string[]): Folded {
  const visible: string[] = []
  const quoted: string[] = []
  let last: Mark = 'text'
  for (let index = 0; index < lines.length; index += 1) {
    const line = at(lines, index)
    const mark: Mark = isBlank(line) ? last : (marks[index] ?? 'text')
    // Folded pieces that were apart stay apart.
    if (last === 'text' && mark !== 'text' && quoted.length > 0) quoted.push('')
    last = mark
    if (mark === 'text') visible.push(line)
    else quoted.push(line)
  }
  const shown = trimBlank(visible)
  const folded = trimBlank(quoted)
  if (folded === '' || shown === '') return { visible: trimBlank(whole) }
  return { visible: shown, quoted: folded }
}

function trimBlank(lines: string[]): string {
  let start = 0
  let end = lines.length
  while (start < end && isBlank(at(lines, start))) start += 1
  while (end > start && isBlank(at(lines, end - 1))) end -= 1
  return lines.slice(start, end).join('\n').trimEnd()
}
