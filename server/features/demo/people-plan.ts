import type { Chance } from './chance.ts'
import { type OrganisationPlan, organisations, type SitePlan } from './organisations.ts'
import { mailName, origins } from './people-names.ts'

/** The people of the customers, before they are in the database, some with a part in the told stories. */
export type PersonPlan = {
  key: string
  name: string
  email: string
  organisation: OrganisationPlan
  site: SitePlan
  department: string
  head: boolean
  language: 'en' | 'de'
  phones: { kind: 'work' | 'mobile'; number: string }[]
  specialHandling: string
}

type Cast = {
  key: string
  name: string
  organisation: string
  site: string
  department: string
  language: 'en' | 'de'
  head?: boolean
  specialHandling?: string
}

/** Those whom the stories and the cards name. */
export const cast: Cast[] = [
  {
    key: 'head-of-it',
    name: 'Adaora Okonjo',
    organisation: 'nordwind',
    site: 'hamburg',
    department: 'IT',
    language: 'en',
    head: true,
    specialHandling: 'Head of IT. Sees the tickets of all Nordwind people; tell her of outages first.',
  },
  {
    key: 'office-worker',
    name: 'Hazel Whitcombe',
    organisation: 'calderwren',
    site: 'manchester',
    department: 'Bid office',
    language: 'en',
  },
  {
    key: 'vip',
    name: 'Rosalind Thackeray-Moss',
    organisation: 'calderwren',
    site: 'london',
    department: 'Directors',
    language: 'en',
    head: true,
    specialHandling: 'Managing director. Call, do not write. Never ask her to restart twice; her assistant Imogen Farley arranges times.',
  },
  { key: 'vip-assistant', name: 'Imogen Farley', organisation: 'calderwren', site: 'london', department: 'Directors', language: 'en' },
  { key: 'plotter', name: 'Desmond Achebe', organisation: 'calderwren', site: 'leeds', department: 'Drawing office', language: 'en' },
  {
    key: 'plotter-lead',
    name: 'Caroline Hebblethwaite',
    organisation: 'calderwren',
    site: 'leeds',
    department: 'Drawing office',
    language: 'en',
    head: true,
  },
  { key: 'hr', name: 'Bronagh Delaney', organisation: 'calderwren', site: 'manchester', department: 'HR', language: 'en', head: true },
  {
    key: 'label-shift',
    name: 'Giuseppe Marchesi',
    organisation: 'nordwind',
    site: 'koeln',
    department: 'Lager',
    language: 'de',
    specialHandling: 'Leitet die Nachtschicht, unter der Hallennummer erreichbar von 22 bis 5 Uhr.',
  },
  { key: 'label-early', name: 'Svenja Klüver', organisation: 'nordwind', site: 'koeln', department: 'Lager', language: 'de', head: true },
  { key: 'phished', name: 'Torsten Behnke', organisation: 'nordwind', site: 'hamburg', department: 'Buchhaltung', language: 'de' },
  {
    key: 'accounts-lead',
    name: 'Wiebke Cordes',
    organisation: 'nordwind',
    site: 'hamburg',
    department: 'Buchhaltung',
    language: 'de',
    head: true,
  },
  { key: 'line-down', name: 'Milan Horváth', organisation: 'nordwind', site: 'frankfurt', department: 'Zoll', language: 'de', head: true },
  { key: 'mixed-de', name: 'Korbinian Stangl', organisation: 'lumen', site: 'muenchen', department: 'Service', language: 'de', head: true },
  { key: 'mixed-en', name: 'Denise Oyelaran', organisation: 'lumen', site: 'boston', department: 'Service', language: 'en' },
  { key: 'passed', name: 'Thi Mai Ha', organisation: 'lumen', site: 'berlin', department: 'Labor', language: 'de' },
  {
    key: 'board',
    name: 'Valentin Hohenegg',
    organisation: 'lumen',
    site: 'muenchen',
    department: 'Vorstand',
    language: 'de',
    head: true,
    specialHandling: 'Vorstand. Rückruf binnen 30 Minuten durch die Leitung des Service Desk.',
  },
  { key: 'wrong-team', name: 'Ottilie Brandt', organisation: 'nordwind', site: 'hamburg', department: 'Vertrieb', language: 'de' },
]

