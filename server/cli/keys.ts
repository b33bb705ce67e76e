import { parseArgs } from 'node:util'
import { resealAll } from '../features/health/actions-keys.ts'
import { changeKey, forgetKeyBefore, keySince, readKeys } from '../kernel/secrets-keys.ts'
import { type Command, WrongUse } from './command.ts'

/** Links that are under way in mails are sealed too, and live for a week at most. */
const daysBefore = 8

export const rotateKeys: Command = {
  name: 'keys rotate',
  usage: 'keys rotate',
  sentence:
    'Makes a new encryption key and seals every stored secret with it, while Firstline runs. The key before still opens what is under way; `keys forget` ends that. May be interrupted and run again.',
  async run(tools) {
    const { DATA_DIR, ENCRYPTION_KEY, ENCRYPTION_KEY_BEFORE } = tools.settings
    if (ENCRYPTION_KEY !== undefined && ENCRYPTION_KEY_BEFORE === undefined)
      throw new WrongUse(
        'The key is a setting here. Set ENCRYPTION_KEY to a new one and ENCRYPTION_KEY_BEFORE to the present one, start Firstline again, then run this.',
      )
    const kernel = await tools.kernel()
    if (ENCRYPTION_KEY === undefined)
      tools.note(changeKey(DATA_DIR) === 'begun' ? 'A new key is in place.' : 'Going on with the change that was begun.')
    const count = await resealAll(kernel)
    tools.note(
      ENCRYPTION_KEY === undefined
        ? `Back the keys up now (backup --with-keys). After ${daysBefore} days: npm run firstline -- keys forget`
        : `Take ENCRYPTION_KEY_BEFORE away after ${daysBefore} days.`,
    )
    tools.say(`${count} secrets were sealed with the new key.`)
    return 0
  },
}

export const forgetKeys: Command = {
  name: 'keys forget',
  usage: 'keys forget [--now]',
  sentence: 'Ends a change of the key: seals what is still sealed with the key before, then removes that key from DATA_DIR/secrets.',
  async run(tools, args) {
    const { values } = parseArgs({ args, options: { now: { type: 'boolean', default: false } } })
    const { DATA_DIR, ENCRYPTION_KEY } = tools.settings
    if (ENCRYPTION_KEY !== undefined) throw new WrongUse('The key is a setting here: take ENCRYPTION_KEY_BEFORE away.')
    const kernel = await tools.kernel()
    const { current, before } = readKeys(DATA_DIR)
    if (before === null || before === current) {
      tools.say('There is no key from before.')
      return 0
    }
    const days = Math.floor((Date.now() - keySince(DATA_DIR)) / 86_400_000)
    if (days < daysBefore && !values.now)
      throw new WrongUse(`The key was changed ${days} days ago; links in mails may still need the one before. Wait, or add --now.`)
    const count = await resealAll(kernel)
    forgetKeyBefore(DATA_DIR)
    tools.say(
      `The key before is gone; ${count} secrets had still been sealed with it. Backups made before the change need it: keep their keys.`,
    )
    return 0
  },
}
