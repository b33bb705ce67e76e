import { useTexts } from '../kernel/i18n.ts'
import { Button } from './Button.tsx'
import { Buttons, Dialog } from './Dialog.tsx'
import { uiTexts } from './texts.ts'

export type Question = { title: string; text: string; action: string; danger?: boolean }

export function ConfirmDialog({ asked, onAnswer }: { asked: Question | undefined; onAnswer: (yes: boolean) => void }) {
  const t = useTexts(uiTexts)
  return (
    <Dialog title={asked?.title ?? ''} open={asked !== undefined} onClose={() => onAnswer(false)} size="sm">
      <p>{asked?.text}</p>
      <Buttons>
        <Button onClick={() => onAnswer(false)}>{t('cancel')}</Button>
        <Button look={asked?.danger ? 'danger' : 'main'} data-autofocus onClick={() => onAnswer(true)}>
          {asked?.action}
        </Button>
      </Buttons>
    </Dialog>
  )
}
