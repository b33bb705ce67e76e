import { z } from 'zod'
import { contract, emailAddress, id, instant, language, line, named, page, paging } from './endpoint.ts'
import { meanings } from './tickets.ts'

/** Moving in (CSV, Zammad, GLPI) and moving out (the complete export). */
export const importSources = ['csv', 'zammad', 'glpi'] as const
export const importKinds = ['people', 'organisations', 'tickets'] as const
export const importStates = ['draft', 'checking', 'checked', 'running', 'paused', 'finished', 'cancelled', 'failed'] as const
/** What is counted while it runs. */
export const importThings = ['organisations', 'teams', 'people', 'tickets', 'messages', 'files'] as const
export type ImportKind = (typeof importKinds)[number]
export type ImportThing = (typeof importThings)[number]

/** What can be wrong with a row; a closed table, each in words in web/features/transfer/texts.ts. */
export const rowProblems = [
  'missing',
  'too_long',
  'not_an_address',
  'not_a_domain',
  'not_a_date',
  'not_a_number',
  'unknown_value',
  'unknown_organisation',
  'unknown_site',
  'unknown_team',
  'unknown_category',
  'unknown_person',
  'twice',
  'own_address',
  'open_quote',
  'too_many_cells',
  'unreadable',
  'refused',
] as const
export type RowProblemCode = (typeof rowProblems)[number]

export const importFields = {
  people: ['name', 'firstName', 'lastName', 'email', 'organisation', 'site', 'department', 'phone', 'mobile', 'language', 'externalId'],
  organisations: ['name', 'domains', 'note', 'specialHandling', 'site', 'address', 'language', 'externalId'],
  tickets: [
    'number',
    'subject',
    'description',
    'requesterEmail',
    'requesterName',
    'organisation',
    'status',
    'priority',
    'impact',
    'urgency',
    'kind',
    'category',
    'team',
    'assignee',
    'tags',
    'channel',
    'createdAt',
    'resolvedAt',
    'closedAt',
    'resolution',
  ],
} as const satisfies Record<ImportKind, readonly string[]>
export type ImportField = (typeof importFields)[ImportKind][number]
const fieldNames = [...new Set(Object.values(importFields).flat())] as [ImportField, ...ImportField[]]
const zone = z
  .string()
  .max(60)
  .regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/, 'an IANA time zone like Europe/Berlin')
/** A value of theirs, in lower case, -> ours. */
const values = <V extends z.ZodType>(ours: V) => z.record(z.string().max(200), ours)

export const importMapping = z.strictObject({
  columns: z
    .partialRecord(z.enum(fieldNames), z.number().int().min(0).max(999))
    .default({})
    .meta({ description: 'Our field -> number of the column, from 0.' }),
  status: values(z.enum(meanings)).default({}),
  priority: values(z.number().int().min(1).max(5)).default({}),
  kind: values(z.enum(['incident', 'request'])).default({}),
  existing: z
    .enum(['keep', 'update'])
    .default('keep')
    .meta({ description: 'What becomes of people and organisations that are known already.' }),
  make: z.boolean().default(true).meta({ description: 'Organisations, sites and teams that a row names and nobody knows are made.' }),
  dateOrder: z.enum(['dmy', 'mdy']).default('dmy'),
  timeZone: zone.default('UTC'),
  language: language.default('en'),
  origin: line(60)
    .default('csv')
    .meta({ description: 'Where the numbers come from: the same number of the same origin is the same ticket.' }),
  requester: emailAddress.nullable().default(null).meta({ description: 'Who asks where a row names nobody.' }),
})
export type ImportMapping = z.output<typeof importMapping>

