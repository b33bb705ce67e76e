import { stripTypeScriptTypes } from 'node:module'
import type { Import, Source } from './sources.ts'

/** Each rule takes the tree and gives what breaks it, one line each: `path: why`. */
export type Rule = (sources: Source[]) => string[]

/** The one written order: a feature imports only those before it. */
export const featureOrder = [
  'people',
  'company',
  'calendars',
  'sessions',
  'fields',
  'tickets',
  'tasks',
  'timekeeping',
  'mail',
  'routing',
  'tiers',
  'sides',
  'verification',
  'calls',
  'visits',
  'customers',
  'surveys',
  'readymade',
  'views',
  'sla',
  'oncall',
  'paging',
  'alerts',
  'emergency',
  'webhooks',
  'automation',
  'radar',
  'figures',
  'notices',
  'search',
  'transfer',
  'health',
  'audit',
  'apidocs',
  'demo',
]

const featureOf = (path: string) => /^server\/features\/([^/]+)\//.exec(path)?.[1]
const isTest = (path: string) => /\.test\.tsx?$/.test(path)
const product = (sources: Source[]) => sources.filter((s) => !isTest(s.path))
const perImport = (sources: Source[], judge: (source: Source, to: Import) => string | undefined): string[] =>
  product(sources).flatMap((source) => source.imports.flatMap((to) => (judge(source, to) ? [`${source.path}: ${judge(source, to)}`] : [])))

export const arrows: Rule = (sources) =>
  perImport(sources, (source, to) => {
    const area = source.path.split('/')[0]
    if (!to.own) {
      if (area === 'contract' && to.from !== 'zod') return `the contract imports ${to.from}; it knows zod only`
      return undefined
    }
    const target = to.from.split('/')[0]
    if (area === 'contract' && target !== 'contract') return `the contract imports ${to.from}`
    if (area === 'web' && target !== 'web' && target !== 'contract') return `the web imports ${to.from}`
    if (area === 'web' && target === 'contract' && !to.typeOnly && !/contract\/(rights|problems)\.ts$/.test(to.from))
      return `the web imports values of ${to.from}; types only, or zod reaches the browser`
    if (area === 'server' && (target === 'web' || target === 'test')) return `the server imports ${to.from}`
    if (source.path.startsWith('server/kernel/') && to.from.startsWith('server/') && !to.from.startsWith('server/kernel/'))
      return `the kernel imports ${to.from}; it knows no feature`
    if (source.path.startsWith('web/kernel/') && to.from.startsWith('web/features/')) return `web/kernel imports ${to.from}`
    if (source.path.startsWith('web/ui/') && to.from.startsWith('web/features/')) return `web/ui imports ${to.from}`
    return undefined
  })

export const order: Rule = (sources) =>
  perImport(sources, (source, to) => {
    const from = featureOf(source.path)
    const target = to.own ? featureOf(to.from) : undefined
    if (from === undefined || target === undefined || from === target) return undefined
    if (!featureOrder.includes(from)) return `the feature ${from} has no place in the written order`
    if (featureOrder.indexOf(target) >= featureOrder.indexOf(from)) return `${from} imports ${target}, which stands above it`
    if (!/^(access|actions|rules|events)(-[\w-]+)?\.ts$/.test(to.from.split('/').pop() ?? ''))
      return `${from} imports ${to.from}; only access, actions, rules and events of a feature are for others`
    return undefined
  })

export const onlyTheCompositionSeesAll: Rule = (sources) =>
  perImport(sources, (source, to) => {
    if (!to.own || !to.from.startsWith('server/features/')) return undefined
    const inside =
      source.path.startsWith('server/features/') ||
      /^server\/(app|start|program)\.ts$/.test(source.path) ||
      source.path.startsWith('server/cli/')
    return inside || !source.path.startsWith('server/') ? undefined : `sees the feature file ${to.from}`
  })

export const noCycles: Rule = (sources) => {
  const known = new Map(sources.map((s) => [s.path, s]))
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push(`${path}: cycle ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`)
      return
    }
    state.set(path, 'open')
    for (const to of known.get(path)?.imports ?? []) if (to.own && known.has(to.from)) visit(to.from, [...trail, path])
    state.set(path, 'done')
  }
  for (const source of sources) visit(source.path, [])
  return found
}

const dumpNames = /(^|\/)(utils?|lib|common|shared|helpers?|types|constants|index)(\/|\.tsx?$)/
export const names: Rule = (sources) =>
  sources.filter((s) => dumpNames.test(s.path)).map((s) => `${s.path}: a name that the house does not have`)

