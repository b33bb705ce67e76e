import type { VoiceLine } from '../../../contract/emergency.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, SideSheet } from '../../ui/Dialog.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Emergency.module.css'
import { emergencyTexts } from './texts.ts'

export type WithAddress = VoiceLine & { address: string }

/** The address with its key, this once, and what to do with it at the provider. */
export function AddressSheet({ made, onClose }: { made: WithAddress; onClose: () => void }) {
  const t = useTexts(emergencyTexts)
  const copy = () => void navigator.clipboard.writeText(made.address).then(() => void toast(t('copied')))
  return (
    <SideSheet open size="lg" title={t('addressTitle', { name: made.name })} onClose={onClose}>
      <div className="stack">
        <p>{t('addressOnce')}</p>
        <code className={styles.address}>{made.address}</code>
        <div>
          <Button onClick={copy}>{t('copy')}</Button>
        </div>
        <ol className={styles.steps}>
          <li>{t('step1')}</li>
          <li>{t('step2')}</li>
          <li>{t('step3')}</li>
        </ol>
        <Buttons>
          <Button look="main" onClick={onClose}>
            {t('close')}
          </Button>
        </Buttons>
      </div>
    </SideSheet>
  )
}
