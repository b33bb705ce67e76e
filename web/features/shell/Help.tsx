import { useTexts } from '../../kernel/i18n.ts'
import { setLetterKeys, shortcutsNow, useLetterKeys } from '../../kernel/keyboard.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import styles from './Help.module.css'
import { shellTexts } from './texts.ts'

/** Every shortcut that works right now, by group. */
export function Help({ onClose }: { onClose: () => void }) {
  const t = useTexts(shellTexts)
  const letters = useLetterKeys()
  const groups = Map.groupBy(shortcutsNow(), (s) => s.group)
  return (
    <Dialog title={t('shortcuts')} open onClose={onClose} size="lg">
      <SwitchField label={t('letterKeys')} checked={letters} onChange={(e) => setLetterKeys(e.currentTarget.checked)} />
      {!letters && <p className="dim small">{t('noLetters')}</p>}
      <div className={styles.groups}>
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={styles.list}>
              {shortcuts.map((s) => (
                <div key={s.keys}>
                  <dt>{s.label}</dt>
                  <dd>
                    <span className="unseen">{s.keys}</span>
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
