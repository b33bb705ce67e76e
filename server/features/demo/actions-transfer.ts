import type { Actor } from '../../kernel/actor.ts'
import { asSystem, type Kernel } from '../../kernel/context.ts'
import { importSmallFile } from '../transfer/actions-run.ts'
import type { PersonPlan } from './people-plan.ts'

/**
 * The import that the sample company has behind it: six weeks ago Nordwind's personnel office sent a list from Cologne,
 * with mobile numbers that nobody knew, and one address with a slip in it. A real run of a real file, dry run and all.
 */
const most = 18

export async function importStaffList(kernel: Kernel, administrator: Actor, people: readonly PersonPlan[]): Promise<void> {
  const then = kernel.clock.now().subtract({ hours: 24 * 42 })
  const past: Kernel = { ...kernel, clock: { now: () => then } }
  past.asSystem = asSystem(past)
  const bytes = Buffer.from(staffList(people), 'latin1')
  await importSmallFile(past, administrator, {
    kind: 'people',
    name: 'Personalliste Köln.csv',
    bytes,
    choices: { existing: 'update', make: false, origin: 'Personalverwaltung' },
  })
}

/** As such programs write it: semicolons, Windows-1252, headings in German. */
function staffList(people: readonly PersonPlan[]): string {
  const cologne = people.filter(({ site }) => site.key === 'koeln').slice(0, most)
  const rows = cologne.map(({ name, email, organisation, department, phones }, i) => {
    const mobile = i % 4 === 1 && !phones.some(({ kind }) => kind === 'mobile') ? `+49 171 39200${String(10 + i)}` : ''
    const work = phones.find(({ kind }) => kind === 'work')?.number ?? ''
    const address = i === 7 ? email.replace('@', ' at ') : email
    return [name, address, organisation.name, department, mobile === '' ? '' : work, mobile].join(';')
  })
  return ['Name;E-Mail;Firma;Abteilung;Telefon;Mobil', ...rows].join('\r\n')
}
