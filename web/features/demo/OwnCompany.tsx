import { useTexts } from '../../kernel/i18n.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import styles from './DemoBar.module.css'
import { demoTexts } from './texts.ts'

/** How to begin with an empty desk, beside the sample company and never mixed with it. */
export function OwnCompany({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTexts(demoTexts)
  return (
    <Dialog title={t('ownTitle')} open={open} onClose={onClose}>
      <p>{t('ownText')}</p>
      <ol className={styles.own}>
        <li>{t('ownStop')}</li>
        <li>
          {t('ownStart')}
          <code className={styles.command}>{'DATA_DIR=./my-desk npm start'}</code>
        </li>
        <li>{t('ownLink')}</li>
      </ol>
      <p>{t('ownSteps')}</p>
      <p className="dim">{t('ownBack')}</p>
    </Dialog>
  )
}
