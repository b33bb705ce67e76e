import { reindex } from '../features/search/jobs.ts'
import type { Command } from './command.ts'

export const reindexCommand: Command = {
  name: 'reindex',
  usage: 'reindex',
  sentence: 'Writes all that the search reads anew, while the desk works on.',
  async run(tools) {
    await reindex(await tools.kernel(), (line) => tools.note(line))
    tools.say('The search is complete.')
    return 0
  },
}
