import type { JournalRow } from '../../../contract/mail.ts'
import { lookUp } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { reasonTexts } from './reason-texts.ts'

/** Why a mail got its verdict, in words; a code that has none yet stands as it is. */
export function useReason(): (row: Pick<JournalRow, 'verdict' | 'reason'>) => string {
  const language = useLanguage()
  return ({ verdict, reason }) =>
    reason === '' ? '' : (lookUp(reasonTexts, `${verdict}.${reason}`, {}, language) ?? lookUp(reasonTexts, reason, {}, language) ?? reason)
}
