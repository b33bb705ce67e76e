import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problems } from '../contract/problems.ts'
import { generatedPages } from '../scripts/generated-docs.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the docs are true', () => {
  it.each(Object.entries(generatedPages))('%s is what the code says (node scripts/docs.ts writes it)', (path, page) => {
    expect(read(path)).toBe(page())
  })

  it('every error code has its words in the browser, in both languages', () => {
    const texts = read('web/kernel/problem-texts.ts')
    const missing = Object.keys(problems).filter((code) => (texts.match(new RegExp(`\\b${code}:`, 'g')) ?? []).length < 2)
    expect(missing).toEqual([])
  })

  it('every link between pages leads somewhere', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...pagesBelow('docs')]
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)/g)]
        .map((m) => m[1] ?? '')
        .filter((to) => !existsSync(join(root, dirname(page), to)))
        .map((to) => `${page} -> ${to}`),
    )
    expect(dead).toEqual([])
  })

  it('GEN-9 each line of the checklist that a test proves has its paragraph, and each that is not yet built has no test', () => {
    const ids = (text: string) => [...text.matchAll(/\b(?:GEN|SD|INC|SLM)-\d+\b/g)].map(([id]) => id)
    const proved = new Set(
      testsBelow('server', 'test', 'web').flatMap((path) =>
        ids([...read(path).matchAll(/\bit(?:\.each)?\((?:\[[\s\S]*?\]\)\()?[`'"](.*)/g)].map((m) => m[1]).join(' ')),
      ),
    )
    const pages = pagesBelow('docs').map(read).join('\n')
    const told = new Set([...pages.matchAll(/\*\*((?:GEN|SD|INC|SLM)-\d+)\*\*/g)].map((m) => m[1] ?? ''))
    const later = new Set([...pages.matchAll(/^Not yet: [\s\S]*?(?=\n\n|$(?![\s\S]))/gm)].flatMap(([text]) => ids(text)))
    expect([...proved].filter((id) => !told.has(id) || later.has(id))).toEqual([])
    expect([...told].filter((id) => !proved.has(id) && !later.has(id))).toEqual([])
  })

  it('README names both commands', () => {
    expect(read('README.md')).toContain('npm start')
    expect(read('README.md')).toContain('npm test')
  })
})

function pagesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? pagesBelow(join(folder, entry.name)) : entry.name.endsWith('.md') ? [join(folder, entry.name)] : [],
  )
}

const testsBelow = (...folders: string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.test\.tsx?$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  )
