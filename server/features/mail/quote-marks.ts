// The lines by which mail programs introduce what they quote, in the languages that reach a European desk. Every pattern
// looks at one line of bounded length and has no nested repetition, so that folding stays linear (abuse case A-008).

/** Longer lines are prose or an attack, never a quote header. */
export const LONGEST_MARK = 500

const VERBS =
  'wrote|writes|schrieb|schrieben|hat geschrieben|a écrit|a ecrit|escribió|escribio|escreveu|ha scritto|schreef|geschreven|skrev|napisał\\(a\\)|napisał|napisała|napsal|написал|написала|пише|пишет|kirjoitti|írta|a scris|đã viết|写道|寫道|のメール|작성|yazdı|rakstīja|parašė|έγραψε|написав'
const DAY =
  '(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|pe|ma|ke|to|la|su|pon|wto|śro|czw|pią|sob|nie|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс|нд)'
const CLOCK = '\\d{1,2}[:.]\\d{2}'
const NUMERIC_DATE = '\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}'
const ADDRESS = '[<(\\[][^<>()\\[\\]]{0,20}[^\\s<>()@\\[\\]]{1,100}@[^\\s<>()\\[\\]]{1,150}(?:<mailto:[^<>]{1,150}>)?[>)\\]]'

const ENDS_WITH_VERB = new RegExp(`(?:${VERBS})\\s*(?:[:：]|-{2,}|$)`, 'iu')
const VERB_AT_END = new RegExp(`(?:${VERBS})\\s*[:：]?\\s*-{0,20}$`, 'iu')
const VERB_INSIDE = new RegExp(`(?:^|[\\s"'>)*])(?:${VERBS})(?:$|[\\s"'<:：])`, 'iu')
const HAS_ADDRESS = new RegExp(ADDRESS, 'u')
const ADDRESS_AT_END = new RegExp(`${ADDRESS}\\s*[:：]?$`, 'u')

/** "On Mon", "Am 3. Mai", "Le lun. 15", "2016-10-24 15:36 ...": how an attribution may begin. */
const OPENING = new RegExp(
  `^[\\s*_]{0,10}-{0,12}\\s?(?:(?:on|at|am|le|el|il|em|op|den|dne|dnia|w dniu|vào|în|a|в|pe|ke|la|to|su|ma|ti|в)\\s|在|${DAY}[a-zéûàèäöüа-я]{0,9}[.,]?\\s|${NUMERIC_DATE}|${CLOCK}|\\d{1,2}\\.?\\s\\p{L}{3,10}\\.?\\s)`,
  'iu',
)
/** Strong enough to stop joining the line before it. */
const SURE_OPENING = /^[\s*_]{0,10}-{0,12}\s?(?:On|At|Am|Le|El|Il|Em|Op|Den|Dnia|W dniu|Vào)\s(?=.*\d)/u
const DATE_FIRST = new RegExp(`^[\\s*]{0,10}(?:${NUMERIC_DATE}|${CLOCK}|${DAY}[a-zéûàèäöüа-я]{0,9},?\\s\\d)`, 'iu')
const TIMED = /(?:19|20)\d\d.{0,40}\d{1,2}[:.]\d{2}/
const GMAIL_OLD = /^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d{1,2}:?\d{2} \S/
const YOU_WROTE = /^\s*at\s.{4,60},\s?you wrote:$/i
const NAME_WROTE = new RegExp(`^[\\s*-]{0,12}[\\p{L}"'][^:]{0,80}\\s(?:${VERBS})\\s*[:：-]{1,12}$`, 'iu')

