import type { Kernel } from '../kernel/context.ts'
import type { Settings } from '../kernel/settings.ts'
import type { Program } from '../program.ts'

/** One `firstline` command. The database is opened only when it asks for it: `doctor` must also work where it will not open. */
export type Command = {
  name: string
  usage: string
  /** One sentence for `--help`. */
  sentence: string
  /** Returns the exit code; nothing: 0. */
  run(tools: Tools, args: string[]): Promise<number | undefined>
}

export type Tools = {
  settings: Settings
  /** Result lines, on standard output. What happens on the way goes to standard error through `note`. */
  say(line: string): void
  note(line: string): void
  /** Joins the running program's database, or starts it for as long as the command runs. */
  program(): Promise<Program>
  kernel(): Promise<Kernel>
}

/** Wrong words on the command line: shown with the command's usage. */
export class WrongUse extends Error {}