const words = /\b(?:function|const|class)\s+(?:handle|process|manage)[A-Z]\w*|\b\w+(?:Manager|Service|Helper|Util)\b\s*(?:=|\(|\{)/g
export const verbs: Rule = (sources) =>
  product(sources)
    .filter((s) => /^(server|contract|probe)\//.test(s.path))
    .flatMap((s) => [...s.text.matchAll(words)].map((m) => `${s.path}: "${m[0].trim()}" promises nothing`))

export const sqlInItsPlace: Rule = (sources) =>
  product(sources).flatMap((s) => {
    if (!s.path.startsWith('server/features/')) return []
    const name = s.path.split('/').pop() ?? ''
    const allowed = /^(access|actions|jobs)(-[\w-]+)?\.ts$/.test(name)
    return !allowed && /\bsql[`<.]/.test(s.text) ? [`${s.path}: SQL outside access, actions and jobs`] : []
  })

export const environmentInOneFile: Rule = (sources) =>
  product(sources)
    .filter((s) => /^(server|contract|probe)\//.test(s.path) && s.path !== 'server/kernel/settings.ts' && /\bprocess\.env\b/.test(s.text))
    .map((s) => `${s.path}: reads the environment; settings are read once, in server/kernel/settings.ts`)

export const outsideThroughOneDoor: Rule = (sources) =>
  product(sources)
    .filter((s) => s.path.startsWith('server/') && s.path !== 'server/kernel/outbound.ts' && /(?<![.\w'])fetch\(/.test(s.text))
    .map((s) => `${s.path}: fetch outside kernel/outbound.ts`)

export const grantedOnlyInAccess: Rule = (sources) =>
  sources
    .filter((s) => s.path.startsWith('server/') && !/\/access(-[\w-]+)?\.ts$/.test(s.path) && /\bas (unknown as )?Granted\b/.test(s.text))
    .map((s) => `${s.path}: makes a grant outside an access file`)

export const noRawHtml: Rule = (sources) =>
  product(sources)
    .filter(
      (s) =>
        s.path.startsWith('web/') &&
        /dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML|document\.write/.test(s.text) &&
        !/web\/ui\/MailFrame\.tsx$/.test(s.path),
    )
    .map((s) => `${s.path}: writes HTML outside the one sanitised frame`)

export const noShell: Rule = (sources) =>
  product(sources)
    .filter(
      (s) =>
        /^(server|probe)\//.test(s.path) &&
        (/shell:\s*true/.test(s.text) || /(?<!\.)\b(execSync|exec)\(\s*[`'"]/.test(s.text) || /\beval\(|new Function\(/.test(s.text)),
    )
    .map((s) => `${s.path}: runs a shell or evaluates text`)

/** Literal words between tags, or in the attributes that people read or hear. */
const jsxText = /(?<!=)>\s*((?!return\b|const\b|else\b|case\b)[A-Za-zÄÖÜäöü][^<>{}=;()]*[a-zäöü]{2}[^<>{}=;()]*)\s*<(?=[/A-Za-z])/g
const jsxAttribute = /\b(?:label|title|placeholder|aria-label|alt|description)="([^"]*[A-Za-z]{2}[^"]*)"/g
export const wordsInCatalogues: Rule = (sources) =>
  product(sources)
    .filter((s) => s.path.endsWith('.tsx'))
    .flatMap((s) =>
      [...s.text.matchAll(jsxAttribute), ...s.text.matchAll(jsxText)].map(
        (m) => `${s.path}: "${(m[1] ?? '').trim().slice(0, 60)}" stands in the code; words stand in texts.ts`,
      ),
    )

const exceptions: Record<string, string> = {
  'server/kernel/schema.ts': 'generated',
}
export const sizes: Rule = (sources) =>
  product(sources).flatMap((s) => {
    const lines = s.text.split('\n').length
    const story = s.path.startsWith('server/features/demo/')
    return lines > 400 && !exceptions[s.path] && !story && /^(server|web|contract|probe)\//.test(s.path)
      ? [`${s.path}: ${lines} lines, more than 400`]
      : []
  })

/** The program runs as it stands: Node takes the types off by itself, and reads a few things more narrowly than the compiler does. */
export const runsAsItStands: Rule = (sources) =>
  sources.flatMap((s) => {
    if (!/^(server|contract|bench|scripts)\/.*\.ts$/.test(s.path)) return []
    try {
      stripTypeScriptTypes(s.text)
      return []
    } catch (cause) {
      return [`${s.path}: ${cause instanceof Error ? cause.message : cause}`]
    }
  })

export const rules: Record<string, Rule> = {
  runsAsItStands,
  arrows,
  order,
  onlyTheCompositionSeesAll,
  noCycles,
  names,
  verbs,
  sqlInItsPlace,
  environmentInOneFile,
  outsideThroughOneDoor,
  grantedOnlyInAccess,
  noRawHtml,
  noShell,
  wordsInCatalogues,
  sizes,
}
