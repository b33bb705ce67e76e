import { catalogue } from '../../kernel/i18n.ts'

export const searchTexts = catalogue({
  en: {
    title: 'Search and commands',
    placeholder: 'Words, a ticket number, a name or an address…',
    tickets: 'Tickets',
    people: 'People',
    organisations: 'Organisations',
    customers: 'Customers',
    commands: 'Commands',
    nothing: 'Nothing matches. Try fewer or other words.',
    partial: 'Only the newest 1,000 matches were ranked. More words narrow it down.',
    found: { one: '{count} result', other: '{count} results' },
    hint: 'to choose',
    openHint: 'to open',
  },
  de: {
    title: 'Suche und Befehle',
    placeholder: 'Wörter, eine Ticketnummer, ein Name oder eine Adresse…',
    tickets: 'Tickets',
    people: 'Personen',
    organisations: 'Organisationen',
    customers: 'Kunden',
    commands: 'Befehle',
    nothing: 'Nichts passt. Versuchen Sie weniger oder andere Wörter.',
    partial: 'Nur die neuesten 1.000 Treffer wurden gewertet. Mehr Wörter grenzen ein.',
    found: { one: '{count} Treffer', other: '{count} Treffer' },
    hint: 'zum Wählen',
    openHint: 'zum Öffnen',
  },
})
