import { useEffect, useRef, useSyncExternalStore } from 'react'

/**
 * Shortcuts register themselves while their screen stands; the help (?) lists what is registered. Keys of one letter can
 * be switched off or changed (WCAG 2.1.4), for each person on all their machines; those with Ctrl, Cmd or Alt always
 * work. `mod+k` is Ctrl or Cmd; `g t` is G, then T; `macro:12` is no key at all: a command of the palette.
 */
export type Shortcut = { keys: string; label: string; group: string; run: (event: KeyboardEvent) => void; inFields?: boolean }
const registered: Shortcut[] = []
const listeners = new Set<() => void>()

/** `keys` leads from a shortcut's usual key to the one that this person chose. */
export type KeyChoices = { letters: boolean; keys: Record<string, string> }
let choices: KeyChoices = { letters: true, keys: {} }

export function applyKeys(next: KeyChoices): void {
  choices = next
  for (const listener of listeners) listener()
}
const keysNow = (keys: string): string => choices.keys[keys] ?? keys
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const useKeyChoices = (): KeyChoices => useSyncExternalStore(subscribe, () => choices)
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

/** With Alt, some keyboards write another sign; the key itself is meant. */
const plainKey = ({ key, code, altKey }: KeyboardEvent) => (altKey && /^(Key|Digit)/.test(code) ? code.replace(/^(Key|Digit)/, '') : key)

export function nameOfPress(event: KeyboardEvent): string {
  const pressed = plainKey(event)
  const key = pressed === ' ' ? 'space' : pressed.length === 1 ? pressed.toLowerCase() : pressed.toLowerCase().replace('arrow', '')
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : ''
  return `${mod}${event.altKey ? 'alt+' : ''}${event.shiftKey && key.length > 1 ? 'shift+' : ''}${key}`
}

/** While a dialog is on its way, what is typed for it must not act on the screen below: an E meant for the search resolves a ticket. */
let held = false
let letters = ''
export const holdKeys = (on: boolean): void => {
  held = on
  letters = ''
}
/** The letters that were typed before the dialog stood: they are meant for its field. */
export const heldLetters = (): string => letters
function hold({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): void {
  if (key.length === 1 && !ctrlKey && !metaKey && !altKey && !isField(target)) letters += key
}

let before = ''
let beforeAt = 0
function press(event: KeyboardEvent): void {
  if (held) hold(event)
  if (held || event.defaultPrevented || event.isComposing || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return
  const name = nameOfPress(event)
  const pair = event.timeStamp - beforeAt < 1200 ? `${before} ${name}` : ''
  const inDialog = document.querySelector('[role="dialog"][aria-modal="true"]') !== null
  const works = (s: Shortcut, keys: string) =>
    !inDialog && (s.inFields || !isField(event.target)) && (choices.letters || isChord(keys) || keys.length > 1)
  const named = (wanted: string) => (s: Shortcut) => keysNow(s.keys) === wanted && works(s, wanted)
  // G then P goes before P alone; else the newest registration wins: a ticket's keys go before those of the list below it.
  const found = registered.findLast(named(pair)) ?? registered.findLast(named(name))
  before = isField(event.target) ? '' : name
  beforeAt = event.timeStamp
  if (!found || (found.keys.includes(' ') && !choices.letters)) return
  event.preventDefault()
  before = ''
  found.run(event)
}
document.addEventListener('keydown', press)

export const keysOf = ({ keys }: { keys: string }): string => keysNow(keys)

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)
/** As printed on keys: "Ctrl K", "G T". */
export const keyNames = (keys: string): string[] =>
  keys
    .split(/(?<=.)[+ ](?=.)/)
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