/** A whole attribution ("On 3 May, Anna <a@b.c> wrote:"), given its lines joined by spaces. */
export function isAttribution(joined: string): boolean {
  const line = joined.replace(/[\u200e\u200f]/g, '').trim()
  if (line.length < 8 || line.length > LONGEST_MARK * 2) return false
  if (GMAIL_OLD.test(line)) return true
  if (DATE_FIRST.test(line) && ADDRESS_AT_END.test(line)) return true
  if (YOU_WROTE.test(line)) return true
  // In any language: a time, a year, and an address with a colon at the end.
  if (/[:：]$/.test(line) && TIMED.test(line) && ADDRESS_AT_END.test(line)) return true
  const opens = OPENING.test(line)
  const dated = /\d/.test(line)
  if (opens && dated && VERB_AT_END.test(line)) return true
  if (!HAS_ADDRESS.test(line)) return opens && dated && /[:：]$/.test(line) && VERB_INSIDE.test(line) && /\d{4}|\d[:.]\d\d/.test(line)
  if (VERB_AT_END.test(line)) return true
  return /[:：]$/.test(line) && VERB_INSIDE.test(line) && (opens || /(?:schrieb|wrote) (?:am|on) /i.test(line))
}

/** "Anna wrote:" without a date: counts only when quoted lines follow. */
export const isBareAttribution = (line: string) =>
  line.length < 120 && (NAME_WROTE.test(line) || /^(?:Zitat von|Quoting) .{1,100}:$/i.test(line))

/** Might an attribution begin on this line? Cheap, so that joining is tried on few lines. */
export function mayOpenAttribution(line: string): boolean {
  if (line.length > LONGEST_MARK || line.length < 2) return false
  return (
    line.includes('@') ||
    /^(?:Zitat von|Quoting) /.test(line) ||
    OPENING.test(line) ||
    (/[:：-]$|wrote$/.test(line.trimEnd().slice(-6)) && ENDS_WITH_VERB.test(line))
  )
}

export const isSureOpening = (line: string) => line.length <= LONGEST_MARK && SURE_OPENING.test(line)

/** "reply--- On Wed, ... wrote:": the attribution that shares a line with the reply, as [before, attribution]. */
export function sharedLine(line: string): [string, string] | null {
  if (line.length > LONGEST_MARK) return null
  const at = line.search(/-{2,12}\s?On\s\p{L}{3},/u)
  if (at <= 0) return null
  const rest = line.slice(at)
  return isAttribution(rest) ? [line.slice(0, at), rest] : null
}

