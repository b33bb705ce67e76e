import { useMantineColorScheme } from '@mantine/core'
import { useTexts } from '../../kernel/i18n.ts'
import { useKeyChoices } from '../../kernel/keyboard.ts'
import { useMe } from '../../kernel/session.ts'
import { ChoiceField, SelectField, SwitchField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { KeyFields } from './KeyFields.tsx'
import { saveKeys, saveUndo, undoChoices } from './key-choices.ts'
import { keyTexts } from './key-texts.ts'
import styles from './Profile.module.css'
import { profileTexts } from './texts.ts'

/** Light or dark, and with `keys` what the desk needs: the keyboard, and how long what was sent can be taken back. */
export function Appearance({ keys = false }: { keys?: boolean }) {
  const t = useTexts(profileTexts)
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
      {keys && <UndoTime />}
      {keys && <Keys />}
    </div>
  )
}

function Keys() {
  const t = useTexts(profileTexts)
  const choices = useKeyChoices()
  return (
    <Section title={t('keysTitle')}>
      <SwitchField
        label={t('letterKeys')}
        hint={t('letterKeysHint')}
        checked={choices.letters}
        onChange={(event) => void saveKeys({ ...choices, letters: event.currentTarget.checked })}
      />
      <KeyFields />
    </Section>
  )
}

function UndoTime() {
  const t = useTexts(profileTexts)
  const k = useTexts(keyTexts)
  const me = useMe()
  return (
    <Section title={t('undoTitle')}>
      <div className={styles.undo}>
        <SelectField
          label={k('undoLabel')}
          hint={k('undoHint')}
          value={String(me.undoSeconds ?? 'desk')}
          onChange={(v) => void saveUndo(undoChoices.find((s) => String(s) === v) ?? null)}
          options={[
            { value: 'desk', label: k('undoDesk', { seconds: me.deskUndoSeconds }) },
            ...undoChoices.map((s) => ({ value: String(s), label: k('undoSeconds', { seconds: s }) })),
          ]}
        />
      </div>
    </Section>
  )
}
