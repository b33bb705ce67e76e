import type { Chance } from './chance.ts'
import { firstName, type PersonPlan } from './people-plan.ts'
import { provider, type StaffPlan } from './provider.ts'

/** How people of the sample company write: greeting, close, signature. `shown` leaves the signature away, as the reader folds it. */
export type Letter = { body: string; shown: string }

const greetings = {
  en: ['Hi,', 'Hello,', 'Good morning,', 'Hello team,', 'Dear service desk,', 'Hi all,', ''],
  de: ['Hallo,', 'Guten Tag,', 'Guten Morgen,', 'Hallo zusammen,', 'Liebes IT-Team,', 'Moin,', ''],
}
const closes = {
  en: ['Thanks', 'Many thanks', 'Kind regards', 'Best regards', 'Thank you', 'Regards'],
  de: ['Danke', 'Vielen Dank', 'Viele Grüße', 'Mit freundlichen Grüßen', 'Beste Grüße', 'Danke und Gruß'],
}

export function requesterMail(person: PersonPlan, text: string, language: 'en' | 'de', chance: Chance): Letter {
  const greeting = chance.pick(greetings[language])
  const shown = `${greeting === '' ? '' : `${greeting}\n\n`}${text}\n\n${chance.pick(closes[language])}\n${firstName(person.name)}`
  return { body: `${shown}\n\n-- \n${signature(person)}`, shown }
}

const signature = (person: PersonPlan): string =>
  `${person.name}\n${person.department}\n${person.organisation.name}, ${person.site.name}\n${person.phones[0]?.number ?? ''}`

/** Short answers have no greeting. */
export function requesterReply(person: PersonPlan, text: string, language: 'en' | 'de', chance: Chance): Letter {
  const shown = chance.is(0.4) ? `${text}\n\n${chance.pick(closes[language])}\n${firstName(person.name)}` : text
  return { body: shown, shown }
}

export function phoneNote(person: PersonPlan, text: string, language: 'en' | 'de'): Letter {
  const by =
    language === 'de'
      ? `Anruf von ${person.name} (${person.phones[0]?.number ?? '-'}):`
      : `Call from ${person.name} (${person.phones[0]?.number ?? '-'}):`
  const body = `${by}\n\n${text}`
  return { body, shown: body }
}

export function agentMail(agent: StaffPlan, person: { name: string }, text: string, language: 'en' | 'de', chance: Chance): Letter {
  const hello =
    language === 'de'
      ? chance.pick([`Guten Tag ${person.name},`, `Hallo ${person.name},`])
      : chance.pick([`Hello ${firstName(person.name)},`, `Hi ${firstName(person.name)},`])
  const bye =
    language === 'de'
      ? chance.pick(['Viele Grüße', 'Freundliche Grüße', 'Beste Grüße'])
      : chance.pick(['Kind regards', 'Best regards', 'All the best'])
  const shown = `${hello}\n\n${text}\n\n${bye}\n${agent.name}`
  return { body: `${shown}\n${provider.name}, ${provider.phone}`, shown }
}