const SEPARATOR =
  /^[\s*_]{0,4}[-_=]{2,40}[\s*]{0,3}(?:original[- ]?(?:message|nachricht|mail|appointment)|reply message|ursprüngliche[- ]?(?:nachricht|e-?mail)|ursprungliche nachricht|weitergeleitete nachricht|message d['’]origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|исходное сообщение|пересылаемое сообщение|forwarded (?:message|by .{1,80}))[\s*]{0,3}[-_=*\s]{0,40}$/i
const FORWARD_OPENING =
  /^[\s>*-]{0,14}(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|forwarded message|weitergeleitete nachricht|début du message (?:transféré|réexpédié)|doorgestuurd bericht)\s?:?[\s*-]{0,20}$/i

export const isSeparator = (line: string) => line.length < 200 && /[-_=]{2}/.test(line) && SEPARATOR.test(line)
export const isForwardOpening = (line: string) =>
  line.length > 15 &&
  line.length < 200 &&
  (FORWARD_OPENING.test(line) || /^-{3,20}\s?(?:Forwarded message|Weitergeleitete Nachricht)\s?-{3,20}$/i.test(line.trim()))
export const isRule = (line: string) => line.length < 200 && /^\s*[*]?[-_=–—]{3,}[*]?\s*$/.test(line)

/** The kinds of line in an Outlook header block, by language. */
const HEADER_KINDS: [kind: string, names: string][] = [
  ['from', 'from|von|de|da|van|fra|från|od|lähettäjä|от|kimden'],
  [
    'date',
    'date|datum|sent|gesendet|envoyé|envoye|enviado|enviada|enviado el|inviato|data|verzonden|sendt|skickat|wysłano|odesláno|lähetetty|отправлено|дата|message du|fecha',
  ],
  ['to', 'to|an|à|a|para|aan|til|till|do|komu|vastaanottaja|кому|destinatario'],
  ['subject', 'subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|předmět|aihe|тема'],
  ['cc', 'cc|kopie|copie à|copie|копия|bcc|reply-to|antwort an|importance|wichtigkeit|priorität|attachments|anlagen'],
]
const KIND_OF = new Map(HEADER_KINDS.flatMap(([kind, names]) => names.split('|').map((name) => [name, kind] as const)))
const HEADER_LINE = /^[\s>*|]{0,6}([\p{L}][\p{L} -]{0,15}?)\*?\s{0,2}[:：]\*?(?:\s|$|[\u200e\u200f])/u

/** 'from', 'date', 'to', 'subject', 'cc', or undefined when the line is not a header of a quoted mail. */
export function headerKind(line: string): string | undefined {
  const colon = line.slice(0, 32).search(/[:：]/)
  if (colon < 1 || colon > 30) return undefined
  const found = HEADER_LINE.exec(line.slice(0, 60))
  return found ? KIND_OF.get((found[1] ?? '').toLowerCase().trim()) : undefined
}

/** "Gesendet:" stands in mails only, "Datum:" in timetables too. */
export const isSentLine = (line: string) =>
  /^[\s>*|]{0,6}(?:sent|gesendet|envoyé|enviado|enviada|inviato|verzonden|sendt|skickat|wysłano|отправлено)\*?\s{0,2}:/i.test(
    line.slice(0, 40),
  )

const MOBILE =
  /^[\s*_>]{0,4}(?:sent (?:from|via|with|using) (?:my |the |a )?(?:iphone|ipad|ipod|blackberry|android|samsung|galaxy|windows|outlook|mail|yahoo|gmail|mobile|phone|huawei|wiko|nokia|htc|sony|xperia|lg|oneplus|xiaomi|pixel|proton ?mail|typeapp|k-9|aqua|bluemail|blue|mailbox|airmail|verizon|at&t|t-mobile|nine|spark|tablet|smartphone|handheld|handset|wireless|[\p{L}]{2,20} ?(?:phone|mail|app)\b)|get outlook for|get bluemail|von meinem .{1,40} gesendet|(?:gesendet|verschickt) (?:von|mit|aus|über|via)(?: (?:meinem|meiner|der|dem))?.{0,30}(?:iphone|ipad|android|handy|smartphone|outlook|mail|samsung|galaxy|huawei|telekom|gmx|web\.de|yahoo|blackberry|proton|tablet|windows|app\b|mobil).{0,40}|(?:holen sie sich|hol dir|laden sie) outlook .{0,40}|outlook für (?:ios|android) .{0,20}|diese nachricht wurde von meinem .{1,60} gesendet|envoyé (?:de|depuis|à partir de) .{1,60}|enviado desde .{1,60}|enviado do .{1,60}|inviato da .{1,60}|verzonden (?:vanaf|met|via|van) .{1,60}|sendt fra .{1,60}|skickat från .{1,60}|wysłane z .{1,60}|lähetetty .{1,60}|отправлено (?:с|из) .{1,60})/iu

/** "Sent from my iPhone" and its kin; prose that merely begins so ("Sent from my desk, ...") is not one. */
export function isMobileSignature(line: string): boolean {
  if (line.length > 200 || !MOBILE.test(line)) return false
  const words = line
    .replace(/<[^<>]*>|\([^()]*\)/g, '')
    .trim()
    .split(/\s+/)
  return words.length <= 12 && !/[,;]\s\p{Ll}/u.test(line)
}

const CLOSING =
  /^[\s*_]{0,3}(?:mit )?(?:(?:best|kind|warm|many|with best|with kind|kindest|warmest|cordial)\s)?(?:regards|thanks and regards|(?:freundliche[nmr]?|besten?|herzlichen?|lieben?|schönen?|viele|vielen)\s(?:grüßen?|gruß|grüssen?|gruss|dank)|yours (?:sincerely|faithfully|truly)|sincerely|cheers|mfg|lg|vg|bg|cordialement|saludos|met vriendelijke groet(?:en)?)[\s,.!*]{0,4}$/i

export const isClosing = (line: string) => line.length < 60 && CLOSING.test(line)
