import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { noteBackup } from '../features/health/actions.ts'
import { backupOf } from '../features/health/jobs.ts'
import { onWire, systemClock } from '../kernel/clock.ts'
import { type Command, WrongUse } from './command.ts'

export const makeBackupCommand: Command = {
  name: 'backup',
  usage: 'backup DIR [--with-keys]',
  sentence:
    'Backs up the database and all files into a new folder below DIR, while Firstline runs. Keys are left out unless you ask for them.',
  async run(tools, args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'with-keys': { type: 'boolean', default: false } },
    })
    const [dir] = positionals
    if (dir === undefined || positionals.length > 1) throw new WrongUse('Name one folder.')
    const kernel = await tools.kernel()
    const at = onWire(systemClock.now())
    const made = await backupOf(tools.settings, at, resolve(dir), values['with-keys'])
    await kernel.asSystem((context) => noteBackup(context, { at, folder: made.folder, megabytes: made.megabytes, failure: null }))
    if (tools.settings.DATABASE_URL !== undefined)
      tools.note(
        'The database is your own (DATABASE_URL): back it up with its own tools, pg_dump or a base backup. This backup holds the files only.',
      )
    if (!values['with-keys'])
      tools.note('Without the keys in DATA_DIR/secrets: keep them elsewhere, or the stored passwords of mailboxes must be entered anew.')
    tools.note(`${made.files} files, ${made.megabytes} MB.`)
    tools.say(made.folder)
    return 0
  },
}
