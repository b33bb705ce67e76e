import { useSyncExternalStore } from 'react'

/** The reader's language: of the profile once signed in, else the last choice here, else the browser's. */
export type Language = 'en' | 'de'
const kept = 'firstline.language'
const listeners = new Set<() => void>()
const first = (): Language => {
  const choice = localStorage.getItem(kept) ?? navigator.language
  return choice.startsWith('de') ? 'de' : 'en'
}
let current = first()
document.documentElement.lang = current

export const language = (): Language => current
export function setLanguage(next: Language): void {
  if (next === current) return
  current = next
  localStorage.setItem(kept, next)
  document.documentElement.lang = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const useLanguage = (): Language => useSyncExternalStore(subscribe, language)
