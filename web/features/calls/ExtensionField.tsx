import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { callTexts } from './texts.ts'

export function ExtensionField() {
  const { data } = useCall('GET /api/me/extension')
  return data ? <Kept key={data.number} number={data.number} /> : null
}

function Kept({ number }: { number: string }) {
  const t = useTexts(callTexts)
  const form = useForm({ number })
  const save = useSend('PUT /api/me/extension', {
    renews: ['GET /api/me/extension'],
    onProblem: form.take,
    onDone: () => void toast(t('saved')),
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    save.mutate({ body: form.values })
  }
  return (
    <Section title={t('extension')}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={t('extension')} hint={t('extensionHint')} type="tel" autoComplete="off" {...form.text('number')} />
        <div>
          <Button type="submit" busy={save.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Section>
  )
}
