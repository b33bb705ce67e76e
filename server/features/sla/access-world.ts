import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { type CalendarRef, compiledCalendar } from '../calendars/access-compiled.ts'
import { type CalendarForm, type OpenCalendar, openCalendar } from '../calendars/rules-days.ts'
import { type KeptAgreement, type World, worldOf } from './rules-terms.ts'

/** Agreements and calendars made ready, once for each edition of them: a save of a ticket reads none of them. */
type Terms = { edition: string; zone: string; agreements: KeptAgreement[]; calendars: Record<string, CalendarRef> }
const worlds = new Map<string, World>()
const mostKept = 8

export async function worldAt(context: Context, edition: string): Promise<World> {
  const known = worlds.get(edition)
  if (known) return known
  const terms = await termsNow(context)
  const world = await worldFrom(context, terms)
  if (worlds.size >= mostKept) worlds.delete(worlds.keys().next().value!)
  worlds.set(terms.edition, world)
  return world
}

export async function termsNow({ db }: Context): Promise<Terms> {
  const found = await sql<{ terms: Terms }>`select firstline.sla_terms() as terms`.execute(db)
  return found.rows[0]!.terms
}

/** `instead`: a calendar as it would be, to see what would follow. */
export async function worldFrom(context: Context, terms: Terms, instead?: { id: string; form: CalendarForm }): Promise<World> {
  const open = new Map<string, OpenCalendar>()
  for (const ref of Object.values(terms.calendars)) open.set(ref.id, await compiledCalendar(context, ref))
  if (instead) open.set(instead.id, openCalendar(instead.form))
  return worldOf(terms.agreements, terms.zone, inZones(open))
}

function inZones(open: ReadonlyMap<string, OpenCalendar>): World['calendar'] {
  const moved = new Map<string, OpenCalendar>()
  return (id, zone) => {
    const own = open.get(id)
    if (!own) throw new Error(`There is no calendar ${id}.`)
    if (zone === null || zone === own.form.tz) return own
    const key = `${id} ${zone}`
    const known = moved.get(key)
    if (known) return known
    const fresh = openCalendar({ ...own.form, tz: zone })
    moved.set(key, fresh)
    return fresh
  }
}
