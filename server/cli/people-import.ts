import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { z } from 'zod'
import { people } from '../../contract/people.ts'
import { accessOrganisation, organisationByName, siteByName } from '../features/people/access-organisations.ts'
import { addOrganisation, addSite } from '../features/people/actions-organisations.ts'
import { addPerson } from '../features/people/actions-people.ts'
import { personByEmail, refuseOwnAddress } from '../features/people/actions-sender.ts'
import { decoded } from '../features/transfer/charset.ts'
import { type CsvRecord, readCsv } from '../features/transfer/csv.ts'
import type { Context, Kernel } from '../kernel/context.ts'
import { Problem } from '../kernel/problem.ts'
import { type Command, WrongUse } from './command.ts'

/**
 * Import of people from CSV. Each line is a transaction of its own: a broken one is named by line and column and stops
 * nothing else. Whoever is known by address is left as they are, so an import may be repeated.
 */
const columns = ['name', 'email', 'organisation', 'department', 'site', 'phone', 'language'] as const
type Column = (typeof columns)[number]
type Line = { line: number; values: Partial<Record<Column, string>>; broken?: string }
type Outcome = { line: number; kind: 'added' | 'known' } | { line: number; kind: 'broken'; column: string; why: string }
export type ImportChoices = { apply: boolean; makeOrganisations: boolean }

export const importPeople: Command = {
  name: 'people import',
  usage: 'people import FILE.csv [--apply] [--make-organisations]',
  sentence: `Shows what an import of people would do, and does it with --apply. Columns: ${columns.join(', ')}; only name is needed.`,
  async run(tools, args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { apply: { type: 'boolean' }, 'make-organisations': { type: 'boolean' } },
    })
    const [file] = positionals
    if (file === undefined || positionals.length > 1) throw new WrongUse('Name one file.')
    const lines = linesOf([...readCsv(readText(file))])
    const choices = { apply: values.apply === true, makeOrganisations: values['make-organisations'] === true }
    const outcomes = await importLines(await tools.kernel(), lines, choices)
    for (const outcome of outcomes)
      if (outcome.kind === 'broken') tools.say(`line ${outcome.line}, ${outcome.column}: ${printable(outcome.why)}`)
    const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length
    const would = choices.apply ? 'were' : 'would be'
    tools.say(`${count('added')} people ${would} added, ${count('known')} are known already, ${count('broken')} lines are broken.`)
    if (!choices.apply) tools.say('Nothing was changed. Repeat with --apply to do it.')
    return count('broken') > 0 ? 1 : 0
  },
}

const most = 50 * 1024 * 1024

function readText(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) throw new WrongUse(`There is no file ${file}.`)
  if (size > most) throw new WrongUse(`${file} is larger than 50 MB: split it.`)
  return decoded(readFileSync(file))
}

/** What a stranger's file says is shown on a terminal: without control signs, and not at any length. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?').slice(0, 300)

export function linesOf(records: CsvRecord[]): Line[] {
  const [head, ...rest] = records
  const names = head?.fields.map((field) => field.trim().toLowerCase()) ?? []
  const unknown = names.find((name) => !columns.includes(name as Column))
  if (!names.includes('name')) throw new WrongUse(`The first line names the columns (${columns.join(', ')}), and "name" is not among them.`)
  if (unknown !== undefined) throw new WrongUse(`"${printable(unknown)}" is no column: ${columns.join(', ')}.`)
  return rest.map(({ line, fields, broken }) => ({
    line,
    ...(broken ? { broken: names[broken.column] ?? 'line' } : {}),
    values: Object.fromEntries(names.flatMap((name, i) => ((fields[i] ?? '').trim() === '' ? [] : [[name, (fields[i] ?? '').trim()]]))),
  }))
}

/** A line that ends the transaction early: by finding out, or by being broken. */
class Broken extends Error {
  readonly column: string
  constructor(column: string, why: string) {
    super(why)
    this.column = column
  }
}
class PreviewOnly extends Error {}

export async function importLines(kernel: Kernel, lines: Line[], choices: ImportChoices): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const seen = new Map<string, number>()
  for (const { line, values, broken } of lines) {
    if (broken !== undefined) {
      outcomes.push({
        line,
        kind: 'broken',
        column: broken,
        why: 'a quotation mark is opened and not closed, or text follows a closed one.',
      })
      continue
    }
    const email = values.email?.toLowerCase()
    const before = email === undefined ? undefined : seen.get(email)
    if (email !== undefined && before === undefined) seen.set(email, line)
    outcomes.push(
      before === undefined
        ? await importLine(kernel, { line, values }, choices)
        : { line, kind: 'broken', column: 'email', why: `the same address stands in line ${before}.` },
    )
  }
  return outcomes
}

/** The preview does all that the import does, and takes it back. */
async function importLine(kernel: Kernel, { line, values }: Line, choices: ImportChoices): Promise<Outcome> {
  try {
    const kind = await kernel.asSystem(async (context) => {
      const kind = await addLine(context, values, choices)
      if (kind === 'added' && !choices.apply) throw new PreviewOnly()
      return kind
    })
    return { line, kind }
  } catch (cause) {
    if (cause instanceof PreviewOnly) return { line, kind: 'added' }
    if (cause instanceof Broken) return { line, kind: 'broken', column: cause.column, why: cause.message }
    if (cause instanceof Problem) return { line, kind: 'broken', column: cause.issues[0]?.path ?? 'line', why: cause.message }
    throw cause
  }
}

async function addLine(context: Context, values: Line['values'], choices: ImportChoices): Promise<'added' | 'known'> {
  const { organisation, site, phone, ...plain } = values
  const language = plain.language?.toLowerCase().slice(0, 2)
  const input = {
    ...plain,
    ...(language === undefined ? {} : { language }),
    ...(phone === undefined ? {} : { phones: [{ kind: 'work', number: phone }] }),
  }
  const read = people['POST /api/people'].body.safeParse(input)
  if (!read.success) {
    const issue = read.error.issues[0]
    const column = String(issue?.path[0] ?? 'line')
    throw new Broken(column === 'phones' ? 'phone' : column, issue?.message ?? 'not understood')
  }
  if (read.data.email) {
    if (await personByEmail(context.db, read.data.email)) return 'known'
    await refuseOwnAddress(context.db, read.data.email)
  }
  const place = await placeOf(context, organisation, site, choices)
  await addPerson(context, { ...read.data, ...place } as z.output<(typeof people)['POST /api/people']['body']>)
  return 'added'
}

type Place = { organisationId?: string; siteId?: string }

async function placeOf(
  context: Context,
  organisation: string | undefined,
  site: string | undefined,
  { makeOrganisations }: ImportChoices,
): Promise<Place> {
  if (organisation === undefined) {
    if (site !== undefined) throw new Broken('site', 'a site needs an organisation.')
    return {}
  }
  const known = await organisationByName(context.db, organisation)
  if (known === undefined && !makeOrganisations)
    throw new Broken('organisation', `"${organisation}" does not exist (make it first, or use --make-organisations).`)
  const organisationId = known ?? (await addOrganisation(context, { name: organisation }))
  if (site === undefined) return { organisationId }
  const place = await siteByName(context.db, organisationId, site)
  if (place === undefined && !makeOrganisations) throw new Broken('site', `"${site}" does not exist at ${organisation}.`)
  return {
    organisationId,
    siteId: place ?? (await addSite(context, await accessOrganisation(context, organisationId, 'organisation.edit'), { name: site })),
  }
}
