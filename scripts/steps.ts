import { spawn } from 'node:child_process'

/** Runs commands one after another, each with its time; stops at the first that fails. */
export type Step = { name: string; command: string; args: string[] }

export async function runSteps(steps: Step[]): Promise<void> {
  for (const step of steps) {
    const began = performance.now()
    const code = await new Promise<number>((done) => {
      spawn(step.command, step.args, { stdio: 'inherit' }).on('exit', (exit) => done(exit ?? 1))
    })
    process.stdout.write(`${step.name}: ${code === 0 ? 'ok' : 'failed'} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`)
    if (code !== 0) process.exit(code)
  }
}

export const gates: Step[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'types of the web', command: 'tsc', args: ['-p', 'web'] },
  { name: 'lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'schema types', command: 'node', args: ['scripts/schema-types.ts', '--check'] },
  { name: 'server tests', command: 'vitest', args: ['run', '--project', 'server'] },
]
