import { IconCheck } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { defaultAccent, readableAccent } from '../../kernel/theme.ts'
import styles from './LogoField.module.css'
import { setUpTexts } from './texts.ts'

const offered = [defaultAccent, '#0b7285', '#2b8a3e', '#a15c00', '#c2255c', '#7048e8', '#495057']

/** One accent colour. White text has to be readable on it: where it would not be, the darker shade in use is shown and said. */
export function AccentField({ value, onChange }: { value: string | null; onChange: (accent: string | null) => void }) {
  const t = useTexts(setUpTexts)
  const chosen = value ?? defaultAccent
  const shown = readableAccent(chosen)
  const choose = (colour: string) => onChange(colour === defaultAccent ? null : colour)
  return (
    <fieldset className={styles.set}>
      <legend>{t('accent')}</legend>
      <p className="dim small">{t('accentHint')}</p>
      <div className={styles.swatches}>
        {offered.map((colour) => (
          <label key={colour} className={styles.swatch} style={{ background: colour }}>
            <input
              type="radio"
              name="accent"
              checked={colour === chosen}
              onChange={() => choose(colour)}
              aria-label={colour === defaultAccent ? t('standardColour') : colour}
            />
            {colour === chosen && <IconCheck size={18} stroke={2.5} aria-hidden="true" />}
          </label>
        ))}
        <label className={styles.other}>
          <input type="color" value={chosen} onChange={(event) => choose(event.currentTarget.value.toLowerCase())} />
          {t('otherColour')}
        </label>
      </div>
      <div className={styles.shown} role="status">
        <span className={styles.sample} style={{ background: shown }}>
          {t('accentSample')}
        </span>
        <span className="grow">{shown === chosen ? t('accentGood') : t('accentDarkened', { shown })}</span>
      </div>
    </fieldset>
  )
}
