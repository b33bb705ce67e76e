import { useMantineColorScheme } from '@mantine/core'
import { useTexts } from '../../kernel/i18n.ts'
import { setLetterKeys, useLetterKeys } from '../../kernel/keyboard.ts'
import { ChoiceField, SwitchField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import styles from './Profile.module.css'
import { profileTexts } from './texts.ts'

/** Light or dark, and with `keys` what the desk needs: the keyboard, and how long what was sent can be taken back. */
export function Appearance({ keys = false }: { keys?: boolean }) {
  const t = useTexts(profileTexts)
  const letters = useLetterKeys()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <div className={styles.parts}>
      <Section title={t('lookTitle')} lead={t('lookHint')}>
        <ChoiceField
          label={t('lookTitle')}
          hideLabel
          value={colorScheme}
          onChange={setColorScheme}
          options={[
            { value: 'light', label: t('light') },
            { value: 'dark', label: t('dark') },
            { value: 'auto', label: t('auto') },
          ]}
        />
      </Section>
      {keys && (
        <>
          <Section title={t('keysTitle')}>
            <SwitchField
              label={t('letterKeys')}
              hint={t('letterKeysHint')}
              checked={letters}
              onChange={(event) => setLetterKeys(event.currentTarget.checked)}
            />
          </Section>
          <Section title={t('undoTitle')}>
            <p>{t('undoText')}</p>
          </Section>
        </>
      )}
    </div>
  )
}
