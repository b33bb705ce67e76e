import type { Context } from '../../kernel/context.ts'
import { sourceToFold } from './access-sources.ts'
import { keepTold } from './actions-hear.ts'
import { type MachineMail, readMachineMail } from './rules-mail.ts'

/** One mail is one alert for each source whose address it went to; it is never too odd to be one. */
export async function hearMail(context: Context, sourceIds: readonly string[], mail: MachineMail): Promise<void> {
  for (const id of sourceIds) {
    const source = await sourceToFold(context.db, id)
    if (source) await keepTold(context, source, [readMachineMail(mail, source.mapping)])
  }
}
