import { keyNames, useLetterKeys } from '../kernel/keyboard.ts'
import styles from './KeyHint.module.css'

/** The keys of a shortcut, drawn as keys; nothing while single keys are switched off. */
export function KeyHint({ keys, onColour = false }: { keys: string; onColour?: boolean }) {
  const letters = useLetterKeys()
  if (!letters && !/(mod|alt)\+/.test(keys)) return null
  return (
    <span className={styles.keys} data-on-colour={onColour || undefined} aria-hidden="true">
      {keyNames(keys).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  )
}
