import { codeMinutes } from './rules.ts'

/** What the caller and the manager are told, each in their own language. */
type Language = 'en' | 'de'

export const codeWords = (language: Language, company: string, name: string, code: string) =>
  language === 'de'
    ? {
        subject: `Ihr Code für ${company}`,
        body: `Guten Tag ${name},\n\njemand vom Support möchte am Telefon sicher sein, mit wem er spricht. Der Code:\n\n${code}\n\nEr gilt ${codeMinutes} Minuten. Lesen Sie ihn nur vor, wenn Sie gerade selbst mit uns telefonieren. Haben Sie nicht angerufen, dann geben Sie ihn niemandem und melden Sie sich bei uns.`,
      }
    : {
        subject: `Your code for ${company}`,
        body: `Hello ${name},\n\nsomebody at support wants to be sure who is on the phone. The code:\n\n${code}\n\nIt holds for ${codeMinutes} minutes. Read it out only while you are on the phone with us. If you did not call, give it to nobody and tell us.`,
      }

export const smsWords = (language: Language, company: string, code: string): string =>
  language === 'de'
    ? `${company}: Ihr Code ist ${code}. Nur vorlesen, wenn Sie gerade mit uns telefonieren.`
    : `${company}: your code is ${code}. Read it out only if you are on the phone with us.`

export const managerWords = (language: Language, company: string, manager: string, person: string, agent: string) =>
  language === 'de'
    ? {
        subject: `Ist das ${person}?`,
        body: `Guten Tag ${manager},\n\n${person} hat bei ${company} angerufen und bittet um etwas, wofür wir sicher sein müssen, mit wem wir sprechen. ${agent} bittet um Ihr Wort. Fragen Sie bei ${person} nach, ob der Anruf echt ist, und antworten Sie dann hier:`,
        label: 'Ansehen und antworten',
      }
    : {
        subject: `Is this ${person}?`,
        body: `Hello ${manager},\n\n${person} called ${company} and asks for something that needs us to be sure who we speak to. ${agent} asks for your word. Ask ${person} whether the call is real, then answer here:`,
        label: 'Look and answer',
      }
