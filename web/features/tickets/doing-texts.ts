import { catalogue } from '../../kernel/i18n.ts'

/** The entries that other features add to a ticket's "More" menu (doings.tsx), by their key. */
export const doingTexts = catalogue({
  en: {
    snooze: 'Snooze for me…',
    pageOnCall: 'Page on-call…',
    tellManager: 'Tell the manager…',
    openLinked: 'Open a ticket from this one…',
    merge: 'Merge into another…',
    split: 'Split messages off…',
    toRequest: 'Make it a request…',
    toIncident: 'Make it an incident…',
  },
  de: {
    snooze: 'Für mich zurückstellen …',
    pageOnCall: 'Bereitschaft alarmieren …',
    tellManager: 'Der Leitung Bescheid sagen …',
    openLinked: 'Ticket aus diesem eröffnen …',
    merge: 'Mit anderem zusammenführen …',
    split: 'Nachrichten abtrennen …',
    toRequest: 'In Anfrage umwandeln …',
    toIncident: 'In Störung umwandeln …',
  },
})
