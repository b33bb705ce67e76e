/**
 * The words of our own mails, in both languages. No logic in templates: {{name}} is replaced once by a value of the
 * kind's allow-list, the result is never looked at again, and what is not on the list stays as it is written
 * (abuse cases J-116 to J-118).
 */
export type Language = 'en' | 'de'
export type Wording = Partial<Record<string, Partial<Record<Language, string>>>>
export type Values = Record<string, string>

export const allowed: Record<string, readonly string[]> = {
  acknowledgement: ['number', 'subject', 'name', 'hours', 'company'],
  resolved: ['number', 'subject', 'name', 'company', 'resolution', 'days'],
  reply: ['text', 'number', 'subject', 'name', 'company', 'agent'],
  signature: ['agent', 'company', 'number'],
}

export function fill(kind: string, template: string, values: Values): string {
  const names = allowed[kind] ?? []
  return template.replace(/\{\{\s*([a-z]+)\s*\}\}/g, (whole, name: string) =>
    names.includes(name) && Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  )
}

export const built: Record<string, Record<Language, string>> = {
  acknowledgement: {
    en: 'Hello {{name}},\n\nyour request "{{subject}}" has arrived and has the number {{number}}.\n\nWhat happens next: somebody of our team reads it and writes to you. To add something, answer this mail.\n\n{{hours}}\n\n{{company}}',
    de: 'Guten Tag {{name}},\n\nIhre Anfrage „{{subject}}“ ist angekommen und hat die Nummer {{number}}.\n\nWie es weitergeht: Jemand aus unserem Team liest sie und schreibt Ihnen. Wenn Sie etwas ergänzen möchten, antworten Sie auf diese E-Mail.\n\n{{hours}}\n\n{{company}}',
  },
  // To an address that nobody has proved to own: not a word of what came from there (C-035).
  'acknowledgement-unverified': {
    en: 'Hello,\n\na request from this address has arrived and has the number {{number}}.\n\nWhat happens next: somebody of our team reads it and writes to you. To add something, answer this mail. If you did not write to us, you need do nothing.\n\n{{hours}}\n\n{{company}}',
    de: 'Guten Tag,\n\neine Anfrage von dieser Adresse ist angekommen und hat die Nummer {{number}}.\n\nWie es weitergeht: Jemand aus unserem Team liest sie und schreibt Ihnen. Wenn Sie etwas ergänzen möchten, antworten Sie auf diese E-Mail. Wenn Sie uns nicht geschrieben haben, müssen Sie nichts tun.\n\n{{hours}}\n\n{{company}}',
  },
  resolved: {
    en: 'Hello {{name}},\n\nwe have marked your request {{number}} "{{subject}}" as solved.\n\n{{resolution}}\n\nPlease tell us below whether it works. If we do not hear from you, the request closes by itself after {{days}} days.\n\n{{company}}',
    de: 'Guten Tag {{name}},\n\nwir haben Ihre Anfrage {{number}} „{{subject}}“ als gelöst vermerkt.\n\n{{resolution}}\n\nBitte sagen Sie uns unten, ob es nun geht. Wenn wir nichts von Ihnen hören, schließt sich die Anfrage nach {{days}} Tagen von selbst.\n\n{{company}}',
  },
  reply: { en: '{{text}}', de: '{{text}}' },
  signature: { en: '{{agent}}\n{{company}}', de: '{{agent}}\n{{company}}' },
}

/** The mailbox's own wording where it has one; an empty one counts as none. */
export function wordingOf(kind: string, language: Language, own: Wording = {}): string {
  const changed = own[kind]?.[language]?.trim()
  return changed ? changed : (built[kind]?.[language] ?? '')
}

export const phrases = {
  en: {
    footer: (number: string) => `Request ${number}. To answer, reply to this mail.`,
    received: (number: string) => `We received your request ${number}`,
    receivedSubject: (subject: string, tag: string) => `Received: ${subject} ${tag}`,
    resolvedSubject: (subject: string, tag: string) => `Solved: ${subject} ${tag}`,
    merged: (from: string, into: string) => `Your request ${from} goes on as ${into}`,
    mergedText: (name: string, from: string, into: string, company: string) =>
      `Hello${name ? ` ${name}` : ''},\n\nyour request ${from} is about the same as another one. Both go on together as number ${into}. You need do nothing: answers to earlier mails still reach us.\n\n${company}`,
    solved: 'Solved',
    stillBroken: 'Still broken',
    signIn: 'Sign in',
    signInSubject: (company: string) => `Your sign-in link for ${company}`,
    signInText: (name: string, until: string) =>
      `Hello ${name},\n\nwith this link you sign in. It works once, until ${until}. If you did not ask for it, you need do nothing.`,
    invitation: 'Begin',
    invitationSubject: (company: string) => `You are invited to ${company}`,
    invitationText: (name: string, until: string) =>
      `Hello ${name},\n\nyou have been invited. With this link you set up your account. It works once, until ${until}.`,
    reset: 'Set a new password',
    resetSubject: (company: string) => `A new password for ${company}`,
    resetText: (name: string, until: string) =>
      `Hello ${name},\n\nwith this link you set a new password. It works once, until ${until}. If you did not ask for it, you need do nothing: the old one stays.`,
    testSubject: 'Test of this mailbox',
    testText: 'Firstline sent this mail to itself, to see that mail to this mailbox arrives. You can delete it.',
  },
  de: {
    footer: (number: string) => `Anfrage ${number}. Zum Antworten genügt eine Antwort auf diese E-Mail.`,
    received: (number: string) => `Ihre Anfrage ${number} ist angekommen`,
    receivedSubject: (subject: string, tag: string) => `Angekommen: ${subject} ${tag}`,
    resolvedSubject: (subject: string, tag: string) => `Gelöst: ${subject} ${tag}`,
    merged: (from: string, into: string) => `Ihre Anfrage ${from} geht als ${into} weiter`,
    mergedText: (name: string, from: string, into: string, company: string) =>
      `Guten Tag${name ? ` ${name}` : ''},\n\nbei Ihrer Anfrage ${from} geht es um dasselbe wie bei einer anderen. Beide gehen zusammen unter der Nummer ${into} weiter. Sie müssen nichts tun: Antworten auf frühere E-Mails erreichen uns weiterhin.\n\n${company}`,
    solved: 'Gelöst',
    stillBroken: 'Geht noch nicht',
    signIn: 'Anmelden',
    signInSubject: (company: string) => `Ihr Anmelde-Link für ${company}`,
    signInText: (name: string, until: string) =>
      `Guten Tag ${name},\n\nmit diesem Link melden Sie sich an. Er gilt einmal, bis ${until}. Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun.`,
    invitation: 'Beginnen',
    invitationSubject: (company: string) => `Einladung zu ${company}`,
    invitationText: (name: string, until: string) =>
      `Guten Tag ${name},\n\nSie wurden eingeladen. Mit diesem Link richten Sie Ihr Konto ein. Er gilt einmal, bis ${until}.`,
    reset: 'Neues Passwort setzen',
    resetSubject: (company: string) => `Ein neues Passwort für ${company}`,
    resetText: (name: string, until: string) =>
      `Guten Tag ${name},\n\nmit diesem Link setzen Sie ein neues Passwort. Er gilt einmal, bis ${until}. Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun: Das alte bleibt.`,
    testSubject: 'Prüfung dieses Postfachs',
    testText:
      'Firstline hat diese E-Mail an sich selbst geschickt, um zu sehen, dass E-Mail an dieses Postfach ankommt. Sie kann gelöscht werden.',
  },
} as const
