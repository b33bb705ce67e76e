/**
 * What may be filled in, per kind of mail, and our own words to begin with. The server fills and decides; this says the
 * same beforehand, so that a slip is seen while one types.
 */
export const kinds = ['acknowledgement', 'resolved', 'reply', 'signature'] as const
export type WordingKind = (typeof kinds)[number]

export const variables: Record<WordingKind, readonly string[]> = {
  acknowledgement: ['name', 'number', 'subject', 'hours', 'company'],
  resolved: ['name', 'number', 'subject', 'resolution', 'days', 'company'],
  reply: ['text', 'name', 'number', 'subject', 'agent', 'company'],
  signature: ['agent', 'company', 'number'],
}

export const ownWords: Record<WordingKind, { en: string; de: string }> = {
  acknowledgement: {
    en: 'Hello {{name}},\n\nyour request "{{subject}}" has arrived and has the number {{number}}.\n\nWhat happens next: somebody of our team reads it and writes to you. To add something, answer this mail.\n\n{{hours}}\n\n{{company}}',
    de: 'Guten Tag {{name}},\n\nIhre Anfrage „{{subject}}“ ist angekommen und hat die Nummer {{number}}.\n\nWie es weitergeht: Jemand aus unserem Team liest sie und schreibt Ihnen. Wenn Sie etwas ergänzen möchten, antworten Sie auf diese E-Mail.\n\n{{hours}}\n\n{{company}}',
  },
  resolved: {
    en: 'Hello {{name}},\n\nwe have marked your request {{number}} "{{subject}}" as solved.\n\n{{resolution}}\n\nPlease tell us below whether it works. If we do not hear from you, the request closes by itself after {{days}} days.\n\n{{company}}',
    de: 'Guten Tag {{name}},\n\nwir haben Ihre Anfrage {{number}} „{{subject}}“ als gelöst vermerkt.\n\n{{resolution}}\n\nBitte sagen Sie uns unten, ob es nun geht. Wenn wir nichts von Ihnen hören, schließt sich die Anfrage nach {{days}} Tagen von selbst.\n\n{{company}}',
  },
  reply: { en: '{{text}}', de: '{{text}}' },
  signature: { en: '{{agent}}\n{{company}}', de: '{{agent}}\n{{company}}' },
}

const marks = /\{\{\s*([a-z]+)\s*\}\}/g
export const filled = (template: string, values: Record<string, string>): string =>
  template.replace(marks, (whole, name: string) => values[name] ?? whole)
export const unknownIn = (kind: WordingKind, template: string): string[] =>
  [...template.matchAll(marks)].filter((m) => !variables[kind].includes(m[1] ?? '')).map((m) => m[0])
