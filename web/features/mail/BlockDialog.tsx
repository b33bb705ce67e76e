import { type SyntheticEvent, useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { ChoiceField } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { mailTexts } from './texts.ts'

export function BlockDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const t = useTexts(mailTexts)
  const domain = email.slice(email.lastIndexOf('@'))
  const [pattern, setPattern] = useState(email)
  const block = useSend('POST /api/blocked-senders', {
    renews: ['GET /api/blocked-senders'],
    onDone: () => {
      toast(t('blockDone', { pattern }))
      onClose()
    },
    onProblem: toastProblem,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    block.mutate({ body: { pattern } })
  }
  return (
    <Dialog title={t('blockTitle')} open onClose={onClose} size="sm">
      <form className="stack" onSubmit={submit}>
        <p className="dim">{t('blockText')}</p>
        <ChoiceField
          label={t('blockWhat')}
          value={pattern}
          onChange={setPattern}
          options={[
            { value: email, label: t('blockAddress', { address: email }) },
            { value: domain, label: t('blockDomain', { domain }) },
          ]}
        />
        <Buttons>
          <Button look="danger" type="submit" busy={block.isPending}>
            {t('block')}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
