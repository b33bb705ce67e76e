import { problemIn } from '../../kernel/call.ts'

/**
 * What was written where there is no connection is kept on the device until the server has it: the steps with their own
 * time, and the form as it stands. A private window has no store; then it is as on any page.
 */
export type Step = { state: 'planned' | 'on-the-way' | 'there' | 'done' | 'not-met'; reason: string; at: string }
export type Draft = { summary: string; workMinutes: number | null; travelMinutes: number | null; kilometres: number | null; parts: Part[] }
export type Part = { name: string; number: string; quantity: number; serial: string; price: number | null }

const stepsKey = (id: string) => `firstline.visit.${id}.steps`
const draftKey = (id: string) => `firstline.visit.${id}.work`

function read<T>(key: string): T | undefined {
  try {
    const kept = localStorage.getItem(key)
    return kept === null ? undefined : (JSON.parse(kept) as T)
  } catch {
    return undefined
  }
}
function write(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {}
}

export const unsentSteps = (id: string): Step[] => read<Step[]>(stepsKey(id)) ?? []
export const keepSteps = (id: string, steps: Step[]): void => write(stepsKey(id), steps.length > 0 ? steps : undefined)
export const unsentDraft = (id: string): Draft | undefined => read<Draft>(draftKey(id))
export const keepDraft = (id: string, draft: Draft | undefined): void => write(draftKey(id), draft)

/** No answer at all, as against one that refuses. */
export const isOffline = (cause: unknown): boolean => (problemIn(cause)?.status ?? 0) === 0
