import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

/** What is here already, as an import looks for it: by the other desk's id, by address, by name. */
export type RefKind = 'organisation' | 'team' | 'person' | 'ticket' | 'message'
export type Origin = { context: Context; origin: string }

export async function knownId({ context, origin }: Origin, kind: RefKind, externalId: string): Promise<string | undefined> {
  const found = await sql<{
    id: string
  }>`select our_id as id from external_ref where origin = ${origin} and kind = ${kind} and external_id = ${externalId}`.execute(context.db)
  return found.rows[0]?.id
}

export async function knownMessages({ context, origin }: Origin, externalIds: string[]): Promise<Set<string>> {
  const found = await sql<{
    id: string
  }>`select external_id as id from external_ref where origin = ${origin} and kind = 'message' and external_id = any(${externalIds}::text[])`.execute(
    context.db,
  )
  return new Set(found.rows.map((row) => row.id))
}

export async function teamByName({ db }: Context, name: string): Promise<string | undefined> {
  const found = await sql<{
    id: string
  }>`select id from team where firstline.plain(name) = firstline.plain(${name}::text) and archived_at is null`.execute(db)
  return found.rows[0]?.id
}

/** Only when one person alone has this name. */
export async function personByName({ db }: Context, name: string): Promise<string | undefined> {
  const found = await sql<{
    id: string
  }>`select id from person where firstline.plain(name) = firstline.plain(${name}::text) and archived_at is null limit 2`.execute(db)
  return found.rows.length === 1 ? found.rows[0]?.id : undefined
}

export type PersonPlace = {
  id: string
  organisationId: string | null
  siteId: string | null
  staff: boolean
  archived: boolean
  language: string
  name: string
  email: string | null
}

export async function placeOfPerson({ db }: Context, id: string): Promise<PersonPlace | undefined> {
  const found =
    await sql<PersonPlace>`select p.id, p.organisation_id as "organisationId", p.site_id as "siteId", p.archived_at is not null as archived, p.language, p.name, p.email::text as email,
    exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator')) as staff
    from person p where p.id = ${id}`.execute(db)
  return found.rows[0]
}

/** "Hardware > Printer", "Printer" or "hardware.printer", in either language. */
export async function categoryByName({ db }: Context, name: string): Promise<string | undefined> {
  const last = name.split('>').at(-1)?.trim() ?? name
  const found = await sql<{ id: string }>`select id from category where archived_at is null and (key = ${name}::text
    or firstline.plain(${last}::text) in (firstline.plain(name ->> 'en'), firstline.plain(name ->> 'de'))) order by (key = ${name}::text) desc, parent_id nulls last, id limit 1`.execute(
    db,
  )
  return found.rows[0]?.id
}

export type StoredPerson = {
  name: string
  email: string | null
  organisationId: string | null
  siteId: string | null
  department: string
  phones: { kind: string; number: string }[]
  language: string
}
export async function storedPerson({ db }: Context, id: string): Promise<StoredPerson> {
  const found =
    await sql<StoredPerson>`select name, email::text as email, organisation_id as "organisationId", site_id as "siteId", department, phones, language from person where id = ${id}`.execute(
      db,
    )
  return found.rows[0]!
}
