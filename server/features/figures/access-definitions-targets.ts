import { sql } from 'kysely'
import type { FigureKey } from '../../../contract/figures.ts'
import type { Definition, Words } from './access-populations.ts'

/** Whether what was agreed was kept, target by target. */
const kept = (key: FigureKey, target: string, name: Words, what: Words): Definition => ({
  key,
  group: 'targets',
  unit: 'share',
  better: 'more',
  of: 'targets',
  name,
  formula: {
    en: `Tickets whose target ${what.en} was met, of all tickets with that target completed in the time. A ticket that missed it once has missed it. What was missed and is still open at the end of the time stands beside it, and is no part of the share.`,
    de: `Tickets, deren Ziel ${what.de} eingehalten wurde, von allen Tickets, bei denen es im Zeitraum abgeschlossen wurde. Einmal verpasst heißt verpasst. Verpasste und am Ende des Zeitraums noch offene stehen daneben und sind kein Teil des Anteils.`,
  },
  part: sql`(k.target = ${sql.lit(target)} and k.state = 'met')`,
  whole: sql`k.target = ${sql.lit(target)}`,
  clock: 'business',
})

const solved = sql<boolean>`k.target in ('resolution', 'fulfilment')`

export const targetFigures: readonly Definition[] = [
  kept(
    'target-first-response',
    'first-response',
    { en: 'First answer in time', de: 'Erste Antwort im Ziel' },
    { en: 'for the first answer', de: 'für die erste Antwort' },
  ),
  kept(
    'target-next-response',
    'next-response',
    { en: 'Next answers in time', de: 'Nächste Antworten im Ziel' },
    { en: 'for the next answers', de: 'für die nächsten Antworten' },
  ),
  kept('target-update', 'update', { en: 'Updates in time', de: 'Zwischenstände im Ziel' }, { en: 'for updates', de: 'für Zwischenstände' }),
  kept(
    'target-resolution',
    'resolution',
    { en: 'Incidents resolved in time', de: 'Störungen im Ziel gelöst' },
    { en: 'for the resolution', de: 'für die Lösung' },
  ),
  kept(
    'target-fulfilment',
    'fulfilment',
    { en: 'Requests fulfilled in time', de: 'Anfragen im Ziel erledigt' },
    { en: 'for the fulfilment', de: 'für die Erledigung' },
  ),
  {
    key: 'late',
    group: 'targets',
    unit: 'tickets',
    better: 'less',
    of: 'late',
    clock: 'business',
    name: { en: 'Missed and still open', de: 'Verpasst und noch offen' },
    formula: {
      en: 'Number of tickets with at least one target that was missed and not yet completed at the end of the day. No share of kept targets contains them.',
      de: 'Anzahl der Tickets mit mindestens einem Ziel, das verpasst und am Ende des Tages noch nicht abgeschlossen war. Kein Anteil eingehaltener Ziele enthält sie.',
    },
  },
  {
    key: 'missed',
    group: 'targets',
    unit: 'tickets',
    better: 'less',
    of: 'targets',
    name: { en: 'Targets missed', de: 'Verpasste Ziele' },
    formula: {
      en: 'Number of targets that were completed in the time and had been missed, whatever the target; by cause, as far as somebody said it.',
      de: 'Anzahl der Ziele, die im Zeitraum abgeschlossen wurden und verpasst waren, gleich welches; nach Ursache, soweit jemand sie genannt hat.',
    },
    whole: sql`k.state = 'missed'`,
    clock: 'business',
  },
  {
    key: 'target-time',
    group: 'targets',
    unit: 'working',
    better: 'less',
    of: 'targets',
    name: { en: 'Working time to resolve or fulfil', de: 'Arbeitszeit bis Lösung oder Erledigung' },
    formula: {
      en: 'The working time that the clock of the resolution or the fulfilment ran; pauses are no part of it. Median, 90th percentile and mean.',
      de: 'Die Arbeitszeit, in der die Uhr für Lösung oder Erledigung lief; Pausen gehören nicht dazu. Median, 90. Perzentil und Mittelwert.',
    },
    measure: sql`case when ${solved} then k.used_seconds end`,
    whole: solved,
  },
  {
    key: 'target-paused',
    group: 'targets',
    unit: 'working',
    better: 'neither',
    of: 'targets',
    name: { en: 'Paused until resolved or fulfilled', de: 'Pausiert bis Lösung oder Erledigung' },
    formula: {
      en: 'The working time in which the clock of the resolution or the fulfilment paused, mostly because the requester was asked. Median, 90th percentile and mean.',
      de: 'Die Arbeitszeit, in der die Uhr für Lösung oder Erledigung pausierte, meist wegen einer Rückfrage. Median, 90. Perzentil und Mittelwert.',
    },
    measure: sql`case when ${solved} then k.paused_seconds end`,
    whole: solved,
  },
  {
    key: 'held-by-team',
    group: 'targets',
    unit: 'working',
    better: 'neither',
    of: 'held',
    name: { en: 'Time in the hands of a team', de: 'Zeit in der Hand eines Teams' },
    formula: {
      en: 'Of the working time until the resolution or the fulfilment, what one team had the ticket for; pauses are no part of it. Split by team, the mean says who used how much. The condition "team" is the one that had it.',
      de: 'Von der Arbeitszeit bis Lösung oder Erledigung der Teil, in dem ein Team das Ticket hatte; Pausen gehören nicht dazu. Aufgeteilt nach Team sagt der Mittelwert, wer wie viel verbraucht hat. Die Bedingung „Team“ meint das Team, das es hatte.',
    },
    measure: sql`h.seconds`,
  },
]
