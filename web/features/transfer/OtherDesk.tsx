import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { FormProblem, PasswordField, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { transferTexts } from './texts.ts'

/** Address and token of another desk; they are tried before the next step opens. */
export function OtherDesk({ source, onReady }: { source: 'zammad' | 'glpi'; onReady: (run: { id: string }) => void }) {
  const t = useTexts(transferTexts)
  const form = useForm({ address: '', token: '', appToken: '' })
  const connect = useSend('POST /api/imports', { renews: ['GET /api/imports'], onDone: onReady, onProblem: form.take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { address, token, appToken } = form.values
    connect.mutate({
      body: source === 'zammad' ? { source, address, token } : { source, address, token, appToken: appToken.trim() || null },
    })
  }
  return (
    <Section title={t(`source-${source}`)}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={t('address')} hint={t('addressHint')} type="url" {...form.text('address')} />
        <PasswordField
          label={t('token')}
          hint={t(source === 'zammad' ? 'zammadTokenHint' : 'glpiTokenHint')}
          autoComplete="off"
          {...form.text('token')}
        />
        {source === 'glpi' && (
          <PasswordField label={t('appToken')} hint={t('appTokenHint')} autoComplete="off" {...form.text('appToken')} />
        )}
        <FormProblem text={form.problem} />
        <Buttons>
          <Button look="main" type="submit" busy={connect.isPending}>
            {t('connect')}
          </Button>
        </Buttons>
      </form>
    </Section>
  )
}
