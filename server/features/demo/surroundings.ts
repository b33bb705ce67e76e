import { Temporal } from '../../kernel/clock.ts'
import type { Chance } from './chance.ts'
import { origins } from './people-names.ts'
import type { PersonPlan } from './people-plan.ts'
import { firstName } from './people-plan.ts'

/** What the braces of a telling mean for one person at one time; the same word stays the same within one ticket. */
export type Surroundings = { fill(text: string): string }
export type People = { all: PersonPlan[]; managerOf(person: PersonPlan): PersonPlan }

const partners = [
  'Brückner Feinmechanik',
  'Ostermann Kältetechnik',
  'Pentland Pumps',
  'Tessin Verpackungen',
  'Harbour & Sedge',
  'Vollmer Stahlbau',
  'Quarrington Glass',
  'Lindauer Hydraulik',
  'Northbeck Surveys',
  'Kranich Spedition',
  'Ashlar Stoneworks',
  'Delbrück Sensorik',
  'Fairholm Contractors',
  'Großkopf Werkzeuge',
  'Marlowe Castings',
  'Isenburg Chemie',
  'Tarnhelm Optics',
  'Ruppin Fördertechnik',
  'Saltmarsh Dredging',
  'Weidling Elektronik',
  'Copperfield Ductwork',
  'Achterberg Reederei',
  'Bellwether Concrete',
  'Zobel Laserbau',
  'Hawksmoor Piling',
  'Eichenau Medizintechnik',
  'Stonegate Reinforcement',
  'Perlach Präzision',
]
const shares = {
  nordwind: ['Disposition', 'Zollakten', 'Vertrieb', 'Abrechnung', 'Fuhrpark', 'Austausch', 'Qualität', 'Personalplanung'],
  calderwren: ['Projects', 'Bids', 'Drawings', 'Surveys', 'Finance', 'Templates', 'Site reports', 'Calculations'],
  lumen: ['Konstruktion', 'Messreihen', 'Vertrieb', 'Einkauf', 'Service', 'Austausch', 'Fertigung', 'Labor'],
} as Record<string, string[]>
const boxes = ['team', 'orders', 'dispatch', 'invoices', 'info', 'tenders', 'returns', 'service']
const boxesDe = ['team', 'auftrag', 'dispo', 'rechnung', 'info', 'ausschreibung', 'retoure', 'service']

export function surroundingsOf(person: PersonPlan, people: People, at: number, language: 'en' | 'de', chance: Chance): Surroundings {
  const known = new Map<string, string>()
  const own = valuesFor(person, people, at, language, chance)
  const meaningOf = (word: string): string => {
    const make = own[word]
    if (!make) throw new Error(`Nobody knows what {${word}} means.`)
    const value = known.get(word) ?? make()
    known.set(word, value)
    return value
  }
  return { fill: (text) => text.replace(/\{(\w+)\}/g, (_, word: string) => meaningOf(word)) }
}

function valuesFor(person: PersonPlan, people: People, at: number, language: 'en' | 'de', chance: Chance): Record<string, () => string> {
  const { organisation, site } = person
  const near = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(site.timeZone)
  const colleagues = people.all.filter(
    (other) => other.organisation === organisation && other.department === person.department && other !== person,
  )
  const date = (days: number) =>
    near
      .add({ days })
      .toPlainDate()
      .toLocaleString(language === 'de' ? 'de-DE' : 'en-GB', { day: 'numeric', month: 'long' })
  const workday = (days: number) => (near.add({ days }).dayOfWeek > 5 ? days + 3 : days)
  const device = () => `${organisation.prefix}-${chance.pick(['L', 'L', 'L', 'D'])}-${String(chance.between(101, 960)).padStart(4, '0')}`
  /** A time of that day, before or after the writing, to five minutes. */
  const clock = (minutes: number) => {
    const moved = near.add({ minutes })
    return `${moved.hour}:${String(Math.floor(moved.minute / 5) * 5).padStart(2, '0')}${language === 'de' ? ' Uhr' : ''}`
  }
  return {
    device,
    device2: device,
    port: () => `${chance.between(1, 4)}.${String(chance.between(1, 48)).padStart(2, '0')}`,
    dept: () => person.department,
    site: () => site.name.split(',')[0]!,
    printer: () => chance.pick(site.printers),
    room: () => chance.pick(site.rooms),
    colleague: () => (colleagues.length > 0 ? chance.pick(colleagues) : people.managerOf(person)).name,
    manager: () => people.managerOf(person).name,
    erp: () => organisation.erp,
    app: () => organisation.app,
    server: () => `${organisation.server}-${String(chance.between(2, 19)).padStart(2, '0')}`,
    share: () => chance.pick(shares[organisation.key]!),
    box: () => `${chance.pick(language === 'de' ? boxesDe : boxes)}@${organisation.domain}`,
    partner: () => chance.pick(partners),
    newcomer: () => newcomer(chance),
    date: () => date(-workday(chance.between(3, 24))),
    next: () => date(workday(chance.between(4, 20))),
    weekday: () => near.subtract({ days: chance.between(1, 4) }).toLocaleString(language === 'de' ? 'de-DE' : 'en-GB', { weekday: 'long' }),
    time: () => clock(-chance.between(20, 130)),
    soon: () => clock(chance.between(50, 170)),
    n: () => String(chance.between(2, 6)),
    n2: () => String(chance.between(3, 7)),
    nn: () => String(chance.between(12, 48)),
    gb: () => String(chance.between(20, 180)),
    vlan: () => String(chance.between(110, 180)),
    phone: () => person.phones[0]?.number ?? '',
    first: () => firstName(person.name),
  }
}

/** Somebody who is not among the 400: who comes, goes, or helps from outside. */
function newcomer(chance: Chance): string {
  const origin = chance.pick(origins)
  return `${chance.pick(origin.given.split(' '))} ${chance.pick(chance.pick(origins).family.split(' '))}`
}
