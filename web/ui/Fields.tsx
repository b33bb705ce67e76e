import {
  Checkbox,
  NumberInput,
  PasswordInput,
  type PasswordInputProps,
  SegmentedControl,
  Select,
  type SelectProps,
  Switch,
  TagsInput,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import styles from './Fields.module.css'
import { uiTexts } from './texts.ts'

/** Every field has a label that stays; `hint` says what is not plain, `error` what is wrong and what to do. */
type Labels = { label: string; hint?: string | undefined; error?: string | undefined; optional?: boolean }
const labels = ({ hint, error }: Labels) => ({ ...(hint ? { description: hint } : {}), ...(error ? { error } : {}) })

type TextProps = Labels & Omit<TextInputProps, 'label' | 'error' | 'description'>
export function TextField({ label, hint, error, optional, ...rest }: TextProps) {
  return <TextInput label={label} {...labels({ label, hint, error })} withAsterisk={false} {...rest} />
}

export function PasswordField({
  label,
  hint,
  error,
  optional,
  ...rest
}: Labels & Omit<PasswordInputProps, 'label' | 'error' | 'description'>) {
  return <PasswordInput label={label} {...labels({ label, hint, error })} withAsterisk={false} {...rest} />
}

type AreaProps = Labels & Omit<TextareaProps, 'label' | 'error' | 'description'>
export function TextArea({ label, hint, error, optional, ...rest }: AreaProps) {
  return <Textarea label={label} autosize minRows={3} maxRows={16} {...labels({ label, hint, error })} withAsterisk={false} {...rest} />
}

type NumberProps = Labels & {
  value: number | null
  onChange: (value: number | null) => void
  min?: number
  max?: number
  name?: string
  disabled?: boolean
}
export function NumberField({ label, hint, error, optional, value, onChange, ...rest }: NumberProps) {
  return (
    <NumberInput
      label={label}
      {...labels({ label, hint, error })}
      value={value ?? ''}
      onChange={(v) => onChange(v === '' ? null : Number(v))}
      allowDecimal={false}
      {...rest}
    />
  )
}

export type Option = { value: string; label: string; disabled?: boolean }
type SelectFieldProps<V extends string | null> = Labels &
  Omit<SelectProps, 'label' | 'error' | 'description' | 'data' | 'value' | 'onChange'> & {
    options: readonly (Option | { group: string; items: readonly Option[] })[]
    value: V
    onChange: (value: V) => void
  }
/** Choose one of few. With `clearable`, null means none. */
export function SelectField<V extends string | null>({
  label,
  hint,
  error,
  optional,
  options,
  value,
  onChange,
  ...rest
}: SelectFieldProps<V>) {
  const t = useTexts(uiTexts)
  return (
    <Select
      label={label}
      {...labels({ label, hint, error })}
      data={options as NonNullable<SelectProps['data']>}
      value={value}
      onChange={(next) => onChange(next as V)}
      allowDeselect={false}
      searchable={options.length > 8}
      nothingFoundMessage={t('nothingFound')}
      withAsterisk={false}
      clearButtonProps={{ 'aria-label': t('clear') }}
      comboboxProps={{ shadow: 'md' }}
      // The list itself scrolls, which arrow keys do; a scrolling box around it would need a stop of Tab of its own.
      withScrollArea={false}
      styles={{ options: { maxHeight: 260, overflowY: 'auto' } }}
      {...rest}
    />
  )
}

type TagsProps = Labels & {
  value: readonly string[]
  onChange: (value: string[]) => void
  placeholder?: string
  name?: string
  suggestions?: string[]
  /** What is being typed, for suggestions that the server gives. */
  onSearchChange?: (typed: string) => void
}
/** Several short words or addresses. */
export function TagsField({ label, hint, error, optional, value, onChange, suggestions = [], ...rest }: TagsProps) {
  return (
    <TagsInput
      label={label}
      {...labels({ label, hint, error })}
      data={suggestions}
      value={[...value]}
      onChange={onChange}
      acceptValueOnBlur
      splitChars={[',', ';', ' ']}
      {...rest}
    />
  )
}

type CheckProps = Labels & {
  checked: boolean
  onChange: (event: { currentTarget: { checked: boolean } }) => void
  name?: string
  disabled?: boolean
}
export function CheckField({ label, hint, error, optional, ...rest }: CheckProps) {
  return <Checkbox label={label} {...labels({ label, hint, error })} {...rest} />
}
export function SwitchField({ label, hint, error, optional, ...rest }: CheckProps) {
  return <Switch label={label} {...labels({ label, hint, error })} {...rest} />
}

type ChoiceProps<V extends string> = {
  label: string
  options: readonly { value: V; label: string }[]
  value: V
  onChange: (value: V) => void
  wide?: boolean
  hideLabel?: boolean
  size?: 'xs' | 'sm' | 'md'
}
/** One of two to four, all seen at once. A label that is plain from what stands around may be hidden; it is still read out. */
export function ChoiceField<V extends string>({
  label,
  options,
  value,
  onChange,
  wide = false,
  hideLabel = false,
  size = 'xs',
}: ChoiceProps<V>) {
  return (
    <div>
      {!hideLabel && (
        <div className={styles.label} aria-hidden="true">
          {label}
        </div>
      )}
      <SegmentedControl
        aria-label={label}
        data={[...options]}
        value={value}
        onChange={(next) => onChange(next as V)}
        size={size}
        fullWidth={wide}
      />
    </div>
  )
}

/** Fields that belong together, under one heading. */
export function FieldSet({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <fieldset className={styles.set}>
      <legend>{title}</legend>
      {hint && <p className="dim small">{hint}</p>}
      {children}
    </fieldset>
  )
}

/** Two fields beside each other where there is room. */
export const FieldRow = ({ children }: { children: ReactNode }) => <div className={styles.row}>{children}</div>

/** What concerns the form as a whole, told above its buttons. */
export function FormProblem({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className={text ? styles.problem : undefined}>
      {text}
    </div>
  )
}
