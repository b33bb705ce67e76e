import { useTexts } from '../../kernel/i18n.ts'
import type { Option } from '../../ui/Fields.tsx'
import { PickField } from '../../ui/PickField.tsx'
import { useTickets } from './links.ts'
import { relationTexts } from './texts.ts'

type Props = { label: string; value: Option | null; onChange: (picked: Option | null) => void; error?: string | undefined }

/** Another ticket, by its number or its words. */
export function TicketPick(props: Props) {
  const t = useTexts(relationTexts)
  return <PickField placeholder={t('whichHint')} useOptions={useTickets} autoFocus {...props} />
}
