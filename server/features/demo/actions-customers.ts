import type { Instant } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessDocument } from '../customers/access-documents.ts'
import { addContact, addNote, changeCharge } from '../customers/actions.ts'
import { addDocument, addVersion, changeDocument, type KeptUpload } from '../customers/actions-documents.ts'
import { beginPath, setStep } from '../customers/actions-path.ts'
import { accessOrganisation, accessSite } from '../people/access-organisations.ts'
import { changeSite } from '../people/actions-organisations.ts'
import { keepFiles } from '../tickets/actions-writing.ts'
import type { House } from './actions-house.ts'
import { asPdf } from './stories/papers.ts'

/** What Halyard IT knows of its three customers: who speaks for them and may order, what is filed, what one told another. */
type Role = 'main' | 'technical' | 'billing' | 'security'
type ContactPlan = { person: string; roles?: Role[]; orders?: string; approves?: true; note?: string }
type Paper = { title: string; file: string; lines: string[]; pinned?: true; forCustomer?: true; newer?: { file: string; lines: string[] } }
type NotePlan = { by: string; daysAgo: number; text: string }
type Known = {
  contacts: ContactPlan[]
  charge: { person: string; deputy: string; team: string; numbers: { system: string; number: string }[] }
  papers: Paper[]
  notes: NotePlan[]
}

const opening: Record<string, string> = {
  hamburg: 'Mo bis Fr 8 bis 17 Uhr',
  koeln: 'Durchgehend; Büro Mo bis Fr 7 bis 16 Uhr',
  frankfurt: 'Mo bis Sa 6 bis 22 Uhr',
  manchester: 'Mon to Fri, 8:00 to 18:00',
  leeds: 'Mon to Fri, 8:30 to 17:00',
  london: 'Mon to Thu, 9:00 to 17:30',
  muenchen: 'Mo bis Fr 6 bis 20 Uhr',
  berlin: 'Mo bis Fr 9 bis 17 Uhr',
  boston: 'Mon to Fri, 8 am to 6 pm',
}

const known: Record<string, Known> = {
  nordwind: {
    contacts: [
      {
        person: 'head-of-it',
        roles: ['main', 'technical'],
        orders: '',
        approves: true,
        note: 'Before outages and before changes in the night.',
      },
      { person: 'accounts-lead', roles: ['billing'], note: 'Rechnungen gesammelt zum Monatsende.' },
      { person: 'label-early', orders: 'Verbrauchsmaterial bis 150 €' },
    ],
    charge: { person: 'agent-mara', deputy: 'agent-sinem', team: 'desk', numbers: [{ system: 'Buchhaltung', number: 'D-10011' }] },
    papers: [
      {
        title: 'Nachtumschlag Köln: wer, wo, wie',
        file: 'nachtumschlag-koeln.pdf',
        lines: ['Schichtbeginn 22 Uhr, Übergabe 5 Uhr.', 'Erreichbar unter der Hallennummer, nicht am Diensthandy.'],
        pinned: true,
        newer: {
          file: 'nachtumschlag-koeln-2.pdf',
          lines: ['Schichtbeginn 22 Uhr, Übergabe 5 Uhr.', 'Erreichbar unter der Hallennummer.', 'Ersatzdrucker steht hinter Tor 9.'],
        },
      },
      {
        title: 'Leistungsübersicht',
        file: 'leistungen-nordwind.pdf',
        lines: ['Service Desk werktags 7 bis 18 Uhr.', 'Rufbereitschaft für den Umschlag.'],
        forCustomer: true,
      },
    ],
    notes: [
      { by: 'agent-mara', daysAgo: 44, text: 'Adaora möchte Störungen zuerst am Telefon hören, die Mail danach genügt ihr als Protokoll.' },
      {
        by: 'agent-sinem',
        daysAgo: 9,
        text: 'Köln bekommt im Frühjahr eine zweite Halle. Vier weitere Etikettendrucker, Netz bis Tor 12.',
      },
    ],
  },
  calderwren: {
    contacts: [
      { person: 'vip-assistant', roles: ['main'], note: 'Arranges every time with the directors.' },
      { person: 'plotter-lead', roles: ['technical'], orders: 'up to £400 an order' },
      { person: 'hr', orders: 'equipment for new starters', approves: true },
    ],
    charge: { person: 'agent-owen', deputy: 'agent-nadia', team: 'desk', numbers: [{ system: 'Accounts', number: 'D-10014' }] },
    papers: [
      {
        title: 'Month-end: no changes to BeamBooks',
        file: 'month-end.pdf',
        lines: ['The last three working days of each month.', 'Finance says when it is over.'],
        pinned: true,
      },
      {
        title: 'What is included',
        file: 'calder-wren-services.pdf',
        lines: ['Service desk on working days, 7:00 to 18:00 UK time.', 'Visits to Manchester and Leeds within two days.'],
        forCustomer: true,
      },
    ],
    notes: [{ by: 'agent-owen', daysAgo: 20, text: 'Leeds moves one floor up over Easter; the comms cupboard stays where it is.' }],
  },
  lumen: {
    contacts: [
      { person: 'mixed-de', roles: ['main', 'technical'], orders: 'bis 1.000 €' },
      { person: 'board', approves: true, note: 'Über 1.000 €.' },
    ],
    charge: { person: 'agent-helena', deputy: 'agent-lotte', team: 'servers', numbers: [{ system: 'Buchhaltung', number: 'D-10017' }] },
    papers: [
      {
        title: 'Ausfuhrkontrolle: was nie kopiert wird',
        file: 'ausfuhrkontrolle.pdf',
        lines: ['Zeichnungen aus der Freigabe Konstruktion bleiben dort.', 'Auch nicht in Tickets, auch nicht als Bild.'],
        pinned: true,
      },
    ],
    notes: [
      { by: 'agent-helena', daysAgo: 6, text: 'Boston wird ab dem Sommer von zwei Leuten aus dem Service betreut; Denise ist die erste.' },
    ],
  },
}

