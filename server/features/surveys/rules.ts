import type { surveyChannels } from '../../../contract/surveys.ts'

/** Who is asked and in which words. Pure. */
export type Words = { subject: string; text: string; question: string }
export type Wording = Record<'en' | 'de', Words>
export type Settings = {
  on: boolean
  when: 'closed' | 'resolved'
  afterHours: number
  kinds: ('incident' | 'request')[]
  channels: (typeof surveyChannels)[number][]
  organisationIds: string[] | null
  everyDays: number
  share: number
  validDays: number
  lowScore: number
  followUpTo: 'lead' | 'person'
  followUpPersonId: string | null
  wording: Wording
}

export const usual: Settings = {
  on: false,
  when: 'closed',
  afterHours: 24,
  kinds: ['incident', 'request'],
  // What a monitoring probe or another program opened has nobody to be asked.
  channels: ['mail', 'portal', 'phone', 'counter', 'chat'],
  organisationIds: null,
  everyDays: 14,
  share: 100,
  validDays: 14,
  lowScore: 2,
  followUpTo: 'lead',
  followUpPersonId: null,
  wording: {
    en: {
      subject: 'How did we do?',
      text: 'Hello {{name}},\n\nyour request “{{subject}}” is done. How satisfied are you with our help? One click is enough.',
      question: 'How satisfied are you with our help?',
    },
    de: {
      subject: 'Wie war unsere Hilfe?',
      text: 'Guten Tag {{name}},\n\nIhr Anliegen „{{subject}}“ ist erledigt. Wie zufrieden sind Sie mit unserer Hilfe? Ein Klick genügt.',
      question: 'Wie zufrieden sind Sie mit unserer Hilfe?',
    },
  },
}

/** To an address that nobody proved to own, nothing of what a stranger wrote is repeated (C-035). */
export const unproven: Record<'en' | 'de', string> = {
  en: 'Hello,\n\nyour request No. {{number}} is done. How satisfied are you with our help? One click is enough.',
  de: 'Guten Tag,\n\nIhr Anliegen Nr. {{number}} ist erledigt. Wie zufrieden sind Sie mit unserer Hilfe? Ein Klick genügt.',
}

/** The scale in words: a number or a colour alone means something else to everybody. */
export const scale: Record<'en' | 'de', readonly [string, string, string, string, string]> = {
  en: ['Very dissatisfied', 'Dissatisfied', 'Neither', 'Satisfied', 'Very satisfied'],
  de: ['Sehr unzufrieden', 'Unzufrieden', 'Teils, teils', 'Zufrieden', 'Sehr zufrieden'],
}
export const wordOf = (language: 'en' | 'de', score: number): string => scale[language][score - 1] ?? String(score)

export type Facts = {
  ticketId: string
  kind: string
  channel: string
  meaning: string
  /** When it was closed or resolved, as the settings ask; null: it went on since. */
  occasionAt: string | null
  organisationId: string | null
  mergedOrRemoved: boolean
  restricted: boolean
  /** The first message came from a program, or the address is one behind which nobody reads. */
  automatic: boolean
  /** Has an address that is not one of our own mailboxes, and has not left. */
  reachable: boolean
  /** Who asked also solved it. */
  ownHelper: boolean
  isFollowUp: boolean
  /** When this person was last asked. */
  lastAskedAt: string | null
}
export type WhyNot =
  | 'off'
  | 'went-on'
  | 'kind'
  | 'channel'
  | 'organisation'
  | 'restricted'
  | 'automatic'
  | 'unreachable'
  | 'own-helper'
  | 'follow-up'
  | 'sample'
  | 'throttled'

/** Why nobody is asked about this ticket; null: ask. */
export function whyNotAsk(settings: Settings, facts: Facts, now: number): WhyNot | null {
  const finished = facts.meaning === 'closed' || (settings.when === 'resolved' && facts.meaning === 'resolved')
  if (!settings.on) return 'off'
  if (facts.mergedOrRemoved || facts.occasionAt === null || !finished) return 'went-on'
  if (!(settings.kinds as string[]).includes(facts.kind)) return 'kind'
  if (!(settings.channels as string[]).includes(facts.channel)) return 'channel'
  if (settings.organisationIds && !settings.organisationIds.includes(facts.organisationId ?? '')) return 'organisation'
  if (facts.restricted) return 'restricted'
  if (facts.automatic) return 'automatic'
  if (!facts.reachable) return 'unreachable'
  if (facts.ownHelper) return 'own-helper'
  // Otherwise a bad score would end in surveys about surveys.
  if (facts.isFollowUp) return 'follow-up'
  if (!inSample(facts.ticketId, settings.share)) return 'sample'
  if (facts.lastAskedAt !== null && now - Date.parse(facts.lastAskedAt) < settings.everyDays * 86_400_000) return 'throttled'
  return null
}

/** By the ticket's number and no die: the job may run twice, and both must say the same. */
export const inSample = (ticketId: string, share: number): boolean =>
  Number((BigInt(ticketId) * 2_654_435_761n) % 4_294_967_296n) / 4_294_967_296 < share / 100

const known = ['name', 'number', 'subject', 'company'] as const
type Values = Record<(typeof known)[number], string>
const place = /\{\{\s*([^{}]*?)\s*\}\}/g

/** The first placeholder that stands for nothing. */
export const unknownPlace = (text: string): string | undefined =>
  [...text.matchAll(place)].find(([, name]) => !(known as readonly string[]).includes(name ?? ''))?.[0]

/** In one go: a value that looks like a placeholder stays what it is. */
export const fillIn = (text: string, values: Values): string =>
  text.replace(place, (whole, name: string) => (name in values ? values[name as keyof Values] : whole))

/** Behind these no person reads. */
export const isNobody = (address: string): boolean =>
  /^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?|notifications?)(?:[-_.+][^@]*)?@/i.test(address)
