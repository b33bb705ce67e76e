import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { confirmRestore } from '../features/health/actions.ts'
import { RestoreRefused, restoreBackup } from '../features/health/backup-restore.ts'
import { onWire, systemClock } from '../kernel/clock.ts'
import { type Command, WrongUse } from './command.ts'

export const restoreCommand: Command = {
  name: 'restore',
  usage: 'restore DIR | restore --confirm',
  sentence: 'Checks a backup and puts it in the place of the present data, which is set aside. Outgoing mail is held until --confirm.',
  async run(tools, args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { confirm: { type: 'boolean', default: false } } })
    const [dir] = positionals
    if (values.confirm && dir === undefined) {
      await (await tools.kernel()).asSystem(confirmRestore)
      tools.say('Outgoing mail goes out again.')
      return 0
    }
    if (dir === undefined || positionals.length > 1 || values.confirm) throw new WrongUse('Name one backup folder, or say --confirm.')
    try {
      const { manifest, aside } = await restoreBackup(resolve(dir), resolve(tools.settings.DATA_DIR), onWire(systemClock.now()))
      if (aside !== null) tools.note(`The database as it was stands in ${aside}. Delete it when all is well.`)
      if (manifest.database === 'not-ours') tools.note('This backup holds files only: restore the database with its own tools.')
      tools.say(
        `Restored the backup of ${manifest.at} (Firstline ${manifest.version}). Outgoing mail is held: start, look at the outbox, then run: npm run firstline -- restore --confirm`,
      )
      return 0
    } catch (cause) {
      if (!(cause instanceof RestoreRefused)) throw cause
      tools.note(cause.message)
      return 1
    }
  },
}
