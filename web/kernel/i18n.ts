import { useMemo } from 'react'
import { type Language, language, useLanguage } from './language.ts'

/**
 * Texts stand beside the screens that say them: `export const texts = catalogue({ en: {...}, de: {...} })`. A key that
 * is in one language only does not compile. `{name}` is filled in; a text that depends on a number is
 * `{ one: '{count} ticket', other: '{count} tickets' }` and takes `count`.
 */
export type Text = string | { one: string; other: string; zero?: string }
type Table = Record<string, Text>
type NamesIn<S> = S extends `${string}{${infer N}}${infer Rest}` ? N | NamesIn<Rest> : never
type Filled<T extends Text> = T extends string
  ? NamesIn<T>
  : T extends { one: infer O; other: infer P }
    ? NamesIn<O> | NamesIn<P> | 'count'
    : never
type Values<T extends Text> = [Filled<T>] extends [never]
  ? []
  : [values: { [K in Filled<T>]: K extends 'count' ? number : string | number }]

export type Catalogue<E extends Table> = { en: E; de: Record<keyof E, Text> }
export const catalogue = <const E extends Table>(texts: { en: E; de: { [K in keyof E]: Text } }): Catalogue<E> => texts

export type Say<E extends Table> = <K extends keyof E & string>(key: K, ...values: Values<E[K]>) => string

const rules = { en: new Intl.PluralRules('en'), de: new Intl.PluralRules('de') }
const numbers = { en: new Intl.NumberFormat('en'), de: new Intl.NumberFormat('de') }

function fill(text: Text, values: Record<string, string | number>, to: Language): string {
  const count = Number(values.count ?? 0)
  const form =
    typeof text === 'string'
      ? text
      : count === 0 && text.zero !== undefined
        ? text.zero
        : text[rules[to].select(count) === 'one' ? 'one' : 'other']
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : typeof value === 'number' && name === 'count' ? numbers[to].format(value) : String(value)
  })
}

/** Outside of components (toasts, titles). */
export const sayIn =
  <E extends Table>(texts: Catalogue<E>, to: Language = language()): Say<E> =>
  (key, ...values) =>
    fill(texts[to][key] ?? texts.en[key] ?? key, (values[0] ?? {}) as Record<string, string | number>, to)

/** `const t = useTexts(texts); t('title')`. */
export function useTexts<E extends Table>(texts: Catalogue<E>): Say<E> {
  const to = useLanguage()
  return useMemo(() => sayIn(texts, to), [texts, to])
}

/** A text whose key is only known when it runs (an event type, a code): undefined when there is none. */
export const lookUp = <E extends Table>(
  texts: Catalogue<E>,
  key: string,
  values: Record<string, string | number> = {},
  to: Language = language(),
): string | undefined => {
  const text = (texts[to] as Table)[key]
  return text === undefined ? undefined : fill(text, values, to)
}

/** A name that the desk keeps in both languages: statuses, categories. */
export const inLanguage = (name: { en: string; de: string }, to: Language): string => name[to] || name.en
