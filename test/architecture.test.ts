import { describe, expect, it } from 'vitest'
import { type Rule, rules } from './architecture/rules.ts'
import { sourceOf, sourcesBelow } from './architecture/sources.ts'

const root = `${import.meta.dirname}/..`.replace(/\/test\/\.\.$/, '')
const tree = sourcesBelow(
  root,
  ['contract', 'server', 'web', 'test', 'bench', 'scripts'].filter((f) => f !== 'bench' || hasBench()),
)
function hasBench(): boolean {
  try {
    return sourcesBelow(root, ['bench']).length > 0
  } catch {
    return false
  }
}

describe('the house', () => {
  for (const [name, rule] of Object.entries(rules)) {
    it(`keeps: ${name}`, () => {
      expect(rule(tree)).toEqual([])
    })
  }
})

/** Each gate is shown to close: a tree that breaks the rule, and what it says. */
const broken: [string, Rule, [string, string][]][] = [
  ['web -> server', rules.arrows!, [['web/a.tsx', "import { x } from '../server/kernel/db.ts'"]]],
  ['zod into the browser', rules.arrows!, [['web/a.tsx', "import { tickets } from '../contract/tickets.ts'"]]],
  ['kernel -> feature', rules.arrows!, [['server/kernel/a.ts', "import { x } from '../features/people/rules.ts'"]]],
  ['contract -> node', rules.arrows!, [['contract/a.ts', "import { readFile } from 'node:fs'"]]],
  ['tickets -> mail', rules.order!, [['server/features/tickets/a.ts', "import { x } from '../mail/actions.ts'"]]],
  ['mail -> the routes of tickets', rules.order!, [['server/features/mail/a.ts', "import { x } from '../tickets/routes.ts'"]]],
  ['a feature without a place', rules.order!, [['server/features/surprise/a.ts', "import { x } from '../people/rules.ts'"]]],
  ['the worker sees a feature', rules.onlyTheCompositionSeesAll!, [['server/main.ts', "import { x } from './features/people/rules.ts'"]]],
  [
    'a cycle, types included',
    rules.noCycles!,
    [
      ['server/a.ts', "import type { B } from './b.ts'"],
      ['server/b.ts', "import type { A } from './a.ts'"],
    ],
  ],
  ['a dump', rules.names!, [['server/kernel/utils.ts', '']]],
  ['a barrel', rules.names!, [['server/features/people/index.ts', '']]],
  ['a verb without a promise', rules.verbs!, [['server/a.ts', 'export function handleTicket() {}']]],
  ['SQL in routes', rules.sqlInItsPlace!, [['server/features/people/routes.ts', 'const a = sql`select 1`']]],
  ['the environment elsewhere', rules.environmentInOneFile!, [['server/a.ts', 'process.env.HOME']]],
  ['fetch elsewhere', rules.outsideThroughOneDoor!, [['server/a.ts', "await fetch('https://x.example')"]]],
  ['a forged grant', rules.grantedOnlyInAccess!, [['server/features/people/actions.ts', 'return row as Granted<Row, "x">']]],
  ['raw HTML', rules.noRawHtml!, [['web/a.tsx', '<p dangerouslySetInnerHTML={{ __html: x }} />']]],
  ['a shell', rules.noShell!, [['server/a.ts', "spawn('x', [], { shell: true })"]]],
  ['a word in JSX', rules.wordsInCatalogues!, [['web/a.tsx', '<p>Hello there</p>']]],
  ['a word in a label', rules.wordsInCatalogues!, [['web/a.tsx', '<X aria-label="Close it" />']]],
  ['what only the compiler understands', rules.runsAsItStands!, [['server/a.ts', 'for (const of of [1]) void of']]],
  ['a long file', rules.sizes!, [['server/a.ts', '\n'.repeat(500)]]],
]

describe('each gate closes', () => {
  it.each(broken)('%s', (_, rule, files) => {
    expect(rule(files.map(([path, text]) => sourceOf(path, text)))).not.toEqual([])
  })
})
