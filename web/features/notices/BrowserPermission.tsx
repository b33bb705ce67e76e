import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './Choices.module.css'
import { choiceTexts } from './choice-texts.ts'

type Permission = NotificationPermission | 'none'
const permissionNow = (): Permission => ('Notification' in window && window.isSecureContext ? Notification.permission : 'none')

export function BrowserPermission() {
  const t = useTexts(choiceTexts)
  const [permission, setPermission] = useState(permissionNow)
  const ask = async () => {
    await Notification.requestPermission()
    setPermission(permissionNow())
  }
  const text = { default: 'permissionAsk', denied: 'permissionDenied', granted: 'permissionGranted', none: 'permissionNone' } as const
  return (
    <div className={styles.permission} role="status">
      <span className="grow">{t(text[permission])}</span>
      {permission === 'default' && <Button onClick={() => void ask()}>{t('permissionAllow')}</Button>}
    </div>
  )
}
