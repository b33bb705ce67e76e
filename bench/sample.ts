import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryOf, processesOf } from './processes.ts'
import { launch } from './programs.ts'

/** What the sample company takes while nobody uses it, half a minute after it is ready. */
export type Memory = { all: number; program: number; postgres: number }

export async function sampleCompanyMemory(folder: string, port: number): Promise<Memory> {
  const dataDir = mkdtempSync(join(tmpdir(), 'firstline-bench-'))
  const variables = { HOST: '127.0.0.1', BACKUP: 'off', SMTP_URL: '', DATA_DIR: dataDir, PORT: String(port), SMTP_PORT: String(port + 1) }
  const { pid, stop } = await launch(folder, variables, '--demo')
  try {
    await new Promise((go) => setTimeout(go, 30_000))
    return memoryNow(pid, dataDir)
  } finally {
    await stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Proportional set size in megabytes, children of both included; `watcher`: the process behind the connection that looks on. */
export function memoryNow(pid: number, dataDir: string, watcher?: number | null): Memory {
  const { server, database } = processesOf(pid, dataDir)
  const [program, postgres] = [memoryOf(server), memoryOf(database.filter((one) => one !== watcher))]
  return { all: program + postgres, program, postgres }
}