export async function knowCustomers(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const ago = (days: number) => now.subtract({ hours: 24 * days })
  for (const [key, customer] of Object.entries(known)) {
    const context = actAs(house.person('administrator').actor, ago(300))
    const id = house.organisations.get(key)!
    const organisation = await accessOrganisation(context, id, 'organisation.edit')
    for (const { person, orders, ...contact } of customer.contacts)
      await addContact(context, organisation, {
        personId: house.person(person).id,
        ...contact,
        ...(orders === undefined ? {} : { orders: true, orderLimit: orders }),
      })
    const { person, deputy, team, numbers } = customer.charge
    await changeCharge(context, organisation, 1, {
      inChargeId: house.person(person).id,
      deputyId: house.person(deputy).id,
      teamId: house.teams.get(team)!,
      otherNumbers: numbers.map((one) => ({ ...one, link: '' })),
    })
    for (const paper of customer.papers) await file(actAs, house, id, paper, now)
    for (const note of customer.notes) {
      const writing = actAs(house.person(note.by).actor, ago(note.daysAgo))
      await addNote(writing, await accessOrganisation(writing, id, 'person.see'), note.text)
    }
  }
  const context = actAs(house.person('administrator').actor, ago(200))
  for (const [key, hours] of Object.entries(opening))
    await changeSite(context, await accessSite(context, house.sites.get(key)!), 1, { opening: hours })
  await takeUpAgain(actAs, house, ago(3))
}

async function file(actAs: ActAs, house: House, organisationId: string, paper: Paper, now: Instant): Promise<void> {
  const context = actAs(house.person('administrator').actor, now.subtract({ hours: 24 * 290 }))
  const organisation = await accessOrganisation(context, organisationId, 'organisation.edit')
  const keep = async (name: string, lines: string[]): Promise<KeptUpload> => {
    const stored = await context.kernel.files.put(asPdf(paper.title, lines))
    await keepFiles(context, [stored])
    return { name, media_type: 'application/pdf', size: String(stored.size), sha256: stored.sha256 }
  }
  const id = await addDocument(
    context,
    organisation,
    { title: paper.title, audience: paper.forCustomer ? 'customer' : 'staff', pinned: false },
    await keep(paper.file, paper.lines),
  )
  if (paper.pinned) await changeDocument(context, await accessDocument(context, id), 1, { pinned: true })
  if (!paper.newer) return
  const later = actAs(house.person('agent-mara').actor, now.subtract({ hours: 24 * 30 }))
  await addVersion(later, await accessDocument(later, id), await keep(paper.newer.file, paper.newer.lines))
}

/** The path of Lumen was taken up again: nobody there sees all tickets yet, and no mailbox of its own is wanted. */
async function takeUpAgain(actAs: ActAs, house: House, at: Instant): Promise<void> {
  const context = actAs(house.person('administrator').actor, at)
  const organisation = await accessOrganisation(context, house.organisations.get('lumen')!, 'organisation.edit')
  await beginPath(context, organisation)
  await setStep(context, organisation, 'routing', false)
}
