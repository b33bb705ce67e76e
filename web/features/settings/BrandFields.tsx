import { type ChangeEvent, useRef } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { defaultAccent } from '../../kernel/theme.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './Settings.module.css'
import type { SettingsForm } from './settings-form.ts'
import { settingTexts } from './texts.ts'

const largest = 100 * 1024
const kinds = ['image/png', 'image/jpeg', 'image/webp']

/** The picture goes with the form, as a data: address; its size is looked at before it is read. */
export function LogoField({ form }: { form: SettingsForm }) {
  const t = useTexts(settingTexts)
  const input = useRef<HTMLInputElement>(null)
  const { logo } = form.values
  const error = form.errors['logo']
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0]
    event.currentTarget.value = ''
    if (!file) return
    if (!kinds.includes(file.type)) return form.setErrors({ ...form.errors, logo: t('notAPicture') })
    if (file.size > largest) return form.setErrors({ ...form.errors, logo: t('tooLarge') })
    const reader = new FileReader()
    reader.onload = () => form.set('logo', String(reader.result))
    reader.readAsDataURL(file)
  }
  return (
    <div className="stack" style={{ gap: 4 }}>
      <span className={styles.label}>{t('logo')}</span>
      <p className="dim small">{t('logoHint')}</p>
      <div className={styles.logo}>
        {logo ? <img src={logo} alt={t('logoNow')} /> : <span className={styles.none} aria-hidden="true" />}
        <Button onClick={() => input.current?.click()}>{t('chooseLogo')}</Button>
        {logo && (
          <Button look="plain" onClick={() => form.set('logo', null)}>
            {t('removeLogo')}
          </Button>
        )}
        <input ref={input} type="file" tabIndex={-1} aria-hidden="true" className={styles.file} accept={kinds.join(',')} onChange={take} />
      </div>
      {error && (
        <p className="small" role="alert" style={{ color: 'var(--bad)' }}>
          {error}
        </p>
      )}
    </div>
  )
}

export function AccentField({ form }: { form: SettingsForm }) {
  const t = useTexts(settingTexts)
  const { accent } = form.values
  return (
    <div className="stack" style={{ gap: 4 }}>
      <span className={styles.label}>{t('accent')}</span>
      <p className="dim small">{t('accentHint')}</p>
      <div className={styles.colour}>
        <input
          type="color"
          aria-label={t('accentPick')}
          value={accent ?? defaultAccent}
          onChange={(event) => form.set('accent', event.currentTarget.value)}
        />
        <code className="small">{accent ?? defaultAccent}</code>
        {accent !== null && (
          <Button look="plain" onClick={() => form.set('accent', null)}>
            {t('accentDefault')}
          </Button>
        )}
      </div>
    </div>
  )
}
