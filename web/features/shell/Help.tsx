import { useTexts } from '../../kernel/i18n.ts'
import { keysOf, shortcutsNow, useKeyChoices } from '../../kernel/keyboard.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { saveKeys } from '../profile/key-choices.ts'
import styles from './Help.module.css'
import { shellTexts } from './texts.ts'

/** Every shortcut that works right now, by group. */
export function Help({ onClose }: { onClose: () => void }) {
  const t = useTexts(shellTexts)
  const choices = useKeyChoices()
  const groups = Map.groupBy(
    shortcutsNow().filter((s) => !s.keys.includes(':')),
    (s) => s.group,
  )
  return (
    <Dialog title={t('shortcuts')} open onClose={onClose} size="lg">
      <SwitchField
        label={t('letterKeys')}
        checked={choices.letters}
        onChange={(e) => void saveKeys({ ...choices, letters: e.currentTarget.checked })}
      />
      {!choices.letters && <p className="dim small">{t('noLetters')}</p>}
      <div className={styles.groups}>
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={styles.list}>
              {shortcuts.map((s) => (
                <div key={s.keys}>
                  <dt>{s.label}</dt>
                  <dd>
                    <span className="unseen">{keysOf(s)}</span>
                    <KeyHint keys={s.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
