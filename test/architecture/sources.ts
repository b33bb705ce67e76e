import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** The tree as the architecture test sees it: files, their text, and what they import. Paths are relative to the root. */
export type Source = { path: string; text: string; imports: Import[] }
export type Import = { from: string; own: boolean; typeOnly: boolean }

const ignored = /^(node_modules|dist|dist\.new|fixtures|\.cache|data)$/

export function sourcesBelow(root: string, folders: string[]): Source[] {
  return folders.flatMap((folder) => walk(join(root, folder)).map((path) => read(root, path)))
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (ignored.test(name)) return []
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return walk(path)
    return /\.(ts|tsx|mjs)$/.test(name) ? [path] : []
  })
}

function read(root: string, path: string): Source {
  const text = readFileSync(path, 'utf8')
  return sourceOf(path.slice(root.length + 1), text)
}

export function sourceOf(path: string, text: string): Source {
  return { path, text, imports: [...importsOf(path, text)] }
}

const statement = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g

function* importsOf(path: string, text: string): Generator<Import> {
  for (const [, type, to] of text.matchAll(statement)) yield resolve(path, to ?? '', type !== undefined)
  for (const [, to] of text.matchAll(dynamic)) yield resolve(path, to ?? '', false)
}

function resolve(path: string, to: string, typeOnly: boolean): Import {
  if (!to.startsWith('.')) return { from: to, own: false, typeOnly }
  return { from: normalize(join(dirname(path), to)).replaceAll('\\', '/'), own: true, typeOnly }
}
