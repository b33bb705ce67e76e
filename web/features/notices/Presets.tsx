import type { NoticeChoices } from '../../../contract/notices.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Page.tsx'
import styles from './Choices.module.css'
import { choiceTexts } from './choice-texts.ts'
import { useChoose } from './choosing.ts'

/** Three ways that suit most, and the one that somebody made of their own. */
export function Presets({ chosen }: { chosen: NoticeChoices }) {
  const t = useTexts(choiceTexts)
  const choose = useChoose()
  return (
    <Section
      title={t('howMuch')}
      lead={t('howMuchLead')}
      actions={chosen.preset === 'usual' ? undefined : <Button onClick={() => choose({ preset: 'usual' })}>{t('reset')}</Button>}
    >
      <fieldset className={styles.presets} aria-label={t('howMuch')}>
        {(['calm', 'usual', 'everything'] as const).map((preset) => (
          <label key={preset} className={styles.preset} data-chosen={preset === chosen.preset || undefined}>
            <input type="radio" name="preset" checked={preset === chosen.preset} onChange={() => choose({ preset })} />
            <span>
              <strong>{t(preset)}</strong>
              <span className="dim small">{t(`${preset}Text`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {chosen.preset === null && <p className="dim small">{t('ownText')}</p>}
    </Section>
  )
}