const count = z.object({ thing: z.enum(importThings), added: z.number(), changed: z.number(), skipped: z.number(), broken: z.number() })
export const importRun = z.object({
  id,
  version: z.number(),
  source: z.enum(importSources),
  kind: z.enum(importKinds).nullable(),
  name: z.string(),
  state: z.enum(importStates),
  dry: z.boolean().meta({ description: 'The counts are those of the dry run.' }),
  rows: z.number().nullable().meta({ description: 'Rows of the file; null: not known beforehand.' }),
  done: z.number(),
  counts: z.array(count),
  problems: z.number(),
  cause: z.string().nullable(),
  createdAt: instant,
  createdBy: named.nullable(),
  endedAt: instant.nullable(),
})
const column = z.object({
  name: z.string(),
  samples: z.array(z.string()),
  values: z.array(z.string()).nullable().meta({ description: 'All different values, where they are few.' }),
})
const meant = <V extends z.ZodType>(ours: V) => z.array(z.object({ value: z.string(), means: ours.nullable() }))
export const importDetail = importRun.extend({
  layout: z.object({ charset: z.string(), delimiter: z.string(), quote: z.string(), columns: z.array(column) }).nullable(),
  address: z.string().nullable(),
  values: z
    .object({ status: meant(z.enum(meanings)), priority: meant(z.number()), kind: meant(z.enum(['incident', 'request'])) })
    .meta({ description: 'Their values, and what each means here: chosen, or by the word; null: nobody knows.' }),
  mapping: importMapping,
})
export const importProblem = z.object({
  id,
  thing: z.enum(importThings),
  line: z.number().nullable(),
  column: z.string(),
  code: z.enum(rowProblems),
  message: z.string(),
  value: z.string(),
})
export const exportRun = z.object({
  id,
  state: z.enum(['waiting', 'running', 'finished', 'failed']),
  at: instant,
  by: named.nullable(),
  endedAt: instant.nullable(),
  rows: z.number(),
  files: z.number(),
  bytes: z.number(),
  cause: z.string().nullable(),
})

const address = z.url({ protocol: /^https?$/ }).max(500)
const secret = z.string().trim().min(4).max(500)
const who = 'setting.edit' as const

export const transfer = contract({
  'GET /api/imports': { summary: 'Imports, the newest first.', who, returns: page(importRun), query: z.object(paging) },
  'POST /api/imports/files': {
    summary: 'Takes a CSV file and says how it is read: signs, columns, and which of our fields each may be.',
    who,
    wire: 'upload',
    status: 201,
    query: z.object({ kind: z.enum(importKinds) }),
    returns: importDetail,
  },
  'POST /api/imports': {
    summary: 'Prepares an import from another system, after a call there that proves address and token.',
    who,
    status: 201,
    idempotent: true,
    returns: importDetail,
    body: z.discriminatedUnion('source', [
      z.strictObject({ source: z.literal('zammad'), address, token: secret }),
      z.strictObject({ source: z.literal('glpi'), address, token: secret, appToken: secret.nullable().default(null) }),
    ]),
  },
  'GET /api/imports/:id': { summary: 'One import: columns, mapping, counts.', who, returns: importDetail },
  'PATCH /api/imports/:id': {
    summary: 'Changes how the file is read and what its columns and values mean. It must be checked anew.',
    who,
    ifMatch: true,
    returns: importDetail,
    body: z
      .strictObject({
        charset: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
        delimiter: z.enum([',', ';', '\t', '|']),
        mapping: importMapping,
      })
      .partial(),
  },
  'POST /api/imports/:id/check': {
    summary: 'Dry run: counts what would be done, and changes nothing.',
    who,
    status: 202,
    returns: importRun,
  },
  'POST /api/imports/:id/start': { summary: 'Begins, goes on after a pause, or runs again.', who, status: 202, returns: importRun },
  'POST /api/imports/:id/pause': { summary: 'Stops after the batch that is under way.', who, returns: importRun },
  'POST /api/imports/:id/cancel': { summary: 'Ends it; what was imported stays.', who, returns: importRun },
  'GET /api/imports/:id/problems': {
    summary: 'What is wrong, by line and column.',
    who,
    returns: page(importProblem),
    query: z.object(paging),
  },
  'GET /api/imports/:id/report': { summary: 'All problems as CSV.', who, wire: 'file' },
  'GET /api/exports': { summary: 'Complete exports of the last seven days.', who, returns: z.object({ items: z.array(exportRun) }) },
  'POST /api/exports': { summary: 'Begins a complete export.', who, status: 202, idempotent: true, returns: exportRun },
  'GET /api/exports/:id/file': { summary: 'The export as a tar file.', who, wire: 'file' },
  'DELETE /api/exports/:id': { summary: 'Removes an export.', who },
})
export type ImportRun = z.output<typeof importRun>
export type ImportDetail = z.output<typeof importDetail>
export type ImportProblem = z.output<typeof importProblem>
export type ExportRun = z.output<typeof exportRun>
