import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { FigureDefinition, FigureKey } from '../../../contract/figures.ts'

/**
 * Every figure, once: its name, its formula in words and in SQL. The screen, the rows behind it, the CSV and the page
 * docs/figure-definitions.md are made of it. The SQL stands on `f` (ticket_figure), `t` (ticket) and `s` (survey).
 */
type Words = Record<'en' | 'de', string>
export type Population = 'created' | 'answered' | 'resolved' | 'open' | 'asked'
export type Definition = {
  key: FigureKey
  unit: FigureDefinition['unit']
  better: FigureDefinition['better']
  of: Population
  name: Words
  formula: Words
  /** A duration: seconds of one row. */
  seconds?: RawBuilder<number>
  /** A share: whether a row is one of the part. */
  part?: RawBuilder<SqlBool>
  /** What a row must be besides. */
  whole?: RawBuilder<SqlBool>
}

/** When a row counts, and what each population is made of. `open` is asked at a moment and not in a span. */
export const countsAt: Readonly<Record<Population, RawBuilder<unknown>>> = {
  created: sql`f.created_at`,
  answered: sql`f.first_answer_at`,
  resolved: sql`f.resolved_at`,
  open: sql`t.created_at`,
  asked: sql`s.asked_at`,
}
const populations: Readonly<Record<Population, Words>> = {
  created: { en: 'Tickets created in the time.', de: 'Im Zeitraum erstellte Tickets.' },
  answered: { en: 'Tickets whose first answer fell into the time.', de: 'Tickets, deren erste Antwort in den Zeitraum fiel.' },
  resolved: {
    en: 'Tickets whose last resolution fell into the time and still stands.',
    de: 'Tickets, deren letzte Lösung in den Zeitraum fiel und noch gilt.',
  },
  open: { en: 'Tickets not finished at the end of the day.', de: 'Am Ende des Tages nicht abgeschlossene Tickets.' },
  asked: { en: 'Surveys sent in the time.', de: 'Im Zeitraum verschickte Umfragen.' },
}

/** Why a ticket is left out; null: it counts. */
export const leftOut = sql`case when t.deleted_at is not null then 'spam' when t.merged_into_id is not null then 'merged' when t.meaning = 'cancelled' then 'cancelled'
  when exists (select 1 from ticket_link c where c.from_id = t.id and c.kind = 'child' and c.by_id is null) then 'automatic' end`
const exclusions: Words = {
  en: 'Left out, and counted below the figure: merged, spam, cancelled, and child tickets that a rule opened.',
  de: 'Nicht mitgezählt, aber unter der Zahl genannt: zusammengeführte, Spam, abgebrochene und von einer Regel eröffnete Untertickets.',
}
const calendar: Words = {
  en: 'Calendar time, nights and weekends included. Days are the company’s.',
  de: 'Kalenderzeit, Nächte und Wochenenden eingeschlossen. Es gelten die Tage des Unternehmens.',
}
const days: Words = { en: 'Days are the company’s.', de: 'Es gelten die Tage des Unternehmens.' }

