import { type ImportField, type ImportKind, importFields } from '../../../contract/transfer.ts'

/**
 * Which of our fields a column may be, by its heading: English and German, and what Zammad, GLPI, Freshdesk, Zendesk and
 * directories write in their exports. Compared without case, signs and accents; the earlier name wins.
 */
const names: Record<ImportField, string> = {
  name: 'name, full name, display name, displayname, person, anzeigename, vollständiger name, voller name, completename, organisation, organization, company, firma, kunde, customer, entity, entität, account name, company name',
  firstName: 'first name, firstname, given name, givenname, vorname, prenom',
  lastName: 'last name, lastname, surname, sn, family name, nachname, familienname, realname',
  email:
    'email, e-mail, mail, email address, mail address, e-mail address, e-mail-adresse, mailadresse, userprincipalname, primary email, work email, emails, login',
  organisation:
    'organisation, organization, company, company name, organization name, firma, kunde, unternehmen, entity, entität, entities, mandant, customer company, requester organization',
  site: 'site, location, standort, ort, niederlassung, filiale, city, stadt, office location, physicaldeliveryofficename, locations',
  department: 'department, abteilung, bereich, kostenstelle',
  phone: 'phone, telephone, telefon, telefonnummer, work phone, phone number, telephonenumber, festnetz, business phone, rufnummer',
  mobile: 'mobile, mobile phone, mobil, mobiltelefon, handy, cell phone, mobile phone number',
  language: 'language, sprache, locale, preferredlanguage, langue',
  externalId: 'id, external id, externe id, kundennummer, customer number, personalnummer, employee id, unique external id, kennung',
  domains: 'domain, domains, mail domain, domänen, maildomains, domain names',
  note: 'note, notes, notiz, bemerkung, kommentar, comment, description, beschreibung, details',
  specialHandling: 'special handling, besonderheiten, besondere behandlung, hinweis',
  address: 'address, adresse, anschrift, street, straße',
  number: 'number, ticket number, ticket id, ticket no, ticketnummer, nummer, ticket, ticket#, #, id, case number, vorgangsnummer, vorgang',
  subject: 'subject, title, titel, betreff, summary, short description, thema, kurzbeschreibung, name',
  description: 'description, beschreibung, body, text, details, content, message, inhalt, nachricht, problem, anliegen',
  requesterEmail:
    'requester email, customer email, email, e-mail, requester mail, contact email, reporter email, kunde e-mail, e-mail des anfragenden, antragsteller e-mail, requester e-mail, mail, email address, e-mail-adresse',
  requesterName:
    'requester, requester name, customer, full name, contact, reporter, kunde, antragsteller, anfragender, anforderer, melder, caller, name',
  status: 'status, state, zustand, ticket status, statut',
  priority: 'priority, priorität, prio',
  impact: 'impact, auswirkung, auswirkungen',
  urgency: 'urgency, dringlichkeit',
  kind: 'type, typ, art, ticket type, kind, tickettyp, record type',
  category: 'category, kategorie, itil category, itilcategory, product, service',
  team: 'team, group, gruppe, assigned group, technician group, zugewiesene gruppe, assignment group, queue, warteschlange, zugewiesen an technikergruppe',
  assignee:
    'assignee, agent, owner, assigned to, technician, besitzer, bearbeiter, techniker, zuständig, zugewiesen an, assigned technician, owner email, besitzer e-mail, zugewiesen an techniker',
  tags: 'tags, tag, labels, schlagworte, stichworte',
  channel: 'channel, source, kanal, quelle, via, request source, anfragequelle',
  createdAt:
    'created at, created, created time, creation date, opening date, opened, date, erstellt, erstellt am, eröffnungsdatum, angelegt, angelegt am, erstelldatum, datum, reported',
  resolvedAt: 'resolved at, resolved time, solved at, resolution date, gelöst am, gelöst, lösungsdatum, solve date, solved',
  closedAt: 'closed at, closed time, close at, closed, closing date, geschlossen am, geschlossen, schließdatum, abschlussdatum',
  resolution: 'resolution, solution, lösung, resolution notes, lösungsbeschreibung',
}

export const plainHeader = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/[^a-z0-9#]+/g, ' ')
    .trim()

const known = new Map(Object.entries(names).map(([field, list]) => [field, list.split(',').map(plainHeader)]))

/** Best pairs first: a heading that is a field's first name beats one that is its tenth; each column is used once. */
export function guessColumns(kind: ImportKind, headers: readonly string[]): Partial<Record<ImportField, number>> {
  const plain = headers.map(plainHeader)
  const pairs = importFields[kind].flatMap((field, order) =>
    plain.flatMap((header, column) => {
      const rank = (known.get(field) ?? []).indexOf(header)
      return rank < 0 ? [] : [{ field, column, rank: rank + order / 100 }]
    }),
  )
  const guessed: Partial<Record<ImportField, number>> = {}
  const taken = new Set<number>()
  for (const { field, column } of pairs.sort((a, b) => a.rank - b.rank || a.column - b.column)) {
    if (guessed[field] !== undefined || taken.has(column)) continue
    guessed[field] = column
    taken.add(column)
  }
  return guessed
}
