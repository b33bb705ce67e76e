import { IconTicket } from '@tabler/icons-react'
import { useTexts } from '../../kernel/i18n.ts'
import { EmptyState } from '../../ui/States.tsx'
import { ticketTexts } from './texts.ts'

export function NoTicket() {
  const t = useTexts(ticketTexts)
  return (
    <div style={{ margin: 'auto' }}>
      <EmptyState icon={<IconTicket size={24} />} title={t('choose')} text={t('chooseText')} />
    </div>
  )
}
