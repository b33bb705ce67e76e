import { useId } from 'react'
import styles from './PlainChoice.module.css'

type Props<V extends string> = {
  label: string
  name: string
  value: V
  onChange: (value: V) => void
  options: readonly { value: V; label: string }[]
  error?: string | undefined
}

/** A question with two or three large answers side by side; none is chosen beforehand. Radio buttons, so that keys and screen readers know them. */
export function PlainChoice<V extends string>({ label, name, value, onChange, options, error }: Props<V>) {
  const id = useId()
  return (
    <fieldset className={styles.set} {...(error ? { 'aria-describedby': id } : {})}>
      <legend>{label}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {error && (
        <p id={id} className={styles.error}>
          {error}
        </p>
      )}
    </fieldset>
  )
}
