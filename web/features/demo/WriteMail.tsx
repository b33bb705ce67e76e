import { IconPencil } from '@tabler/icons-react'
import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { FormProblem, TextArea, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useSample } from './sample.ts'
import { demoTexts } from './texts.ts'

type Props = { from: string; name: string; open: boolean; onTurn: (open: boolean) => void }

/** A new mail to the desk as one of the sample people, through the real mail port. */
export function WriteMail({ from, name, open, onTurn }: Props) {
  const t = useTexts(demoTexts)
  return (
    <>
      <Button icon={<IconPencil size={16} />} onClick={() => onTurn(true)}>
        {t('write')}
      </Button>
      <Dialog title={t('writeAs', { name })} open={open} onClose={() => onTurn(false)}>
        <WriteForm from={from} onDone={() => onTurn(false)} />
      </Dialog>
    </>
  )
}

function WriteForm({ from, onDone }: { from: string; onDone: () => void }) {
  const t = useTexts(demoTexts)
  const desk = useSample().data?.deskAddress ?? ''
  const form = useForm({ subject: '', body: '' })
  const send = useSend('POST /api/demo/mails', {
    onDone: () => {
      toast(t('sent'))
      onDone()
    },
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    send.mutate({ body: { from, ...form.values } })
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField label={t('to')} value={desk} readOnly />
      <TextField label={t('subject')} data-autofocus {...form.text('subject')} />
      <TextArea label={t('text')} minRows={6} {...form.text('body')} />
      <FormProblem text={form.problem} />
      <Buttons>
        <Button look="main" type="submit" busy={send.isPending}>
          {t('send')}
        </Button>
      </Buttons>
    </form>
  )
}