const notes: Record<'en' | 'de', string[]> = {
  en: [
    'Uses a screen reader: send instructions as text, not as pictures.',
    'Out on site most days; phone before 8:30 or after 16:00.',
    'Colour-blind: do not say "the green button".',
    'Works Tuesday to Thursday only.',
    'Hard of hearing: write rather than call.',
    'Keeps the only licence dongle for the survey software.',
  ],
  de: [
    'Nutzt einen Screenreader: Anleitungen als Text, nicht als Bild.',
    'Meist in der Halle unterwegs, am besten über das Diensthandy.',
    'Arbeitet nur dienstags bis donnerstags.',
    'Schwerhörig: bitte schreiben statt anrufen.',
    'Betriebsrat: Vorgänge dieser Person werden nur von Sinem Aydın bearbeitet.',
    'Prüft Fernwartung immer erst mit der Vorgesetzten ab.',
  ],
}

export function planPeople(chance: Chance): PersonPlan[] {
  const taken = new Set(cast.map((person) => person.name))
  return organisations.flatMap((organisation) => peopleOf(organisation, chance.branch(organisation.key), taken))
}

function peopleOf(organisation: OrganisationPlan, chance: Chance, taken: Set<string>): PersonPlan[] {
  const numbers = new Map<string, number>()
  const people = cast.filter((person) => person.organisation === organisation.key).map((person) => castPlan(person, organisation, numbers))
  const headed = new Set(people.filter((person) => person.head).map((person) => person.department))
  while (people.length < organisation.people) {
    const department =
      people.length - 20 < organisation.departments.length && people.length >= 20
        ? organisation.departments[people.length - 20]![0]
        : chance.weighted(organisation.departments)
    const site = chance.weighted(organisation.sites.map((each) => [each, each.weight] as const))
    const name = newName(chance, taken)
    const language = site.key === 'boston' ? 'en' : chance.is(organisation.german * (organisation.key === 'lumen' ? 1.25 : 1)) ? 'de' : 'en'
    const head = !headed.has(department)
    headed.add(department)
    const specialHandling = chance.is(0.025) ? chance.pick(notes[language]) : ''
    people.push({
      key: `${organisation.key}-${people.length}`,
      name,
      email: '',
      organisation,
      site,
      department,
      head,
      language,
      phones: [phone(site, numbers, chance)],
      specialHandling,
    })
  }
  const addresses = new Set<string>()
  return people.map((person) => ({ ...person, email: addressOf(person, addresses) }))
}

function castPlan(person: Cast, organisation: OrganisationPlan, numbers: Map<string, number>): PersonPlan {
  const site = organisation.sites.find((each) => each.key === person.site)!
  const { key, name, department, language, head = false, specialHandling = '' } = person
  return { key, name, email: '', organisation, site, department, head, language, phones: [phone(site, numbers)], specialHandling }
}

function newName(chance: Chance, taken: Set<string>): string {
  for (;;) {
    const origin = chance.pick(origins)
    // Families move: now and then the two halves come from different places.
    const other = chance.is(0.15) ? chance.pick(origins) : origin
    const name = `${chance.pick(origin.given.split(' '))} ${chance.pick(other.family.split(' '))}`
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

/** The last three digits count up; of the American block only 0100 to 0199 is kept for fiction. */
function phone(site: SitePlan, numbers: Map<string, number>, chance?: Chance): PersonPlan['phones'][number] {
  const mobile = chance?.is(0.15) && site.phone.startsWith('+44')
  const block = mobile ? 'mobile' : site.key
  const nth = (numbers.get(block) ?? 100) + 1
  numbers.set(block, nth)
  if (mobile) return { kind: 'mobile', number: `+44 7700 900${String(nth).padStart(3, '0')}` }
  return { kind: 'work', number: `${site.phone}${String(nth).padStart(3, '0')}` }
}

function addressOf(person: PersonPlan, taken: Set<string>): string {
  let local = mailName(person.name)
  while (taken.has(local)) local = `${local}2`
  taken.add(local)
  return `${local}@${person.organisation.domain}`
}

export const firstName = (name: string): string => name.split(' ')[0] ?? name
