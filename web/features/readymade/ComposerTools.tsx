import { IconBolt, IconClock, IconListCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { Readymade } from '../../../contract/readymade.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { IconButton } from '../../ui/Button.tsx'
import type { Composing } from '../tickets/composing.ts'
import { GuideDialog } from './GuideDialog.tsx'
import { MacroDialog, useMacros } from './MacroDialog.tsx'
import { SendLater } from './SendLater.tsx'
import { readymadeTexts } from './texts.ts'
import { usingTexts } from './using-texts.ts'
import { said } from './words.ts'

/** Macro (M), guide and "Send later" beside the composer's other buttons; each macro is a command of the palette as well. */
export function ComposerTools({ ticket, composing, ready }: { ticket: Ticket; composing: Composing; ready: boolean }) {
  const t = useTexts(usingTexts)
  const [open, setOpen] = useState<'guide' | 'later' | { macro?: string }>()
  const macros = useMacros()
  useShortcut('m', t('macroRun'), useTexts(readymadeTexts)('title'), () => setOpen({}), { on: ticket.can.note })
  const close = () => setOpen(undefined)
  const size = { size: 18, stroke: 1.7 }
  return (
    <>
      <IconButton label={t('macroRun')} keys="m" icon={<IconBolt {...size} />} size={32} onClick={() => setOpen({})} />
      <IconButton label={t('guides')} icon={<IconListCheck {...size} />} size={32} onClick={() => setOpen('guide')} />
      {composing.kind === 'reply' && (
        <IconButton label={t('sendLater')} icon={<IconClock {...size} />} size={32} disabled={!ready} onClick={() => setOpen('later')} />
      )}
      {macros.slice(0, 30).map((macro) => (
        <Command key={macro.id} macro={macro} run={() => setOpen({ macro: macro.id })} />
      ))}
      {open === 'guide' && <GuideDialog ticket={ticket} onClose={close} />}
      {open === 'later' && <SendLater ticket={ticket} composing={composing} onClose={close} />}
      {typeof open === 'object' && <MacroDialog ticket={ticket} first={open.macro} onClose={close} />}
    </>
  )
}

/** No key of a keyboard is called "macro:12": it is found in the palette only. */
function Command({ macro, run }: { macro: Readymade; run: () => void }) {
  const t = useTexts(usingTexts)
  const language = useLanguage()
  useShortcut(`macro:${macro.id}`, t('runNamed', { name: said(macro.name, language) }), useTexts(readymadeTexts)('title'), run)
  return null
}
