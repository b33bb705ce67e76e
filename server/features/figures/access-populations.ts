import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { FigureDefinition, FigureKey } from '../../../contract/figures.ts'

/** What figures are made of: the populations that are counted, when a row of each counts, and what is left out of all. */
export type Words = Record<'en' | 'de', string>
export type Population = 'created' | 'answered' | 'resolved' | 'open' | 'asked' | 'targets' | 'late' | 'held'
export type Definition = {
  key: FigureKey
  group: FigureDefinition['group']
  unit: FigureDefinition['unit']
  better: FigureDefinition['better']
  of: Population
  name: Words
  formula: Words
  /** A duration: seconds of one row; a mean: the number of one row. */
  measure?: RawBuilder<number>
  /** A share: whether a row is one of the part; one that is not of `whole` is never. */
  part?: RawBuilder<SqlBool>
  /** What a row must be besides. */
  whole?: RawBuilder<SqlBool>
  /** What it counts was timed in working time. */
  clock?: 'business'
}

/** Told as a median, with what lies around it. */
export const isTime = (unit: Definition['unit']): boolean => unit === 'duration' || unit === 'working'

/** When a row counts, and what each population is made of. `open` and `late` are asked at a moment and not in a span. */
export const countsAt: Readonly<Record<Population, RawBuilder<unknown>>> = {
  created: sql`f.created_at`,
  answered: sql`f.first_answer_at`,
  resolved: sql`f.resolved_at`,
  open: sql`t.created_at`,
  asked: sql`s.asked_at`,
  targets: sql`k.ended_at`,
  late: sql`p.from_at`,
  held: sql`h.resolved_at`,
}
export const populations: Readonly<Record<Population, Words>> = {
  created: { en: 'Tickets created in the time.', de: 'Im Zeitraum erstellte Tickets.' },
  answered: { en: 'Tickets whose first answer fell into the time.', de: 'Tickets, deren erste Antwort in den Zeitraum fiel.' },
  resolved: {
    en: 'Tickets whose last resolution fell into the time and still stands.',
    de: 'Tickets, deren letzte Lösung in den Zeitraum fiel und noch gilt.',
  },
  open: { en: 'Tickets not finished at the end of the day.', de: 'Am Ende des Tages nicht abgeschlossene Tickets.' },
  asked: { en: 'Surveys sent in the time.', de: 'Im Zeitraum verschickte Umfragen.' },
  targets: {
    en: 'Targets of agreements with customers that were completed in the time: each ticket once for each target, when its last clock of it ended. Cancelled clocks do not count.',
    de: 'Ziele aus Vereinbarungen mit Kunden, die im Zeitraum abgeschlossen wurden: jedes Ticket je Ziel einmal, wenn dessen letzte Uhr endete. Abgebrochene Uhren zählen nicht.',
  },
  late: {
    en: 'Tickets with a missed target that was not completed at the end of the day.',
    de: 'Tickets mit einem verpassten Ziel, das am Ende des Tages nicht abgeschlossen war.',
  },
  held: {
    en: 'Each team that had a ticket resolved in the time, once for each ticket; only tickets with an agreed resolution or fulfilment.',
    de: 'Jedes Team, das ein im Zeitraum gelöstes Ticket hatte, je Ticket einmal; nur Tickets mit vereinbarter Lösung oder Erledigung.',
  },
}

/** Why a ticket is left out; null: it counts. */
export const leftOut = sql`case when t.deleted_at is not null then 'spam' when t.merged_into_id is not null then 'merged' when t.meaning = 'cancelled' then 'cancelled'
  when exists (select 1 from ticket_link c where c.from_id = t.id and c.kind = 'child' and c.by_id is null) then 'automatic' end`
