import type { Notice } from '../../../contract/notices.ts'
import type { Letter } from './rules.ts'

/** What is told of the desk itself, in words. Never a password, a token or a server's address: only that they changed. */
export type DeskAbout = NonNullable<Notice['about']>
export type DeskFacts = { mailbox?: string; days?: number; fields?: readonly string[]; what?: 'changed' | 'archived' | 'relay' }

type Words = {
  subject: Record<DeskAbout, (facts: DeskFacts & { by: string }) => string>
  text: Record<DeskAbout, (facts: DeskFacts & { by: string }) => string>
  field: Record<string, string>
  look: string
}

const days = (n: number, one: string, many: string) => (n === 1 ? one : `${n} ${many}`)

const words: Record<'en' | 'de', Words> = {
  en: {
    subject: {
      'mailbox-failing': ({ mailbox }) => `The mailbox ${mailbox} cannot be read`,
      'mailbox-disconnected': ({ mailbox }) => `The mailbox ${mailbox} is no longer connected`,
      'mailbox-expiring': ({ mailbox, days: n = 0 }) => `The sign-in of ${mailbox} ends in ${days(n, 'one day', 'days')}`,
      'mail-routing': ({ mailbox, what }) =>
        what === 'relay' ? 'Mail goes out another way now' : `The ways of the mailbox ${mailbox} were changed`,
      'mail-quarantined': () => 'Mail waits in quarantine',
      'mail-delayed': () => 'Mail goes out late',
      'webhook-off': () => 'A webhook was switched off',
      'rule-off': () => 'A rule was switched off',
      'rule-paused': () => 'A rule was paused',
      'on-call-gap': () => 'Nobody is on call in the days ahead',
      'shift-changed': () => 'A shift of yours was changed',
      'swap-offered': () => 'A shift is offered to you',
      'swap-answered': () => 'Your swap was answered',
      handover: () => 'A handover note for you',
      'page-unreached': () => 'A page reaches nobody',
      'pager-silent': () => 'The pager did not run',
      'source-silent': () => 'A source of alerts is silent',
    },
    text: {
      'mailbox-failing': () => 'For five minutes no try has succeeded. No mail is lost: it waits on the server.',
      'mailbox-disconnected': () =>
        'Its provider refuses the sign-in. Until somebody connects it again, no mail comes in and none goes out by it.',
      'mailbox-expiring': () =>
        'Make a new client secret and enter it at the mailbox with its date, or connect the mailbox again. After that day no mail comes in and none goes out by it.',
      'mail-routing': ({ fields = [], by, what }) =>
        what === 'relay'
          ? 'SMTP_URL names another server or user than before. If nobody of you did that, look at the machine at once.'
          : what === 'archived'
            ? `${by} archived it: its mail is no longer taken. If that should not be, look at once.`
            : `${by} changed: ${fields.join(', ')}. If that should not be, look at once.`,
      'mail-quarantined': () => 'It is held back until somebody looks at it.',
      'mail-delayed': () => 'The server outside has not taken it for a quarter of an hour. It is tried again.',
      'webhook-off': () => 'Its receiver took nothing for 72 hours, or said that it is gone. What waits is kept for seven days.',
      'rule-off': () => 'It refers to something that is no longer there.',
      'rule-paused': () => 'It took more than twenty steps on one ticket within an hour.',
      'on-call-gap': () => 'The rota has a hole. Put somebody in before it matters.',
      'shift-changed': () => 'The rota says when you are on call now.',
      'swap-offered': () => 'It changes hands when you agree.',
      'swap-answered': () => 'The rota shows what holds now.',
      handover: () => 'Confirm that you have read it.',
      'page-unreached': () => 'Neither those on call nor the catch-all can be told. Look at the page, and at their ways in their profiles.',
      'pager-silent': () =>
        'For more than a minute nobody would have been paged. What was due has gone out late. Look why the program stood still.',
      'source-silent': () =>
        'It used to speak at its intervals. Until it does again, nothing that it watches wakes anybody. Look whether it runs and reaches this desk.',
    },
    field: {
      name: 'the name of the sender',
      address: 'the address',
      way: 'how its mail gets here',
      secret: 'the password or client secret',
      consent: 'the sign-in at the provider',
      'connection.host': 'the server',
      'connection.port': 'the port',
      'connection.secure': 'the encryption',
      'connection.user': 'the user',
      'connection.folder': 'the folder',
      'connection.tenant': 'the directory',
      'connection.clientId': 'the app registration',
      'connection.sendHost': 'the server for outgoing mail',
      'connection.sendPort': 'the port for outgoing mail',
      'connection.sends': 'by which way its mail goes out',
      'connection.secretExpiresOn': 'the date of the client secret',
    },
    look: 'Look at it',
  },
  de: {
    subject: {
      'mailbox-failing': ({ mailbox }) => `Das Postfach ${mailbox} lässt sich nicht lesen`,
      'mailbox-disconnected': ({ mailbox }) => `Das Postfach ${mailbox} ist nicht mehr verbunden`,
      'mailbox-expiring': ({ mailbox, days: n = 0 }) => `Die Anmeldung von ${mailbox} endet in ${days(n, 'einem Tag', 'Tagen')}`,
      'mail-routing': ({ mailbox, what }) =>
        what === 'relay' ? 'Mail geht jetzt einen anderen Weg hinaus' : `Die Wege des Postfachs ${mailbox} wurden geändert`,
      'mail-quarantined': () => 'Mail wartet in der Quarantäne',
      'mail-delayed': () => 'Mail geht verspätet hinaus',
      'webhook-off': () => 'Ein Webhook wurde abgeschaltet',
      'rule-off': () => 'Eine Regel wurde abgeschaltet',
      'rule-paused': () => 'Eine Regel wurde angehalten',
      'on-call-gap': () => 'In den nächsten Tagen hat niemand Bereitschaft',
      'shift-changed': () => 'Eine Ihrer Schichten wurde geändert',
      'swap-offered': () => 'Ihnen wird eine Schicht angeboten',
      'swap-answered': () => 'Ihr Tausch wurde beantwortet',
      handover: () => 'Eine Übergabe für Sie',
      'page-unreached': () => 'Ein Alarm erreicht niemanden',
      'pager-silent': () => 'Die Alarmierung lief nicht',
      'source-silent': () => 'Eine Alarmquelle schweigt',
    },
    text: {
      'mailbox-failing': () => 'Seit fünf Minuten ist kein Versuch gelungen. Es geht keine Mail verloren: Sie wartet auf dem Server.',
      'mailbox-disconnected': () =>
        'Sein Anbieter lehnt die Anmeldung ab. Bis jemand es neu verbindet, kommt keine Mail herein und keine über das Postfach hinaus.',
      'mailbox-expiring': () =>
        'Erzeugen Sie einen neuen Clientschlüssel und tragen Sie ihn mit seinem Datum beim Postfach ein, oder verbinden Sie das Postfach neu. Nach diesem Tag kommt keine Mail herein und keine über das Postfach hinaus.',
      'mail-routing': ({ fields = [], by, what }) =>
        what === 'relay'
          ? 'SMTP_URL nennt einen anderen Server oder Benutzer als zuvor. Wenn das niemand von Ihnen war, sehen Sie gleich auf der Maschine nach.'
          : what === 'archived'
            ? `${by} hat es archiviert: Mail dorthin wird nicht mehr angenommen. Wenn das nicht sein soll, sehen Sie gleich nach.`
            : `${by} hat geändert: ${fields.join(', ')}. Wenn das nicht sein soll, sehen Sie gleich nach.`,
      'mail-quarantined': () => 'Sie bleibt liegen, bis jemand sie ansieht.',
      'mail-delayed': () => 'Der Server draußen nimmt sie seit einer Viertelstunde nicht an. Es wird weiter versucht.',
      'webhook-off': () =>
        'Sein Empfänger hat 72 Stunden lang nichts angenommen oder sich abgemeldet. Was wartet, bleibt sieben Tage liegen.',
      'rule-off': () => 'Sie braucht etwas, das es nicht mehr gibt.',
      'rule-paused': () => 'Sie hat in einem Ticket binnen einer Stunde mehr als zwanzig Schritte getan.',
      'on-call-gap': () => 'Der Dienstplan hat eine Lücke. Bitte rechtzeitig jemanden eintragen.',
      'shift-changed': () => 'Im Dienstplan steht, wann Sie jetzt Bereitschaft haben.',
      'swap-offered': () => 'Sie wechselt erst, wenn Sie zustimmen.',
      'swap-answered': () => 'Im Dienstplan steht, was jetzt gilt.',
      handover: () => 'Bitte bestätigen, dass Sie sie gelesen haben.',
      'page-unreached': () =>
        'Weder die Bereitschaft noch die Auffangstelle ist zu erreichen. Bitte den Alarm ansehen und die Wege in den Profilen.',
      'pager-silent': () =>
        'Länger als eine Minute wäre niemand alarmiert worden. Was fällig war, ging verspätet hinaus. Bitte nachsehen, warum das Programm stand.',
      'source-silent': () =>
        'Sie meldete sich bisher in ihrem Takt. Bis sie es wieder tut, weckt nichts, was sie überwacht, irgendjemanden. Bitte nachsehen, ob sie läuft und hierher durchkommt.',
    },
    field: {
      name: 'den Namen des Absenders',
      address: 'die Adresse',
      way: 'wie seine Mail hierher kommt',
      secret: 'das Passwort oder den Clientschlüssel',
      consent: 'die Anmeldung beim Anbieter',
      'connection.host': 'den Server',
      'connection.port': 'den Port',
      'connection.secure': 'die Verschlüsselung',
      'connection.user': 'den Benutzer',
      'connection.folder': 'den Ordner',
      'connection.tenant': 'das Verzeichnis',
      'connection.clientId': 'die App-Registrierung',
      'connection.sendHost': 'den Server für ausgehende Mail',
      'connection.sendPort': 'den Port für ausgehende Mail',
      'connection.sends': 'auf welchem Weg seine Mail hinausgeht',
      'connection.secretExpiresOn': 'das Datum des Clientschlüssels',
    },
    look: 'Ansehen',
  },
}

