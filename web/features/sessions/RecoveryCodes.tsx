import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Door.module.css'
import { sessionTexts } from './texts.ts'

/** Ten codes, shown once, to copy or to save. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const t = useTexts(sessionTexts)
  const all = `${codes.join('\n')}\n`
  const copy = async () => {
    await navigator.clipboard?.writeText(all)
    toast(t('copied'))
  }
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([all], { type: 'text/plain' }))
    link.download = 'firstline-recovery-codes.txt'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row">
        {window.isSecureContext && <Button onClick={() => void copy()}>{t('copyCodes')}</Button>}
        <Button onClick={save}>{t('download')}</Button>
      </div>
    </>
  )
}
