import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { transfer } from '../../../contract/transfer.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import { routes } from '../../kernel/routes.ts'
import { accessExport, accessImport, asRun, listExports, listImports, listProblems, readImport } from './access.ts'
import {
  type Connection,
  cancelImport,
  changeImport,
  checkImport,
  pauseImport,
  prepareFile,
  prepareSource,
  startImport,
} from './actions.ts'
import { askForExport, removeExport } from './actions-export.ts'
import { glpiAsker, lookAtGlpi } from './glpi.ts'
import { exportFolder } from './jobs-export.ts'
import { type Look, lookAt } from './read-file.ts'
import { tarOf, tarParts, tarSize } from './tar.ts'
import { lookAtZammad, zammadAsker } from './zammad.ts'

const looking = { lock: false }
const runOf = async (context: Context, id: string) => asRun(await accessImport(context, id, looking))

async function lookThere(
  kernel: Kernel,
  { source, address, token, appToken }: Connection,
): Promise<{ status: string[]; priority: string[] }> {
  if (source === 'zammad') return lookAtZammad(zammadAsker(kernel, address, token))
  return lookAtGlpi(await glpiAsker(kernel, address, token, appToken))
}

/** Read anew only when the file is to be read with other signs. */
async function lookAgain(
  kernel: Kernel,
  id: string,
  signs: { charset?: string | undefined; delimiter?: string | undefined },
): Promise<Look | null> {
  if (signs.charset === undefined && signs.delimiter === undefined) return null
  const run = await kernel.asSystem((context) => accessImport(context, id, looking))
  if (run.sha256 === null || run.layout === null) throw new Problem('import_state', 'This import has no file.')
  return lookAt(await kernel.files.read(run.sha256), {
    charset: (signs.charset ?? run.layout.charset) as 'utf-8',
    delimiter: signs.delimiter ?? (signs.charset === undefined ? run.layout.delimiter : undefined),
  })
}

/** A cell that begins like a formula would be run by a spreadsheet: an apostrophe before it keeps it text. */
const cell = (value: string | number | null): string => {
  const text = String(value ?? '')
  return `"${(/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}

async function report(context: Context, id: string): Promise<string> {
  const lines = [['line', 'column', 'code', 'message', 'value'].map(cell).join(',')]
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const { items, next } = await listProblems(context, id, 1000, after)
    for (const one of items) lines.push([one.line, one.column, one.code, one.message, one.value].map(cell).join(','))
    after = next ?? undefined
  }
  return `\ufeff${lines.join('\r\n')}\r\n`
}

export const transferRoutes = routes(transfer, {
  'GET /api/imports': (context, { query }) => listImports(context, query.limit, query.after),
  'POST /api/imports/files': {
    before: async (kernel, { uploads }) => {
      const [file, more] = uploads
      if (!file || more) throw new Problem('validation_failed', 'Send one file.')
      return lookAt(await kernel.files.read(file.sha256))
    },
    answer: async (context, { query, uploads }, _reply, look: Look) =>
      readImport(context, await prepareFile(context, query.kind, uploads[0]!, look)),
  },
  'POST /api/imports': {
    before: (kernel, { body }) => lookThere(kernel, { appToken: null, ...body }),
    answer: async (context, { body }, _reply, theirs: { status: string[]; priority: string[] }) =>
      readImport(context, await prepareSource(context, { appToken: null, ...body }, theirs)),
  },
  'GET /api/imports/:id': (context, { params }) => readImport(context, params.id),
  'PATCH /api/imports/:id': {
    before: (kernel, { params, body }) => lookAgain(kernel, params.id, body),
    answer: async (context, { params, body, version }, _reply, look: Look | null) => {
      await changeImport(context, await accessImport(context, params.id), version, body, look)
      return readImport(context, params.id)
    },
  },
  'POST /api/imports/:id/check': async (context, { params }) => {
    await checkImport(context, await accessImport(context, params.id))
    return runOf(context, params.id)
  },
  'POST /api/imports/:id/start': async (context, { params }) => {
    await startImport(context, await accessImport(context, params.id))
    return runOf(context, params.id)
  },
  'POST /api/imports/:id/pause': async (context, { params }) => {
    await pauseImport(context, await accessImport(context, params.id))
    return runOf(context, params.id)
  },
  'POST /api/imports/:id/cancel': async (context, { params }) => {
    await cancelImport(context, await accessImport(context, params.id))
    return runOf(context, params.id)
  },
  'GET /api/imports/:id/problems': async (context, { params, query }) => {
    await accessImport(context, params.id, looking)
    return listProblems(context, params.id, query.limit, query.after)
  },
  'GET /api/imports/:id/report': async (context, { params }) => {
    const run = await accessImport(context, params.id, looking)
    return { content: await report(context, params.id), name: `report-${run.id}.csv`, mediaType: 'text/csv' }
  },
  'GET /api/exports': async (context) => ({ items: await listExports(context) }),
  'POST /api/exports': (context) => askForExport(context),
  'GET /api/exports/:id/file': async (context, { params }) => {
    const made = await accessExport(context, params.id)
    const parts = made.state === 'finished' ? await tarParts(exportFolder(context.kernel, made.id), 'firstline-export') : []
    if (parts.length === 0) throw notFound()
    await context.record({ type: 'export.fetched', subject: { kind: 'export', id: made.id }, audience: 'staff', data: {} })
    const name = `firstline-export-${made.at.slice(0, 10)}.tar`
    return { content: Readable.from(tarOf(parts)), name, mediaType: 'application/x-tar', size: tarSize(parts) }
  },
  'DELETE /api/exports/:id': async (context, { params }) => {
    const made = await accessExport(context, params.id)
    await removeExport(context, made)
    context.afterCommit(() => void rm(exportFolder(context.kernel, made.id), { recursive: true, force: true }))
  },
})
