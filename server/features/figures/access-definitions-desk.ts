import { sql } from 'kysely'
import type { Definition } from './access-populations.ts'

/** What came in and went out, how long it took, and how well it was. */
export const deskFigures: readonly Definition[] = [
  {
    key: 'created',
    group: 'flow',
    unit: 'tickets',
    better: 'neither',
    of: 'created',
    name: { en: 'Created', de: 'Erstellt' },
    formula: { en: 'Number of tickets created.', de: 'Anzahl erstellter Tickets.' },
  },
  {
    key: 'resolved',
    group: 'flow',
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
    group: 'flow',
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
    group: 'speed',
    unit: 'duration',
    better: 'less',
    of: 'answered',
    name: { en: 'First answer', de: 'Erste Antwort' },
    formula: {
      en: 'From creation to the first answer that a person gave and the requester could read. Confirmations by the program do not count, nor do the opening words of a ticket that an agent opened; a resolution that was told does. Median, 90th percentile and mean.',
      de: 'Von der Erstellung bis zur ersten Antwort eines Menschen, die die anfragende Person lesen konnte. Automatische Bestätigungen zählen nicht, ebenso wenig der Anfangstext eines intern eröffneten Tickets; eine mitgeteilte Lösung zählt. Median, 90. Perzentil und Mittelwert.',
    },
    measure: sql`f.answer_seconds`,
  },
  {
    key: 'resolution',
    group: 'speed',
    unit: 'duration',
    better: 'less',
    of: 'resolved',
    name: { en: 'Resolution, as the customer sees it', de: 'Lösung aus Kundensicht' },
    formula: {
      en: 'From creation to the last resolution; time set aside is part of it. Median, 90th percentile and mean.',
      de: 'Von der Erstellung bis zur letzten Lösung; zurückgestellte Zeit gehört dazu. Median, 90. Perzentil und Mittelwert.',
    },
    measure: sql`f.resolution_seconds`,
  },
  {
    key: 'resolution-desk',
    group: 'speed',
    unit: 'duration',
    better: 'less',
    of: 'resolved',
    name: { en: 'Resolution, as the desk sees it', de: 'Lösung aus Sicht des Service-Desks' },
    formula: {
      en: 'The time until the last resolution in which the ticket was new or in progress; time set aside, or resolved for a while, is not part of it. Median, 90th percentile and mean.',
      de: 'Die Zeit bis zur letzten Lösung, in der das Ticket neu oder in Arbeit war; zurückgestellte oder zwischenzeitlich gelöste Zeit gehört nicht dazu. Median, 90. Perzentil und Mittelwert.',
    },
    measure: sql`f.open_seconds`,
  },
  {
    key: 'reopened',
    group: 'quality',
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
    group: 'quality',
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
    group: 'quality',
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
