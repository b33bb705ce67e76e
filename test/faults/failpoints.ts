import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every failpoint of the program, in the order of the files, as its sources name them: a new one joins the suite by itself. */
export function allFailpoints(): string[] {
  const root = join(import.meta.dirname, '../../server')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  return [
    ...new Set(
      files.flatMap((name) =>
        [...readFileSync(join(root, name), 'utf8').matchAll(/\bfailpoint\('([\w.-]+)'\)/g)].map((m) => m[1] as string),
      ),
    ),
  ]
}
