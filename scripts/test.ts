// `npm test`: everything. No root, no system package, no download beyond the packages.

import { gates, runSteps } from './steps.ts'
import { buildWebIfChanged } from './web-build.ts'

await buildWebIfChanged((line) => process.stdout.write(`${line}\n`))
await runSteps([
  ...gates.slice(0, -1),
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'server tests', command: 'vitest', args: ['run', '--project', 'server'] },
  { name: 'fault tests', command: 'vitest', args: ['run', '--project', 'faults', '--passWithNoTests'] },
  { name: 'browser tests', command: 'vitest', args: ['run', '--project', 'browser'] },
])
