import { keyNames, useKeyChoices } from '../kernel/keyboard.ts'
import styles from './KeyHint.module.css'

/** The keys of a shortcut as its reader set them, drawn as keys; nothing while single keys are switched off. */
export function KeyHint({ keys, onColour = false }: { keys: string; onColour?: boolean }) {
  const choices = useKeyChoices()
  const now = choices.keys[keys] ?? keys
  if (!choices.letters && !/(mod|alt)\+/.test(now)) return null
  return (
    <span className={styles.keys} data-on-colour={onColour || undefined} aria-hidden="true">
      {keyNames(now).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  )
}
