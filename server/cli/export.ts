import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeExport } from '../features/transfer/jobs-export.ts'
import { type Command, WrongUse } from './command.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'export DIR',
  sentence:
    'Writes everything into a new folder: JSON lines for each table, the files, and a manifest. It holds no passwords, tokens or keys.',
  async run(tools, args) {
    const { positionals } = parseArgs({ args, allowPositionals: true })
    const [dir] = positionals
    if (dir === undefined || positionals.length > 1) throw new WrongUse('Name one folder.')
    const folder = resolve(dir)
    if (isFilled(folder)) throw new WrongUse(`${dir} is not empty: name a new folder.`)
    const { rows, files, missing } = await writeExport(await tools.kernel(), folder)
    if (missing > 0) tools.note(`${missing} files are missing or damaged in the store; manifest.json names them.`)
    tools.note(`${rows} rows, ${files} files.`)
    tools.say(folder)
    return missing > 0 ? 1 : 0
  },
}

function isFilled(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0
  } catch {
    return false
  }
}
