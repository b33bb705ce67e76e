import { readdirSync, readFileSync } from 'node:fs'

/**
 * What goes wrong in the sample company: 150 problems, each told in English and German. They are plain text files below
 * `problems/`, so that somebody who knows the trade and not the program can correct them:
 *   == key | category | team | incident or request | impact urgency [| organisation]
 *   S: a subject (several)   Q: the requester   A: the agent   N: an internal note   R: what solved it
 *   B: back again, reopened   F: what finally solved it;   after a line `-- de` the same in German.
 * Words in braces are filled in for each ticket (surroundings.ts).
 */
export type Line = { mark: 'Q' | 'A' | 'N' | 'R' | 'B' | 'F'; text: string }
export type Telling = { subjects: string[]; lines: Line[] }
export type Problem = {
  key: string
  category: string
  team: string
  kind: 'incident' | 'request'
  impact: number
  urgency: number
  organisation: string | null
  en: Telling
  de: Telling
}

export function readProblems(): Problem[] {
  const folder = new URL('./problems/', import.meta.url)
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
  return files.flatMap((name) => problemsIn(readFileSync(new URL(name, folder), 'utf8'), name))
}

function problemsIn(text: string, file: string): Problem[] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...rest] = block.split('\n')
      const [key = '', category = '', team = '', kind = '', weight = '', organisation = null] = head.split('|').map((part) => part.trim())
      const [impact = 1, urgency = 1] = weight.split(' ').map(Number)
      const [en = '', de = ''] = rest.join('\n').split(/^-- de$/m)
      if (kind !== 'incident' && kind !== 'request') throw new Error(`${file}: ${key} is neither incident nor request.`)
      return {
        key,
        category,
        team,
        kind,
        impact,
        urgency,
        organisation,
        en: tellingOf(en, `${file}: ${key}`),
        de: tellingOf(de, `${file}: ${key} (de)`),
      }
    })
}

export function tellingOf(text: string, where: string): Telling {
  const subjects: string[] = []
  const lines: Line[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const found = /^([SQANRBF]): (.+)$/.exec(line)
    if (!found) throw new Error(`${where}: no mark before "${line}".`)
    if (found[1] === 'S') subjects.push(found[2]!)
    else lines.push({ mark: found[1] as Line['mark'], text: found[2]! })
  }
  if (subjects.length === 0 || lines[0]?.mark !== 'Q' || !lines.some((line) => line.mark === 'R'))
    throw new Error(`${where} is not complete.`)
  return { subjects, lines }
}
