import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What stands in an export beside its rows: enough to know that nothing is missing, changed or from elsewhere. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const manifest = z.strictObject({
  format: z.literal('firstline-export-1'),
  version: z.string().max(50),
  schema: z.string().max(200),
  at: z.string().max(50),
  tables: z.array(
    z.strictObject({
      table: z.string().regex(/^[a-z_]{1,63}$/),
      rows: z.number().int().min(0),
      bytes: z.number().int().min(0),
      sha256,
      columns: z.array(z.string().regex(/^[a-z0-9_]{1,63}$/)),
    }),
  ),
  files: z.strictObject({ count: z.number().int().min(0), bytes: z.number().int().min(0) }),
  /** Files that the store itself lacks or that are damaged there. */
  missing: z.array(sha256),
})
export type Manifest = z.infer<typeof manifest>

export const programVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version?: string }).version ?? '0'
export const filePlace = (hash: string): string => `files/${hash.slice(0, 2)}/${hash}`
