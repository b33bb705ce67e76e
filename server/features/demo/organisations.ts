/**
 * The customers of the sample company. Every domain ends in .example, every telephone number comes from the blocks that
 * the regulators of Germany, the United Kingdom and North America keep for fiction.
 */
export type SitePlan = {
  key: string
  name: string
  address: string
  accessNote: string
  timeZone: string
  /** Stands before the last three digits of a number. */
  phone: string
  rooms: string[]
  printers: string[]
  weight: number
}
export type OrganisationPlan = {
  key: string
  name: string
  domain: string
  note: string
  specialHandling: string
  language: 'en' | 'de'
  timeZone: string
  people: number
  /** How many of the people write German. */
  german: number
  sites: SitePlan[]
  departments: [name: string, weight: number][]
  prefix: string
  /** Business applications: the name, and what it is. */
  erp: string
  app: string
  server: string
  weight: number
}

export const organisations: OrganisationPlan[] = [
  {
    key: 'nordwind',
    name: 'Nordwind Logistik GmbH',
    domain: 'nordwind.example',
    note: 'Spedition und Kontraktlogistik, 165 Leute an drei Standorten. Nachtumschlag in Köln: 22 bis 5 Uhr arbeitet dort immer jemand. Wartungsfenster: Sonntag 6 bis 10 Uhr.',
    specialHandling: '',
    language: 'de',
    timeZone: 'Europe/Berlin',
    people: 165,
    german: 0.82,
    prefix: 'NW',
    erp: 'Frachtwerk',
    app: 'LagerPlus',
    server: 'nw-srv',
    weight: 0.45,
    departments: [
      ['Disposition', 26],
      ['Lager', 24],
      ['Zoll', 10],
      ['Buchhaltung', 14],
      ['Vertrieb', 16],
      ['Personal', 7],
      ['Einkauf', 8],
      ['Fuhrpark', 12],
      ['Kundenservice', 18],
      ['Geschäftsführung', 3],
      ['IT', 3],
      ['Qualität', 5],
    ],
    sites: [
      {
        key: 'hamburg',
        name: 'Hamburg, Zentrale',
        address: 'Musterkai 14, 20457 Hamburg',
        accessNote: 'Anmeldung am Empfang, Technikraum im 3. OG, Schlüssel bei der Hausverwaltung.',
        timeZone: 'Europe/Berlin',
        phone: '+49 40 66969 ',
        rooms: ['Alster', 'Bille', 'Elbe', 'Speicher 3', 'Kompass'],
        printers: ['HH-1OG-MFP02', 'HH-2OG-MFP04', 'HH-3OG-MFP01', 'HH-EG-ETI01'],
        weight: 5,
      },
      {
        key: 'koeln',
        name: 'Köln, Umschlag',
        address: 'Beispielstraße 200, 50997 Köln',
        accessNote: 'Warnweste in der Halle. Technikraum hinter Tor 9, Schicht meldet sich unter der Hallennummer.',
        timeZone: 'Europe/Berlin',
        phone: '+49 221 4710 ',
        rooms: ['Dom', 'Rampe', 'Rheinblick'],
        printers: ['K-HALLE-ETI03', 'K-HALLE-ETI05', 'K-BUERO-MFP01'],
        weight: 3,
      },
      {
        key: 'frankfurt',
        name: 'Frankfurt, Luftfracht',
        address: 'Cargo Musterring 8, 60549 Frankfurt am Main',
        accessNote: 'Zutritt nur mit Tagesausweis, einen Tag vorher anmelden.',
        timeZone: 'Europe/Berlin',
        phone: '+49 69 90009 ',
        rooms: ['Main', 'Taunus'],
        printers: ['F-ZOLL-MFP01', 'F-LUFT-ETI01'],
        weight: 2,
      },
    ],
  },
  {
    key: 'calderwren',
    name: 'Calder & Wren Ltd',
    domain: 'calderwren.example',
    note: 'Consulting engineers, bridges and water. Large drawing files, many people on building sites with tablets. Month-end billing in the last three working days: no changes to BeamBooks then.',
    specialHandling: '',
    language: 'en',
    timeZone: 'Europe/London',
    people: 126,
    german: 0,
    prefix: 'CW',
    erp: 'BeamBooks',
    app: 'DraughtBox',
    server: 'cw-srv',
    weight: 0.32,
    departments: [
      ['Structures', 26],
      ['Water', 20],
      ['Drawing office', 18],
      ['Site supervision', 16],
      ['Finance', 10],
      ['Bid office', 9],
      ['HR', 6],
      ['Directors', 4],
      ['Facilities', 5],
      ['Surveying', 9],
      ['Marketing', 3],
    ],
    sites: [
      {
        key: 'manchester',
        name: 'Manchester',
        address: '1 Sample Wharf, Manchester M1 0AA',
        accessNote: 'Reception until 18:00, then the porter. Comms room on floor 4, key card with Facilities.',
        timeZone: 'Europe/London',
        phone: '+44 161 496 0',
        rooms: ['Irwell', 'Mersey', 'Bridgewater', 'Medlock'],
        printers: ['MAN-F3-MFP01', 'MAN-F4-MFP02', 'MAN-F4-PLOT1'],
        weight: 5,
      },
      {
        key: 'leeds',
        name: 'Leeds',
        address: '22 Example Row, Leeds LS1 0AA',
        accessNote: 'No lift for heavy kit on Fridays. Comms cupboard behind the kitchen.',
        timeZone: 'Europe/London',
        phone: '+44 113 496 0',
        rooms: ['Aire', 'Calder'],
        printers: ['LDS-MFP01', 'LDS-PLOT1'],
        weight: 3,
      },
      {
        key: 'london',
        name: 'London',
        address: '7 Specimen Lane, London EC1A 0AA',
        accessNote: 'Shared building: announce engineers by name a day ahead.',
        timeZone: 'Europe/London',
        phone: '+44 20 7946 0',
        rooms: ['Fleet', 'Tyburn', 'Walbrook'],
        printers: ['LON-MFP01', 'LON-MFP02'],
        weight: 2,
      },
    ],
  },
  {
    key: 'lumen',
    name: 'Lumen Optik AG',
    domain: 'lumenoptik.example',
    note: 'Optical measuring devices; development in Munich and Berlin, sales and service in Boston. Writes German and English, often in one thread. Export-controlled drawings: never copy files out of the share "Konstruktion".',
    specialHandling: 'The board office is called back within 30 minutes, by the lead of the desk.',
    language: 'de',
    timeZone: 'Europe/Berlin',
    people: 92,
    german: 0.55,
    prefix: 'LO',
    erp: 'OptiPlan',
    app: 'LensTrace',
    server: 'lo-srv',
    weight: 0.23,
    departments: [
      ['Konstruktion', 18],
      ['Fertigung', 16],
      ['Vertrieb', 14],
      ['Service', 12],
      ['Finanzen', 8],
      ['Personal', 4],
      ['Vorstand', 3],
      ['Labor', 10],
      ['Einkauf', 6],
      ['Marketing', 5],
    ],
    sites: [
      {
        key: 'muenchen',
        name: 'München, Werk',
        address: 'Beispielallee 5, 80995 München',
        accessNote: 'Reinraum nur nach Einweisung. Serverraum UG 1, Zugang über den Werkschutz.',
        timeZone: 'Europe/Berlin',
        phone: '+49 89 99998 ',
        rooms: ['Isar', 'Prisma', 'Fokus'],
        printers: ['M-EG-MFP01', 'M-OG-MFP02', 'M-FERT-ETI01'],
        weight: 5,
      },
      {
        key: 'berlin',
        name: 'Berlin, Labor',
        address: 'Musterufer 31, 10997 Berlin',
        accessNote: 'Klingel im Hof, Labor nur in Begleitung.',
        timeZone: 'Europe/Berlin',
        phone: '+49 30 23125 ',
        rooms: ['Spree', 'Linse'],
        printers: ['B-MFP01'],
        weight: 2,
      },
      {
        key: 'boston',
        name: 'Boston',
        address: '400 Sample Street, Boston, MA 02210',
        accessNote: 'Building closes at 7 pm. Network cabinet in the copy room.',
        timeZone: 'America/New_York',
        phone: '+1 617 555 0',
        rooms: ['Charles', 'Mystic'],
        printers: ['BOS-MFP01'],
        weight: 2,
      },
    ],
  },
]
