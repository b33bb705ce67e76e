/**
 * Where a fault test may stop the program: both sides of every side effect that cannot be taken back. Nothing happens
 * here unless the program was started with the setting FAILPOINT, which only tests do.
 */
export type Failure = 'kill9' | 'throw' | 'hang' | 'stop'
let armed: { name: string; failure: Failure } | undefined

/** `mail.after-arrival-commit:kill9`; undefined disarms. */
export function armFailpoint(setting: string | undefined): void {
  const [name = '', failure = ''] = setting?.split(':') ?? []
  armed = setting === undefined ? undefined : { name, failure: failure as Failure }
}

export async function failpoint(name: string): Promise<void> {
  if (armed?.name !== name) return
  if (armed.failure === 'throw') throw new Error(`The failpoint ${name}.`)
  if (armed.failure === 'kill9') process.kill(process.pid, 'SIGKILL')
  // Asleep until somebody outside wakes it, and then on as if nothing had been: once.
  if (armed.failure === 'stop') {
    armed = undefined
    return void process.kill(process.pid, 'SIGSTOP')
  }
  await new Promise<never>(() => {})
}
