import { parseArgs } from 'node:util'
import { people } from '../../contract/people.ts'
import { type Role, roles } from '../../contract/rights.ts'
import { writeGrant } from '../features/people/actions-grants.ts'
import { addPerson } from '../features/people/actions-people.ts'
import { type Command, WrongUse } from './command.ts'

export const createPerson: Command = {
  name: 'person create',
  usage: `person create --email a@b --name N [--role ${roles.filter((role) => role !== 'requester').join('|')}] [--language en|de]`,
  sentence: 'Adds a person, with a role where one is named. The id stands alone on the last line.',
  async run(tools, args) {
    const { values } = parseArgs({
      args,
      options: { email: { type: 'string' }, name: { type: 'string' }, role: { type: 'string' }, language: { type: 'string' } },
    })
    if (values.email === undefined || values.name === undefined) throw new WrongUse('Say --email and --name.')
    if (values.role !== undefined && !roles.includes(values.role as Role))
      throw new WrongUse(`"${values.role}" is no role: ${roles.join(', ')}.`)
    const read = people['POST /api/people'].body.safeParse({ name: values.name, email: values.email, language: values.language ?? 'en' })
    if (!read.success) throw new WrongUse(read.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}.`).join(' '))
    const kernel = await tools.kernel()
    const id = await kernel.asSystem(async (context) => {
      const made = await addPerson(context, read.data)
      if (values.role !== undefined && values.role !== 'requester')
        await writeGrant(context, made, { role: values.role as Role, organisationId: null, teamId: null })
      return made
    })
    tools.note(`${values.name} was added${values.role ? ` as ${values.role}` : ''}.`)
    tools.say(id)
    return undefined
  },
}
