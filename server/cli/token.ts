import { parseArgs } from 'node:util'
import { personByEmail } from '../features/people/actions-sender.ts'
import { firstAdministrator } from '../features/sessions/actions-set-up.ts'
import { makeToken, type TokenScope } from '../features/sessions/actions-tokens.ts'
import type { Context } from '../kernel/context.ts'
import { type Command, WrongUse } from './command.ts'

const scopes: readonly TokenScope[] = ['read', 'write', 'admin']

export const createToken: Command = {
  name: 'token create',
  usage: 'token create --person a@b | --admin [--name N] [--scopes read,write,admin] [--days N]',
  sentence:
    'Makes an API token for a person, or for the first administrator (who is made where there is none). The token stands alone on the last line.',
  async run(tools, args) {
    const { values } = parseArgs({
      args,
      options: {
        person: { type: 'string' },
        admin: { type: 'boolean' },
        name: { type: 'string' },
        scopes: { type: 'string' },
        days: { type: 'string' },
      },
    })
    if ((values.person === undefined) === (values.admin !== true)) throw new WrongUse('Say either --person ADDRESS or --admin.')
    const wanted = scopesOf(values.scopes ?? (values.admin ? 'read,write,admin' : 'read,write'))
    const days = Number(values.days ?? 365)
    if (!Number.isInteger(days) || days < 1 || days > 3650) throw new WrongUse('--days is a number from 1 to 3650.')
    const kernel = await tools.kernel()
    const made = await kernel.asSystem(async (context) => {
      const person = await personOf(context, values.person)
      return {
        person,
        ...(await makeToken(context, person.id, { name: values.name ?? 'Made on the command line', scopes: wanted, expiresInDays: days })),
      }
    })
    tools.note(`A token of ${made.person.name} (${wanted.join(', ')}), valid for ${days} days. It is shown this once.`)
    tools.say(made.token)
    return undefined
  },
}

function scopesOf(given: string): TokenScope[] {
  const wanted = given.split(',').map((scope) => scope.trim())
  for (const scope of wanted) if (!scopes.includes(scope as TokenScope)) throw new WrongUse(`"${scope}" is no scope: ${scopes.join(', ')}.`)
  return wanted as TokenScope[]
}

async function personOf(context: Context, email: string | undefined): Promise<{ id: string; name: string }> {
  if (email === undefined) return firstAdministrator(context)
  const person = await personByEmail(context.db, email)
  if (!person) throw new WrongUse(`Nobody here has the address ${email}.`)
  if (person.archived) throw new WrongUse(`${person.name} is archived and cannot sign in.`)
  return person
}
