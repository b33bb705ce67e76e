import { Problem } from '../kernel/problem.ts'
import { readSettings, type Settings, WrongSetting } from '../kernel/settings.ts'
import { openProgram, type Program } from '../program.ts'
import { makeBackupCommand } from './backup.ts'
import { type Command, type Tools, WrongUse } from './command.ts'
import { makeDemo } from './demo.ts'
import { doctor } from './doctor.ts'
import { exportCommand } from './export.ts'
import { importExportCommand } from './import-export.ts'
import { forgetKeys, rotateKeys } from './keys.ts'
import { importPeople } from './people-import.ts'
import { createPerson } from './person.ts'
import { reindexCommand } from './reindex.ts'
import { restoreCommand } from './restore.ts'
import { createToken } from './token.ts'

/** `npm run firstline -- <command>`: every command on one page. */
export const commands: Command[] = [
  createToken,
  createPerson,
  importPeople,
  makeBackupCommand,
  restoreCommand,
  exportCommand,
  importExportCommand,
  rotateKeys,
  forgetKeys,
  doctor,
  reindexCommand,
  makeDemo,
]

export function help(): string {
  const lines = commands.flatMap((command) => [`  ${command.usage}`, `      ${command.sentence}`])
  return [
    'Usage: npm run firstline -- <command>',
    '',
    ...lines,
    '',
    'Settings come from the environment and .env, as for npm start. A command joins the database of a running Firstline, or starts it for itself.',
  ].join('\n')
}

/** The command whose words the line begins with; the longest wins. */
export function commandOf(words: string[], all: readonly Command[] = commands): { command: Command; args: string[] } | undefined {
  const fits = all.filter((command) => command.name.split(' ').every((word, i) => words[i] === word))
  const command = fits.sort((a, b) => b.name.length - a.name.length)[0]
  return command && { command, args: words.slice(command.name.split(' ').length) }
}

export async function runCommand(words: string[], tools: Tools): Promise<number> {
  const found = commandOf(words)
  if (!found || words.includes('--help') || words.includes('-h')) {
    const asked = found || words.length === 0 || words[0] === '--help' || words[0] === '-h' || words[0] === 'help'
    if (!asked) tools.note(`There is no command "${words.join(' ')}".\n`)
    tools.say(found ? `Usage: npm run firstline -- ${found.command.usage}\n\n${found.command.sentence}` : help())
    return asked ? 0 : 2
  }
  try {
    return (await found.command.run(tools, found.args)) ?? 0
  } catch (cause) {
    const isUsage = cause instanceof WrongUse || String((cause as { code?: string }).code).startsWith('ERR_PARSE_ARGS')
    if (isUsage) tools.note(`${(cause as Error).message}\nUsage: npm run firstline -- ${found.command.usage}`)
    else if (cause instanceof Problem || cause instanceof WrongSetting) tools.note(cause.message)
    else throw cause
    return isUsage ? 2 : 1
  }
}

async function main(words: string[]): Promise<number> {
  const note = (line: string) => void process.stderr.write(`${line}\n`)
  let settings: Settings | undefined
  let opened: Promise<Program> | undefined
  const tools: Tools = {
    get settings() {
      settings ??= readSettings()
      return settings
    },
    say: (line) => void process.stdout.write(`${line}\n`),
    note,
    program: () => (opened ??= openProgram(tools.settings, { say: note, poolSize: 4 })),
    kernel: async () => (await tools.program()).kernel,
  }
  try {
    return await runCommand(words, tools)
  } catch (cause) {
    note(cause instanceof Error ? cause.message : String(cause))
    return 1
  } finally {
    const program = await opened?.catch(() => undefined)
    await program?.stop()
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
