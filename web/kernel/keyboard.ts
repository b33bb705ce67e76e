import { useEffect, useRef, useSyncExternalStore } from 'react'

/**
 * Shortcuts register themselves while their screen stands; the help (?) lists what is registered. Keys of one letter can
 * be switched off (WCAG 2.1.4); those with Ctrl, Cmd or Alt always work. `mod+k` is Ctrl or Cmd; `g t` is G, then T.
 */
export type Shortcut = { keys: string; label: string; group: string; run: (event: KeyboardEvent) => void; inFields?: boolean }
const registered: Shortcut[] = []
const kept = 'firstline.letter-keys'
const listeners = new Set<() => void>()
let letterKeys = localStorage.getItem(kept) !== 'off'

export function setLetterKeys(on: boolean): void {
  letterKeys = on
  localStorage.setItem(kept, on ? 'on' : 'off')
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const useLetterKeys = (): boolean => useSyncExternalStore(subscribe, () => letterKeys)
export const shortcutsNow = (): readonly Shortcut[] => registered

export function useShortcut(
  keys: string,
  label: string,
  group: string,
  run: (event: KeyboardEvent) => void,
  { inFields = false, on = true } = {},
): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    if (!on) return
    const shortcut: Shortcut = { keys, label, group, inFields, run: (event) => latest.current(event) }
    registered.push(shortcut)
    return () => void registered.splice(registered.indexOf(shortcut), 1)
  }, [keys, label, group, inFields, on])
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
const isChord = (keys: string) => /(mod|alt)\+/.test(keys)

function nameOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace('arrow', '')
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : ''
  return `${mod}${event.altKey ? 'alt+' : ''}${event.shiftKey && key.length > 1 ? 'shift+' : ''}${key}`
}

/** While a dialog is on its way, what is typed for it must not act on the screen below: an E meant for the search resolves a ticket. */
let held = false
export const holdKeys = (on: boolean): void => {
  held = on
}

let before = ''
let beforeAt = 0
function press(event: KeyboardEvent): void {
  if (held || event.defaultPrevented || event.isComposing || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return
  const name = nameOf(event)
  const pair = event.timeStamp - beforeAt < 1200 ? `${before} ${name}` : ''
  const inDialog = document.querySelector('[role="dialog"][aria-modal="true"]') !== null
  const works = (s: Shortcut) => !inDialog && (s.inFields || !isField(event.target)) && (letterKeys || isChord(s.keys) || s.keys.length > 1)
  // G then P goes before P alone; else the newest registration wins: a ticket's keys go before those of the list below it.
  const found = registered.findLast((s) => s.keys === pair && works(s)) ?? registered.findLast((s) => s.keys === name && works(s))
  before = isField(event.target) ? '' : name
  beforeAt = event.timeStamp
  if (!found || (found.keys.includes(' ') && !letterKeys)) return
  event.preventDefault()
  before = ''
  found.run(event)
}
document.addEventListener('keydown', press)

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)
/** As printed on keys: "Ctrl K", "G T". */
export const keyNames = (keys: string): string[] =>
  keys
    .split(/[+ ]/)
    .map((k) =>
      k === 'mod'
        ? isMac
          ? '⌘'
          : 'Ctrl'
        : k === 'alt'
          ? isMac
            ? '⌥'
            : 'Alt'
          : k === 'up'
            ? '↑'
            : k === 'down'
              ? '↓'
              : k.length === 1
                ? k.toUpperCase()
                : k[0]?.toUpperCase() + k.slice(1),
    )
