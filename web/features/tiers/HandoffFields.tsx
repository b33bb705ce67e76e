import type { HandoffPart } from '../../../contract/handoff.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { TextArea } from '../../ui/Fields.tsx'
import type { PartValues } from './handoff.ts'
import { tierTexts } from './texts.ts'

type Field = { name: string; value: string; error: string | undefined; onChange: (event: { currentTarget: { value: string } }) => void }
type Props = { asked: readonly HandoffPart[]; text: (name: keyof PartValues) => Field }

/** What the team to which a ticket goes asks for, each part a field of its own. */
export function HandoffFields({ asked, text }: Props) {
  const t = useTexts(tierTexts)
  if (asked.length === 0) return null
  return (
    <>
      <p className="dim small">{t('asksNow')}</p>
      {asked.map((part) => (
        <TextArea key={part} label={t(part)} required minRows={2} maxLength={5000} {...text(`parts.${part}`)} />
      ))}
    </>
  )
}
