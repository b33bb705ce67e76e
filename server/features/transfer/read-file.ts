import { setImmediate as turn } from 'node:timers/promises'
import type { ImportKind } from '../../../contract/transfer.ts'
import type { Layout } from './access.ts'
import { type Charset, charsetOf, decoded } from './charset.ts'
import { type CsvRecord, type CsvSigns, readCsv, signsOf } from './csv.ts'
import type { Batch, ImportRecord, Item } from './records.ts'
import { itemOf, type RowReading } from './rules-csv.ts'

/** A CSV file: what it looks like, and its rows in bounded parts. */
export type Look = { layout: Layout; rows: number }
type Signs = { charset?: Charset | undefined; delimiter?: string | undefined }
const mostValues = 40

export async function lookAt(bytes: Uint8Array, chosen: Signs = {}): Promise<Look> {
  const charset = chosen.charset ?? charsetOf(bytes)
  const text = decoded(bytes, charset)
  const found = signsOf(text)
  const signs = { ...found, delimiter: chosen.delimiter ?? found.delimiter }
  let head: string[] | undefined
  let rows = 0
  const samples: string[][] = []
  const values: (Map<string, string> | null)[] = []
  for (const { fields, broken } of readCsv(text, signs)) {
    if (head === undefined) {
      head = fields.map((name) =>
        name
          .replace(/^\ufeff/, '')
          .trim()
          .slice(0, 200),
      )
      continue
    }
    rows++
    if (rows % 5000 === 0) await turn()
    if (!broken) noteRow(fields, head.length, samples, values)
  }
  const columns = (head ?? []).map((name, i) => {
    const different = values[i]
    return { name, samples: samples[i] ?? [], values: different && different.size > 0 ? [...different.values()] : null }
  })
  return { layout: { charset, ...signs, columns }, rows }
}

function noteRow(fields: string[], width: number, samples: string[][], values: (Map<string, string> | null)[]): void {
  for (let i = 0; i < width; i++) {
    const value = (fields[i] ?? '').trim().slice(0, 120)
    if (value === '') continue
    const shown = samples[i] ?? []
    samples[i] = shown
    if (shown.length < 3 && !shown.includes(value)) shown.push(value)
    if (values[i] === undefined) values[i] = new Map()
    const different = values[i]
    if (!different) continue
    different.set(value.toLowerCase(), value)
    if (different.size > mostValues) values[i] = null
  }
}

const perBatch = 100
export type FilePlace = { line?: number; rows?: number }

/** Rows behind `place`, a hundred at a time. What stands before is read too, so that a name that comes twice is seen. */
export async function* readRows(
  bytes: Uint8Array,
  layout: Layout,
  place: FilePlace,
  reading: RowReading,
  passed: (record: ImportRecord) => void,
): AsyncGenerator<Batch & { done: number }> {
  const seen = new Map<string, number>()
  let items: Item[] = []
  let rows = 0
  let head = true
  for (const record of readCsv(decoded(bytes, layout.charset as Charset), layout as CsvSigns)) {
    if (head) {
      head = false
      continue
    }
    rows++
    const item = onlyOnce(itemOf(record, reading), record, reading, seen)
    if (rows <= (place.rows ?? 0)) {
      if ('record' in item) passed(item.record)
      if (rows % 2000 === 0) await turn()
      continue
    }
    items.push(item)
    if (items.length === perBatch) {
      yield { items, place: { line: record.line, rows }, done: rows }
      items = []
    }
  }
  if (items.length > 0) yield { items, place: { rows }, done: rows }
}

const columnOfKey: Record<ImportKind, 'email' | 'name' | 'number'> = { people: 'email', organisations: 'name', tickets: 'number' }

function onlyOnce(item: Item, { fields }: CsvRecord, { kind, headers, mapping }: RowReading, seen: Map<string, number>): Item {
  if (!('record' in item) || item.line === null) return item
  const { record } = item
  const key = record.thing === 'people' ? (record.email?.toLowerCase() ?? record.externalId) : record.externalId
  const first = seen.get(key)
  if (first === undefined) {
    seen.set(key, item.line)
    return item
  }
  const named = record.thing === 'people' && record.email === null ? 'externalId' : columnOfKey[kind]
  const at = mapping.columns[named]
  const fault = {
    column: at === undefined ? '' : (headers[at] ?? ''),
    code: 'twice' as const,
    message: `The same stands in line ${first}.`,
    value: at === undefined ? '' : (fields[at] ?? '').slice(0, 200),
  }
  return { line: item.line, thing: item.thing, faults: [fault] }
}
