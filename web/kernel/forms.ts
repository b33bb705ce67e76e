import { useState } from 'react'
import { problemIn } from './call.ts'
import { issueText, problemText } from './problem-texts.ts'

/**
 * A form's values with the server's complaints beside their fields. The server checks; the browser only says early what
 * is plainly missing. `const form = useForm({ name: '', email: '' })`, `<TextField label={t('name')} {...form.text('name')} />`,
 * and in the mutation `onProblem: form.take`.
 */
export function useForm<V extends Record<string, unknown>>(initial: V) {
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<string>()
  const clear = (name: string) => {
    if (errors[name]) setErrors(({ [name]: _, ...rest }) => rest)
  }
  const set = <K extends keyof V & string>(name: K, value: V[K]) => {
    setValues((now) => ({ ...now, [name]: value }))
    clear(name)
  }
  /** Issues whose path is a field (or begins with one) go there; what is left is told above the buttons. */
  const take = (cause: unknown) => {
    const issues = problemIn(cause)?.issues ?? []
    const mine: Record<string, string> = {}
    let rest = issues.length === 0
    for (const issue of issues) {
      const field = issue.path in values ? issue.path : (issue.path.split('.')[0] ?? '')
      if (field in values) mine[field] ??= issueText(issue)
      else rest = true
    }
    setErrors(mine)
    setProblem(rest ? problemText(cause) : undefined)
  }
  const reset = (next: V = initial) => {
    setValues(next)
    setErrors({})
    setProblem(undefined)
  }
  return {
    values,
    errors,
    /** What concerns no single field; show it with `<FormProblem>`. */
    problem,
    set,
    take,
    reset,
    setErrors,
    /** For fields whose onChange gives an event. */
    text: <K extends keyof V & string>(name: K) => ({
      name,
      value: String(values[name] ?? ''),
      error: errors[name],
      onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value as V[K]),
    }),
    /** For fields whose onChange gives the value. */
    value: <K extends keyof V & string>(name: K) => ({
      name,
      value: values[name],
      error: errors[name],
      onChange: (value: V[K]) => set(name, value),
    }),
    check: <K extends keyof V & string>(name: K) => ({
      name,
      checked: Boolean(values[name]),
      error: errors[name],
      onChange: (event: { currentTarget: { checked: boolean } }) => set(name, event.currentTarget.checked as V[K]),
    }),
  }
}
