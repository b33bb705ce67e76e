import { readFileSync } from 'node:fs'

/**
 * Loaded before the program (`node --import`): its machine's clock is wrong by what stands in CLOCK_FILE, in
 * milliseconds, which may change while it runs. Timers and performance.now() go on as they do when a clock is set.
 */
const { CLOCK_FILE = '' } = process.env
const RealDate = Date
let ahead = 0
const read = () => {
  ahead = Number(readFileSync(CLOCK_FILE, 'utf8'))
}
read()
setInterval(read, 100).unref()

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: [], as) => Reflect.construct(target, args.length === 0 ? [RealDate.now() + ahead] : args, as),
  apply: () => new Date().toString(),
  get: (target, name) => (name === 'now' ? () => RealDate.now() + ahead : Reflect.get(target, name)),
})
