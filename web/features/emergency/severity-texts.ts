import { catalogue } from '../../kernel/i18n.ts'

export const severityTexts = catalogue({
  en: {
    title: 'Outside the hours: how grave is it?',
    opens: 'The next working time begins {at}.',
    never: 'No working time is entered for this caller.',
    pages: 'Whoever is on call is paged when this is saved, unless it is solved at once.',
    waits: 'It waits until the next working day. Nobody is woken.',
    unsaid: 'Nobody is paged as yet.',
  },
  de: {
    title: 'Außerhalb der Zeiten: Wie schwer ist es?',
    opens: 'Die nächste Arbeitszeit beginnt {at}.',
    never: 'Für diesen Anruf ist keine Arbeitszeit eingetragen.',
    pages: 'Beim Speichern wird die Bereitschaft alarmiert, außer es ist gleich gelöst.',
    waits: 'Es wartet bis zum nächsten Arbeitstag. Niemand wird geweckt.',
    unsaid: 'Bisher wird niemand alarmiert.',
  },
})