/** What of a mailbox decides where mail comes from, goes to and in whose name. */
export const isRouting = (field: string): boolean => field in words.en.field

const places: Record<DeskAbout, string> = {
  'mailbox-failing': '/mail?tab=mailboxes',
  'mailbox-disconnected': '/mail?tab=mailboxes',
  'mailbox-expiring': '/mail?tab=mailboxes',
  'mail-routing': '/mail?tab=mailboxes',
  'mail-quarantined': '/mail?verdict=quarantined',
  'mail-delayed': '/mail?tab=outbox',
  'webhook-off': '/automation?tab=webhooks',
  'rule-off': '/automation',
  'rule-paused': '/automation',
  'on-call-gap': '/on-call',
  'shift-changed': '/on-call',
  'swap-offered': '/on-call',
  'swap-answered': '/on-call',
  handover: '/on-call',
  'page-unreached': '/pages',
  'pager-silent': '/health',
  'source-silent': '/settings/alert-sources',
}

/** In one line, and where one does something about it. */
export const deskMatter = (about: DeskAbout, language: 'en' | 'de'): { says: string; path: string } => ({
  says: words[language].subject[about]({ by: '' }),
  path: places[about],
})

export function deskLetter(about: DeskAbout, facts: DeskFacts & { by: string }, language: 'en' | 'de', baseUrl: string): Letter {
  const say = words[language]
  const said = { ...facts, fields: (facts.fields ?? []).map((field) => say.field[field] ?? field) }
  const address = `${baseUrl}${places[about]}`
  const body = say.text[about](said)
  return {
    subject: say.subject[about](said),
    text: `${say.subject[about](said)}.\n\n${body}\n\n${say.look}: ${address}\n`,
    html: `<p><strong>${asHtml(say.subject[about](said))}.</strong></p>\n<p>${asHtml(body)}</p>\n<p><a href="${asHtml(address)}">${asHtml(say.look)}</a></p>`,
  }
}

const asHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