export const definitions: readonly Definition[] = [
  {
    key: 'created',
    unit: 'tickets',
    better: 'neither',
    of: 'created',
    name: { en: 'Created', de: 'Erstellt' },
    formula: { en: 'Number of tickets created.', de: 'Anzahl erstellter Tickets.' },
  },
  {
    key: 'resolved',
    unit: 'tickets',
    better: 'more',
    of: 'resolved',
    name: { en: 'Resolved', de: 'Gelöst' },
    formula: {
      en: 'Number of tickets resolved, each on the day of its last resolution. One that was reopened since counts as open.',
      de: 'Anzahl gelöster Tickets, jedes am Tag seiner letzten Lösung. Ein seither wieder geöffnetes zählt als offen.',
    },
  },
  {
    key: 'open',
    unit: 'tickets',
    better: 'less',
    of: 'open',
    name: { en: 'Open at the end of the day', de: 'Offen am Ende des Tages' },
    formula: {
      en: 'Number of tickets that were new, in progress or set aside at the end of the day, by their history of statuses and not by what they are now. Set aside is shown apart.',
      de: 'Anzahl der Tickets, die am Ende des Tages neu, in Arbeit oder zurückgestellt waren – nach dem Verlauf ihrer Status, nicht nach dem heutigen. Zurückgestellte sind gesondert genannt.',
    },
  },
  {
    key: 'first-answer',
    unit: 'duration',
    better: 'less',
    of: 'answered',
    name: { en: 'First answer', de: 'Erste Antwort' },
    formula: {
      en: 'From creation to the first answer that a person gave and the requester could read. Confirmations by the program do not count, nor do the opening words of a ticket that an agent opened; a resolution that was told does. Median, 90th percentile and mean.',
      de: 'Von der Erstellung bis zur ersten Antwort eines Menschen, die die anfragende Person lesen konnte. Automatische Bestätigungen zählen nicht, ebenso wenig der Anfangstext eines intern eröffneten Tickets; eine mitgeteilte Lösung zählt. Median, 90. Perzentil und Mittelwert.',
    },
    seconds: sql`f.answer_seconds`,
  },
  {
    key: 'resolution',
    unit: 'duration',
    better: 'less',
    of: 'resolved',
    name: { en: 'Resolution, as the customer sees it', de: 'Lösung aus Kundensicht' },
    formula: {
      en: 'From creation to the last resolution; time set aside is part of it. Median, 90th percentile and mean.',
      de: 'Von der Erstellung bis zur letzten Lösung; zurückgestellte Zeit gehört dazu. Median, 90. Perzentil und Mittelwert.',
    },
    seconds: sql`f.resolution_seconds`,
  },
  {
    key: 'resolution-desk',
    unit: 'duration',
    better: 'less',
    of: 'resolved',
    name: { en: 'Resolution, as the desk sees it', de: 'Lösung aus Sicht des Service-Desks' },
    formula: {
      en: 'The time until the last resolution in which the ticket was new or in progress; time set aside, or resolved for a while, is not part of it. Median, 90th percentile and mean.',
      de: 'Die Zeit bis zur letzten Lösung, in der das Ticket neu oder in Arbeit war; zurückgestellte oder zwischenzeitlich gelöste Zeit gehört nicht dazu. Median, 90. Perzentil und Mittelwert.',
    },
    seconds: sql`f.open_seconds`,
  },
  {
    key: 'reopened',
    unit: 'share',
    better: 'less',
    of: 'resolved',
    name: { en: 'Reopened', de: 'Wieder geöffnet' },
    formula: {
      en: 'Resolved tickets that were reopened at least once, of all resolved tickets.',
      de: 'Gelöste Tickets, die mindestens einmal wieder geöffnet wurden, von allen gelösten.',
    },
    part: sql`f.reopened > 0`,
  },
  {
    key: 'one-touch',
    unit: 'share',
    better: 'more',
    of: 'resolved',
    name: { en: 'One touch', de: 'In einem Zug gelöst' },
    formula: {
      en: 'Resolved tickets with at least one public answer that were never set aside and never reopened, of all resolved tickets.',
      de: 'Gelöste Tickets mit mindestens einer öffentlichen Antwort, die nie zurückgestellt und nie wieder geöffnet wurden, von allen gelösten.',
    },
    part: sql`(f.answers > 0 and f.was_held = 'no' and f.reopened = 0)`,
  },
  {
    key: 'satisfaction',
    unit: 'share',
    better: 'more',
    of: 'asked',
    name: { en: 'Satisfaction', de: 'Zufriedenheit' },
    formula: {
      en: 'Answers of 4 and 5, of all answers to the surveys sent in the time; beside it, how many were asked. The team is the one that had the ticket when it was asked.',
      de: 'Antworten mit 4 und 5 von allen Antworten auf die im Zeitraum verschickten Umfragen; daneben, wie viele gefragt wurden. Es zählt das Team, das das Ticket bei der Umfrage hatte.',
    },
    part: sql`s.score >= 4`,
    whole: sql`s.score is not null`,
  },
]

export const definitionOf = (key: string): Definition | undefined => definitions.find((one) => one.key === key)

export const inWords = ({ key, unit, better, of, name, formula }: Definition, language: 'en' | 'de'): FigureDefinition => ({
  key,
  unit,
  better,
  name: name[language],
  formula: formula[language],
  population: populations[of][language],
  clock: (unit === 'duration' ? calendar : days)[language],
  exclusions: exclusions[language],
})
