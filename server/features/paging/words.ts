/** What a page says, short enough for a lock screen. Never a note, never what a restricted ticket is about. */
export type Language = 'en' | 'de'
export type ToldPage = {
  number: string
  subject: string | null
  priority: number
  organisation: string | null
  site: string | null
  note: string
  again: boolean
}
export type Said = { title: string; body: string; short: string }

const say = {
  en: {
    many: (n: number) => `${n} new pages`,
    one: (p: ToldPage) => `Page: #${p.number}, priority ${p.priority}`,
    restricted: 'A restricted ticket',
    more: (n: number) => `and ${n} more`,
    open: 'Look and acknowledge',
    code: (code: string) => `Reply ${code} to acknowledge.`,
    reply: 'Acknowledge by the link below, or answer this mail with OK.',
    test: 'Test from Firstline',
    testBody: 'This way works. Nobody needs you right now.',
  },
  de: {
    many: (n: number) => `${n} neue Alarme`,
    one: (p: ToldPage) => `Alarm: #${p.number}, Priorität ${p.priority}`,
    restricted: 'Ein vertrauliches Ticket',
    more: (n: number) => `und ${n} weitere`,
    open: 'Ansehen und bestätigen',
    code: (code: string) => `Mit ${code} antworten bestätigt.`,
    reply: 'Bestätigen: mit dem Link unten, oder diese E-Mail mit OK beantworten.',
    test: 'Test von Firstline',
    testBody: 'Dieser Weg funktioniert. Gerade braucht Sie niemand.',
  },
} as const

const lineOf = (p: ToldPage, language: Language): string =>
  [p.subject ?? say[language].restricted, [p.organisation, p.site].filter(Boolean).join(', '), p.note]
    .filter((part) => part !== '')
    .join(' · ')

const mostNamed = 5

export function saidOf(pages: readonly ToldPage[], count: number, language: Language): Said {
  const words = say[language]
  const one = pages[0]
  if (!one) return testWords(language)
  if (count === 1)
    return {
      title: words.one(one),
      body: lineOf(one, language),
      short: `#${one.number} P${one.priority} ${lineOf(one, language)}`.slice(0, 110),
    }
  const lines = pages.slice(0, mostNamed).map((p) => `#${p.number} P${p.priority} ${lineOf(p, language)}`)
  const rest = count - lines.length
  return {
    title: words.many(count),
    body: [...lines, ...(rest > 0 ? [words.more(rest)] : [])].join('\n'),
    short: `${words.many(count)}: ${pages
      .slice(0, 3)
      .map((p) => `#${p.number}`)
      .join(' ')}`,
  }
}

export const testWords = (language: Language): Said => ({
  title: say[language].test,
  body: say[language].testBody,
  short: `${say[language].test}: ${say[language].testBody}`,
})
export const codeWords = (language: Language, code: string): string => say[language].code(code)
export const openWords = (language: Language): string => say[language].open
export const replyWords = (language: Language): string => say[language].reply
