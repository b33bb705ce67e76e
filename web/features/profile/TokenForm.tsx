import { type SyntheticEvent, useState } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { CheckField, FieldSet, FormProblem, SelectField, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './Profile.module.css'
import { profileTexts } from './texts.ts'

const ends = ['30', '90', '365', 'never'] as const

/** What the token is for, may do, and until when; then the token itself, once. */
export function TokenForm({ onClose }: { onClose: () => void }) {
  const t = useTexts(profileTexts)
  const form = useForm({ name: '', scopes: '', read: true, write: false, admin: false, expiresInDays: '365' as (typeof ends)[number] })
  const [token, setToken] = useState<string>()
  const make = useSend('POST /api/me/tokens', {
    renews: ['GET /api/me/security'],
    onDone: (made) => setToken(made.token),
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const { name, expiresInDays } = form.values
    const scopes = (['read', 'write', 'admin'] as const).filter((scope) => form.values[scope])
    make.mutate({ body: { name, scopes, expiresInDays: expiresInDays === 'never' ? null : Number(expiresInDays) } })
  }
  if (token !== undefined) return <Once token={token} onClose={onClose} />
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField label={t('tokenName')} data-autofocus {...form.text('name')} />
      <FieldSet title={t('tokenScopes')}>
        <CheckField label={t('scopeRead')} hint={t('scopeReadHint')} {...form.check('read')} />
        <CheckField label={t('scopeWrite')} hint={t('scopeWriteHint')} {...form.check('write')} />
        <CheckField label={t('scopeAdmin')} hint={t('scopeAdminHint')} {...form.check('admin')} />
      </FieldSet>
      <SelectField
        label={t('tokenExpires')}
        options={ends.map((end) => ({ value: end, label: t(end === 'never' ? 'never' : `days${end}`) }))}
        {...form.value('expiresInDays')}
      />
      <FormProblem text={form.problem ?? form.errors.scopes} />
      <Buttons>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" type="submit" busy={make.isPending}>
          {t('tokenMake')}
        </Button>
      </Buttons>
    </form>
  )
}

function Once({ token, onClose }: { token: string; onClose: () => void }) {
  const t = useTexts(profileTexts)
  const copy = async () => {
    await navigator.clipboard.writeText(token)
    toast(t('copied'))
  }
  return (
    <div className="stack" role="status">
      <p>
        <strong>{t('tokenOnce')}</strong>
      </p>
      <code className={styles.token}>{token}</code>
      <p className="dim small">{t('tokenOnceText')}</p>
      <Buttons>
        {window.isSecureContext && <Button onClick={() => void copy()}>{t('copy')}</Button>}
        <Button look="main" onClick={onClose}>
          {t('close')}
        </Button>
      </Buttons>
    </div>
  )
}
