import { catalogue } from '../../kernel/i18n.ts'

export const offerTexts = catalogue({
  en: {
    theirs: '{name} offers a draft',
    'kind-reply': 'Reply',
    'kind-note': 'Internal note',
    'kind-phone': 'Phone entry',
    files: { one: '{count} file', other: '{count} files' },
    read: 'Read',
    hide: 'Hide',
    take: 'Take over',
    taken: 'The draft is yours now, and you are who sends it',
    offer: 'Offer to colleagues',
    offered: 'Colleagues see this draft and can take it over.',
    stop: 'Keep it to myself',
  },
  de: {
    theirs: '{name} bietet einen Entwurf an',
    'kind-reply': 'Antwort',
    'kind-note': 'Interne Notiz',
    'kind-phone': 'Telefonnotiz',
    files: { one: '{count} Datei', other: '{count} Dateien' },
    read: 'Lesen',
    hide: 'Zuklappen',
    take: 'Übernehmen',
    taken: 'Der Entwurf gehört jetzt Ihnen, und Sie senden ihn',
    offer: 'Anderen anbieten',
    offered: 'Andere im Desk sehen diesen Entwurf und können ihn übernehmen.',
    stop: 'Für mich behalten',
  },
})
