import { makeSampleCompany } from '../features/demo/actions-company.ts'
import type { Command } from './command.ts'

export const makeDemo: Command = {
  name: 'demo',
  usage: 'demo',
  sentence:
    'Fills an empty database with the sample company; a database that holds anything is left alone. npm start -- --demo does the same and starts it.',
  async run(tools) {
    await makeSampleCompany(await tools.kernel(), tools.note)
    tools.say('The sample company is ready: npm start.')
    return undefined
  },
}
