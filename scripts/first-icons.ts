import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The icons that the first screens load: those named in the files that are reached without a lazy import. They are one
 * chunk; the icons of all other screens are another, so that a new screen makes the first one no larger.
 */
const screens = ['main.tsx', 'features/shell/Shell.tsx', 'features/tickets/TicketsScreen.tsx', 'features/tickets/NoTicket.tsx']
const staticImport = /^(?:import|export) (?!type\b)[^'"]*?from '(\.[^']+)'/gms

export function firstIcons(web: string): Set<string> {
  const icons = new Set<string>()
  const seen = new Set<string>()
  const read = (file: string): void => {
    if (seen.has(file) || !/\.tsx?$/.test(file)) return
    seen.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [icon] of text.matchAll(/\bIcon[A-Z]\w*/g)) icons.add(icon)
    for (const [, from] of text.matchAll(staticImport)) read(join(dirname(file), from!))
  }
  for (const screen of screens) read(join(web, screen))
  return icons
}
