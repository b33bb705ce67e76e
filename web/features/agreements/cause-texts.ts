import { catalogue } from '../../kernel/i18n.ts'

export const causeTexts = catalogue({
  en: {
    title: 'Causes of missed targets',
    lead: 'Asked wherever a target was missed; the figures count them. What is archived stays with the tickets that name it.',
    new: 'New cause',
    edit: 'Rename {name}',
    archive: 'Archive {name}',
    archivedToast: '{name} is archived.',
    restored: '{name} can be chosen again.',
    archived: 'Archived causes',
    restore: 'Restore',
    saved: 'Cause saved',
    en: 'English name',
    de: 'German name',
  },
  de: {
    title: 'Ursachen verfehlter Ziele',
    lead: 'Gefragt wird danach, wo ein Ziel verfehlt wurde; die Kennzahlen zählen sie. Archivierte bleiben an den Tickets stehen, die sie nennen.',
    new: 'Neue Ursache',
    edit: '{name} umbenennen',
    archive: '{name} archivieren',
    archivedToast: '{name} ist archiviert.',
    restored: '{name} steht wieder zur Wahl.',
    archived: 'Archivierte Ursachen',
    restore: 'Wiederherstellen',
    saved: 'Ursache gespeichert',
    en: 'Englischer Name',
    de: 'Deutscher Name',
  },
})
