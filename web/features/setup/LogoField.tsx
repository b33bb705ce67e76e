import { type ChangeEvent, type DragEvent, useId, useRef, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './LogoField.module.css'
import { asLogo } from './picture.ts'
import { setUpTexts } from './texts.ts'

type Props = { value: string | null; onChange: (logo: string | null) => void; error?: string | undefined }

/** A picture, picked or dropped, made small in the browser, shown on light and on dark as it will be. */
export function LogoField({ value, onChange, error }: Props) {
  const t = useTexts(setUpTexts)
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string>()
  const take = async (file: Blob | undefined) => {
    if (!file) return
    try {
      onChange(await asLogo(file))
      setProblem(undefined)
    } catch {
      setProblem(t('logoFailed'))
    }
  }
  const pick = (event: ChangeEvent<HTMLInputElement>) => {
    void take(event.currentTarget.files?.[0])
    event.currentTarget.value = ''
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void take(event.dataTransfer.files[0])
  }
  return (
    <fieldset className={styles.set} aria-describedby={id} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <legend>{t('logo')}</legend>
      <p id={id} className="dim small">
        {t('logoHint')}
      </p>
      <div className={styles.row}>
        {value && (
          <>
            <span className={styles.light}>
              <img src={value} alt={t('logoAlt')} />
            </span>
            <span className={styles.dark}>
              <img src={value} alt="" />
            </span>
          </>
        )}
        <Button onClick={() => input.current?.click()}>{t(value ? 'otherLogo' : 'chooseLogo')}</Button>
        {value && (
          <Button look="plain" onClick={() => onChange(null)}>
            {t('removeLogo')}
          </Button>
        )}
      </div>
      <input ref={input} type="file" accept="image/*" hidden onChange={pick} aria-label={t('chooseLogo')} />
      <p role="alert" className={styles.problem}>
        {problem ?? error}
      </p>
    </fieldset>
  )
}