/** What is said between the lines of a telling. */
export const interim = {
  en: [
    'Thank you, I can see it from here as well and am on it. I will write again as soon as I know more.',
    'Thanks for the clear description. I am looking into it now.',
    'I have taken this over and will come back to you today.',
    'Got it. I need to check something on the server first and will write afterwards.',
    'I will be with you in a moment, please leave it as it is.',
  ],
  de: [
    'Danke, ich sehe es von hier aus auch und bin dran. Ich melde mich, sobald ich mehr weiß.',
    'Danke für die genaue Beschreibung. Ich sehe es mir jetzt an.',
    'Ich habe das übernommen und melde mich heute noch.',
    'Ist angekommen. Ich muss zuerst auf dem Server etwas prüfen und schreibe danach.',
    'Ich kümmere mich gleich darum, bitte alles so lassen, wie es ist.',
  ],
}
export const thanks = {
  incident: {
    en: [
      'Works again, thank you!',
      'Perfect, that did it. Thanks.',
      'All good now, thank you for the quick help.',
      'Tried it just now: it works. Thanks a lot.',
      'Yes, that was it. Cheers.',
      'Confirmed, it is fine again.',
      'Thank you, I can carry on working.',
      'Back to normal here. Thanks!',
    ],
    de: [
      'Läuft wieder, vielen Dank!',
      'Perfekt, das war es. Danke.',
      'Alles gut jetzt, danke für die schnelle Hilfe.',
      'Gerade probiert: geht. Herzlichen Dank.',
      'Ja, genau das war es.',
      'Bestätigt, ist wieder in Ordnung.',
      'Danke, ich kann weiterarbeiten.',
      'Hier ist alles wieder normal. Danke!',
    ],
  },
  request: {
    en: [
      'Great, thank you.',
      'Perfect, just what I needed.',
      'That was quick, many thanks.',
      'Thank you, all there.',
      'Got it, thanks for the explanation too.',
    ],
    de: [
      'Super, danke schön.',
      'Perfekt, genau das habe ich gebraucht.',
      'Das ging schnell, vielen Dank.',
      'Danke, ist alles da.',
      'Angekommen, danke auch für die Erklärung.',
    ],
  },
}
export const withdrawn = {
  en: [
    'This has settled itself, you can close it. Sorry for the trouble.',
    'Please ignore, a colleague has helped me already.',
    'No longer needed, the meeting is off. Thank you!',
  ],
  de: [
    'Hat sich erledigt, kann geschlossen werden. Entschuldigung für die Mühe.',
    'Bitte ignorieren, eine Kollegin hat mir schon geholfen.',
    'Wird nicht mehr gebraucht, der Termin fällt aus. Danke!',
  ],
}
/** Hand-off notes by the team that takes over: what was found, what is expected. */
export const handoffs: Record<string, { en: string[]; de: string[] }> = {
  workplace: {
    en: [
      'Needs somebody at the device. {first} can be reached on {phone} and expects word today.',
      'Looked at it remotely as far as that goes; the rest needs hands, or stock. Please take over.',
      'Asked the first questions, all in the thread. Device side is yours from here.',
    ],
    de: [
      'Da muss jemand ans Gerät. {first} ist unter {phone} erreichbar und rechnet heute mit einer Nachricht.',
      'Aus der Ferne angesehen, soweit es geht; der Rest braucht Hände oder Bestand. Bitte übernehmen.',
      'Erste Fragen geklärt, steht alles im Verlauf. Ab hier ist es eure Geräteseite.',
    ],
  },
  apps: {
    en: [
      'Computer and account are in order, it is inside the application. Please take over.',
      'Tried it with my own sign-in, same result. Needs somebody who knows the application from within.',
      '{first} can carry on with other work for now, but is waiting for this. Not solvable with our rights.',
    ],
    de: [
      'Rechner und Konto sind in Ordnung, es liegt in der Anwendung. Bitte übernehmen.',
      'Mit meiner Anmeldung probiert, gleiches Ergebnis. Braucht jemanden, der die Anwendung von innen kennt.',
      '{first} kann vorerst anderes tun, wartet aber darauf. Mit unseren Rechten nicht lösbar.',
    ],
  },
  network: {
    en: [
      'Computer ruled out, so it is the line or something on it. Place and time are in the ticket, please look from your side.',
      'For you: needs rights on network gear. {first} is reachable on {phone}.',
      'Checked what we can see from the desk, nothing odd on the device. Please take over.',
    ],
    de: [
      'Rechner ausgeschlossen, also Leitung oder etwas darauf. Ort und Zeit stehen im Ticket, bitte von eurer Seite ansehen.',
      'Für euch: braucht Rechte an der Netztechnik. {first} ist unter {phone} erreichbar.',
      'Geprüft, was wir vom Service Desk aus sehen, am Gerät nichts Auffälliges. Bitte übernehmen.',
    ],
  },
  servers: {
    en: [
      'Needs server rights. Description is complete, I have not changed anything.',
      'Not on the workstation: same from another computer. Please look at the server side.',
      '{first} needs it today if possible. All facts are in the first message.',
    ],
    de: [
      'Braucht Serverrechte. Beschreibung ist vollständig, ich habe nichts verändert.',
      'Nicht am Arbeitsplatz: von einem anderen Rechner genauso. Bitte serverseitig ansehen.',
      '{first} braucht es möglichst heute. Alles Nötige steht in der ersten Nachricht.',
    ],
  },
  security: {
    en: [
      'For your judgement before anybody does anything. I told {first} to leave everything as it is.',
      'Security question, so straight to you. {first} can be reached on {phone}.',
    ],
    de: [
      'Bitte um eure Einschätzung, bevor jemand etwas unternimmt. {first} weiß, dass alles bleibt, wie es ist.',
      'Sicherheitsfrage, deshalb gleich zu euch. {first} ist unter {phone} erreichbar.',
    ],
  },
}
export const waits = {
  'waiting-vendor': {
    en: [
      'The manufacturer has taken the case (their reference ends in {nn}7). They want {n} working days; I write as soon as they answer.',
      'The part is ordered, delivery is announced for {next}. Until then please use the loan from reception.',
      'I have sent the logs to the vendor and asked for a call back today. I keep at it.',
    ],
    de: [
      'Der Hersteller hat den Fall angenommen (deren Nummer endet auf {nn}7). Er will {n} Arbeitstage; ich schreibe, sobald Antwort da ist.',
      'Das Teil ist bestellt, Lieferung angekündigt für den {next}. Bis dahin bitte das Leihgerät vom Empfang nehmen.',
      'Ich habe dem Hersteller die Protokolle geschickt und um Rückruf heute gebeten. Ich bleibe dran.',
    ],
  },
  'waiting-approval': {
    en: [
      'I have asked {manager} for approval; as soon as it is there I go on.',
      'This costs money, so {manager} has to agree first. I have written to them.',
    ],
    de: [
      'Ich habe {manager} um Freigabe gebeten; sobald sie da ist, geht es weiter.',
      'Das kostet Geld, deshalb muss {manager} zuerst zustimmen. Ich habe geschrieben.',
    ],
  },
  scheduled: {
    en: [
      'We do this on {next} before work starts, so that nobody is disturbed. Please leave {device} switched on and plugged in the evening before.',
      'I come by on {next} with the part and need about half an hour at your desk.',
    ],
    de: [
      'Wir machen das am {next} vor Arbeitsbeginn, damit niemand gestört wird. Bitte {device} am Abend vorher an und am Netz lassen.',
      'Ich komme am {next} mit dem Teil vorbei und brauche etwa eine halbe Stunde an Ihrem Platz.',
    ],
  },
}
