import { mailShapes, mailSteps } from '../test/mail-shapes.ts'

/** Processor time that each step of reading a mail takes for a megabyte of the text that is hardest for it (A-008: 200 ms). */
export type StepRow = { step: string; shape: string; milliseconds: number; ceiling: number }

const MEGABYTE = 1_000_000

export const measureMailSteps = (): StepRow[] =>
  Object.entries(mailSteps).map(([step, work]) => {
    const all = Object.entries(mailShapes).map(([shape, make]) => ({ shape, milliseconds: medianOf(work, make(MEGABYTE)) }))
    const slowest = all.reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a))
    return { step, ...slowest, ceiling: 200 }
  })

function medianOf(work: (text: string) => unknown, text: string): number {
  const times = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage()
    work(text)
    const { user, system } = process.cpuUsage(start)
    return Math.round((user + system) / 1000)
  })
  return times.sort((a, b) => a - b)[3] ?? 0
}
