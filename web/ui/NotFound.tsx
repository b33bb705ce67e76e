import { IconMapPinOff } from '@tabler/icons-react'
import { useTexts } from '../kernel/i18n.ts'
import { EmptyState } from './States.tsx'
import { uiTexts } from './texts.ts'

export function NotFound() {
  const t = useTexts(uiTexts)
  return (
    <main>
      <EmptyState
        alone
        icon={<IconMapPinOff size={24} />}
        title={t('notFoundTitle')}
        text={t('notFoundText')}
        action={<a href="/">{t('notFoundHome')}</a>}
      />
    </main>
  )
}
