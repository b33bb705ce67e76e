import { catalogue } from '../../kernel/i18n.ts'

export const reachTexts = catalogue({
  en: {
    place: 'Contact',
    title: 'How to reach us',
    lead: 'By phone, by a request here, and in an emergency.',
    phone: 'By phone',
    call: 'Call {number}',
    noNumbers: 'No number is entered yet. Ask here instead:',
    write: 'Ask here',
    emergency: 'In an emergency',
    usual:
      'Call. Outside our hours a machine asks a few short questions, and whoever is on call is woken when it cannot wait. Say your name, where you are and what has happened.',
    without: 'Write it here and say who is affected and whether they can work. A call is faster where there is a number.',
  },
  de: {
    place: 'Kontakt',
    title: 'So sind wir erreichbar',
    lead: 'Am Telefon, mit einer Anfrage hier und im Notfall.',
    phone: 'Am Telefon',
    call: '{number} anrufen',
    noNumbers: 'Noch ist keine Nummer eingetragen. Hier lässt sich eine Anfrage stellen:',
    write: 'Anfrage stellen',
    emergency: 'Im Notfall',
    usual:
      'Anrufen. Außerhalb unserer Zeiten stellt eine Maschine ein paar kurze Fragen, und die Bereitschaft wird geweckt, wenn es nicht warten kann. Bitte Namen und Ort nennen und sagen, was passiert ist.',
    without: 'Hier schreiben, wer betroffen ist und ob die Arbeit weitergeht. Ein Anruf ist schneller, wo es eine Nummer gibt.',
  },
})
