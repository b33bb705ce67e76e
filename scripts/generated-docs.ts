import { problems } from '../contract/problems.ts'
import { definitions, inWords } from '../server/features/figures/access-definitions.ts'
import { settingsSchema } from '../server/kernel/settings.ts'

/** Pages of docs/ that are made of the code; test/docs.test.ts keeps them true. `node scripts/docs.ts` writes them. */
export function settingsPage(): string {
  const rows = Object.entries(settingsSchema.shape)
    .filter(([, schema]) => !schema.description?.startsWith('For tests'))
    .map(([name, schema]) => {
      const read = schema.safeParse(undefined)
      const fallback = read.success && read.data !== undefined ? `\`${read.data}\`` : ''
      return `| \`${name}\` | ${fallback === '``' ? '(empty)' : fallback} | ${schema.description ?? ''} |`
    })
  return [
    '# Settings',
    '',
    'From the environment, or from a `.env` file in the folder in which Firstline is started; the environment wins. Read once, at the start. A wrong one stops the start with one sentence that names it.',
    'Made of `server/kernel/settings.ts`.',
    '',
    '| setting | default | what it does |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

export function problemsPage(): string {
  const rows = Object.entries(problems).map(([code, status]) => `| \`${code}\` | ${status} |`)
  return [
    '# Error codes',
    '',
    'Errors come as `application/problem+json` (RFC 9457): `{type, title, status, code, requestId, issues?}`. `issues` names each wrong field: `{path, code, message}`.',
    'The table is closed: a code that is not here does not occur. Made of `contract/problems.ts`.',
    '',
    '| code | status |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n')
}

export function figuresPage(): string {
  const parts = definitions.flatMap((one) => {
    const { name, formula, population, clock } = inWords(one, 'en')
    return [`## ${name}`, '', `- Formula: ${formula}`, `- Of which tickets: ${population}`, `- Clock: ${clock}`, '']
  })
  const { exclusions } = inWords(definitions[0]!, 'en')
  return [
    '# What each figure is',
    '',
    `Made of \`server/features/figures/access-definitions.ts\`, where the SQL of each stands beside its words. ${exclusions}`,
    '',
    ...parts,
  ].join('\n')
}

export const generatedPages: Record<string, () => string> = {
  'docs/operating/settings.md': settingsPage,
  'docs/problems.md': problemsPage,
  'docs/figure-definitions.md': figuresPage,
}
