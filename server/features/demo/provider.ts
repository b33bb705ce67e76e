import type { Role } from '../../../contract/rights.ts'
import { organisations } from './organisations.ts'

/** The provider itself: a small house that runs the IT of three others. */
export const provider = {
  name: 'Halyard IT',
  domain: 'halyard.example',
  desk: 'support@localhost',
  phone: '+49 40 66969 000',
  /** Its figures are counted from the plan, so that they agree with the list of customers. */
  story: {
    en: 'Halyard IT is fifteen people in a former sail loft in Hamburg. Since 2011 they have looked after the computers of others: today a haulier, a firm of engineers and a maker of optical instruments, {people} people at {sites} sites between Munich and Boston. The desk answers in English and German.',
    de: 'Halyard IT sind fünfzehn Leute in einem alten Segelboden in Hamburg. Seit 2011 kümmern sie sich um die Rechner anderer: heute um eine Spedition, ein Ingenieurbüro und einen Hersteller optischer Geräte, {people} Menschen an {sites} Standorten zwischen München und Boston. Geantwortet wird auf Deutsch und Englisch.',
  },
}

const filled = (text: string) =>
  text
    .replace('{people}', String(organisations.reduce((sum, { people }) => sum + people, 0)))
    .replace('{sites}', String(organisations.reduce((sum, { sites }) => sum + sites.length, 0)))
export const story = { en: filled(provider.story.en), de: filled(provider.story.de) }

export type TeamPlan = { key: string; name: string; tier: number; speciality: string }
export const teams: TeamPlan[] = [
  { key: 'desk', name: 'Service desk', tier: 1, speciality: '' },
  { key: 'workplace', name: 'Workplace and devices', tier: 1, speciality: 'devices' },
  { key: 'apps', name: 'Application support', tier: 2, speciality: 'applications' },
  { key: 'network', name: 'Network', tier: 2, speciality: 'network' },
  { key: 'servers', name: 'Servers and data', tier: 2, speciality: 'servers' },
  { key: 'security', name: 'Security', tier: 2, speciality: 'security' },
]

export type StaffPlan = {
  key: string
  name: string
  department: string
  language: 'en' | 'de'
  roles: Role[]
  teams: string[]
  leads: string[]
  skills: string[]
  phone: string
}
const staff = (
  key: string,
  name: string,
  department: string,
  language: 'en' | 'de',
  roles: Role[],
  teamKeys: string[],
  skills: string[],
  extension: string,
  leads: string[] = [],
): StaffPlan => ({
  key,
  name,
  department,
  language,
  roles,
  teams: teamKeys,
  leads,
  skills,
  phone: `+49 40 66969 ${extension}`,
})

/** Twelve agents, then the three who run the house. */
export const staffPlans: StaffPlan[] = [
  staff('agent-mara', 'Mara Petersen', 'Service desk', 'de', ['agent', 'lead'], ['desk'], ['Microsoft 365', 'Frachtwerk'], '201', ['desk']),
  staff('agent-tunde', 'Tunde Bakare', 'Service desk', 'en', ['agent'], ['desk'], ['Microsoft 365', 'Mobile devices'], '202'),
  staff('agent-jule', 'Jule Harms', 'Service desk', 'de', ['agent'], ['desk', 'workplace'], ['Windows', 'Printers'], '203'),
  staff('agent-owen', 'Owen Pritchard', 'Service desk', 'en', ['agent'], ['desk'], ['Windows', 'Meeting rooms'], '204'),
  staff('agent-sinem', 'Sinem Aydın', 'Workplace', 'de', ['agent', 'lead'], ['workplace'], ['Windows', 'Deployment', 'Printers'], '211', [
    'workplace',
  ]),
  staff('agent-marek', 'Marek Zieliński', 'Workplace', 'en', ['agent'], ['workplace', 'desk'], ['Mobile devices', 'macOS'], '212'),
  staff('agent-lotte', 'Lotte Wiegand', 'Applications', 'de', ['agent', 'lead'], ['apps'], ['Frachtwerk', 'LagerPlus', 'SQL'], '221', [
    'apps',
  ]),
  staff('agent-nadia', 'Nadia Rahimi', 'Applications', 'en', ['agent'], ['apps'], ['OptiPlan', 'BeamBooks', 'DraughtBox'], '222'),
  staff('agent-femke', 'Femke de Wit', 'Network', 'en', ['agent', 'lead'], ['network'], ['Switching', 'Wi-Fi', 'VPN'], '231', [
    'network',
    'security',
  ]),
  staff('agent-arne', 'Arne Tietjen', 'Network', 'de', ['agent'], ['network', 'security'], ['Firewalls', 'VPN'], '232'),
  staff('agent-ravi', 'Ravi Subramaniam', 'Servers', 'en', ['agent'], ['servers'], ['Windows Server', 'Backup', 'Linux'], '241'),
  staff(
    'agent-helena',
    'Helena Costa',
    'Servers and security',
    'en',
    ['agent', 'lead'],
    ['servers', 'security'],
    ['Identity', 'Mail security', 'Windows Server'],
    '242',
    ['servers'],
  ),
  staff('manager', 'Dagmar Lindqvist', 'Service management', 'de', ['manager'], [], [], '110'),
  staff('administrator', 'Piotr Wolański', 'Internal IT', 'en', ['administrator'], [], [], '120'),
  staff('owner', 'Nils Halvorsen', 'Owner', 'en', ['manager', 'administrator'], [], [], '100'),
]

/** Two people outside, who answer on tickets: a carrier and a printer workshop. They belong to no customer. */
export const outsiders = [
  { key: 'carrier', name: 'Fault desk, Leuchtnetz', email: 'stoerung@leuchtnetz.example', phone: '+49 30 23125 900' },
  { key: 'workshop', name: 'Druckhaus Service', email: 'auftrag@druckhaus-service.example', phone: '+49 221 4710 940' },
]

/** The cards of the sign-in page. */
export const cards: { key: string; person: string; role: { en: string; de: string } }[] = [
  { key: 'tier-1-agent', person: 'agent-tunde', role: { en: 'Tier-1 agent', de: 'Erste Ebene' } },
  { key: 'on-call-engineer', person: 'agent-ravi', role: { en: 'On-call engineer', de: 'Bereitschaft' } },
  { key: 'head-of-it', person: 'head-of-it', role: { en: 'Head of IT at a customer', de: 'IT-Leitung eines Kunden' } },
  { key: 'provider-owner', person: 'owner', role: { en: 'Owner of the provider', de: 'Inhaber des Dienstleisters' } },
  { key: 'office-worker', person: 'office-worker', role: { en: 'Office worker', de: 'Mitarbeiterin im Büro' } },
  { key: 'administrator', person: 'administrator', role: { en: 'Administrator', de: 'Administrator' } },
]
