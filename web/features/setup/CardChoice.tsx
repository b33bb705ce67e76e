import styles from './CardChoice.module.css'

type Props<V extends string> = {
  label: string
  hint?: string
  name: string
  value: V
  onChange: (value: V) => void
  options: readonly { value: V; label: string; text: string }[]
}

/** One of two ways that need a sentence each. */
export function CardChoice<V extends string>({ label, hint, name, value, onChange, options }: Props<V>) {
  return (
    <fieldset className={styles.set}>
      <legend>{label}</legend>
      {hint && <p className="dim small">{hint}</p>}
      <div className={styles.cards}>
        {options.map((option) => (
          <label key={option.value} className={styles.card}>
            <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>
              <strong>{option.label}</strong>
              <span>{option.text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
