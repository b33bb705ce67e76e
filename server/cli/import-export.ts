import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { reindex } from '../features/search/jobs.ts'
import { makeLink } from '../features/sessions/actions-links.ts'
import { loadExport } from '../features/transfer/actions-load.ts'
import type { Kernel } from '../kernel/context.ts'
import { pooledTransactor, poolOf } from '../kernel/db.ts'
import { type Command, WrongUse } from './command.ts'

export const importExportCommand: Command = {
  name: 'import-export',
  usage: 'import-export DIR',
  sentence:
    'Puts an export into an empty database, with all its numbers, and prints a link to sign in. Outgoing mail is held until restore --confirm.',
  async run(tools, args) {
    const { positionals } = parseArgs({ args, allowPositionals: true })
    const [dir] = positionals
    if (dir === undefined || positionals.length > 1) throw new WrongUse('Name one folder.')
    const { kernel, ownerUrl } = await tools.program()
    const owner = pooledTransactor(poolOf(ownerUrl, 1, () => {}))
    const { rows, files, missing } = await loadExport(kernel, owner, resolve(dir), tools.note).finally(() => owner.close())
    await reindex(kernel, tools.note)
    if (missing > 0) tools.note(`${missing} files were missing in the export already.`)
    tools.note(`${rows} rows, ${files} files. Passwords, passkeys and mailbox passwords are not part of an export: enter them anew.`)
    tools.note('Outgoing mail is held: look at the outbox, then run: npm run firstline -- restore --confirm')
    tools.say((await administratorLink(kernel)) ?? 'Nobody is an administrator: npm run firstline -- person create --role administrator')
    return 0
  },
}

async function administratorLink(kernel: Kernel): Promise<string | undefined> {
  return kernel.asSystem(async (context) => {
    const found = await sql<{ id: string }>`select p.id from role_grant g join person p on p.id = g.person_id
      where g.role = 'administrator' and g.organisation_id is null and g.team_id is null and p.archived_at is null order by g.id limit 1`.execute(
      context.db,
    )
    const id = found.rows[0]?.id
    if (id === undefined) return undefined
    const { token } = await makeLink(context, 'sign-in', id)
    return `${kernel.settings.baseUrl}/link/${token}`
  })
}
